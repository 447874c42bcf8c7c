"""The store's bell: something of an account may have changed. Never what; whoever hears it looks again.

On a server it is LISTEN on a connection of its own, which nothing else uses and which is made again when it is lost.
Where a pooler stands between, no notification comes through; then it rings every few seconds. A file has a counter that
every other connection's commit moves.
"""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from storage.database import Database, Scope
from storage.errors import StoreTrouble
from storage.location import PostgresServer, SqliteFile
from storage.servers import SECONDS, connect

FILE_SECONDS = 0.5
"""Between two looks at a file's counter."""
POLL_SECONDS = 3.0
"""Between two rings where nothing can be heard."""
REST_SECONDS = 0.25
"""After a ring, whatever happens: a flood of changes is heard a few times a second."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Before a lost connection is made again; doubled each time."""
ALIVE_SECONDS = 60.0
"""Of silence, after which the connection is tried: a network may lose it and tell nobody."""
HEARD_WITHIN = 2.0
"""Seconds in which a notification of our own has to come back."""

_MINE = "SELECT private.my_bell()"
_OF = "SELECT channel FROM private.bells WHERE account_id"
"""For the store's owner, who is nobody's person."""
_CHANNEL = re.compile("rfl1_[0-9a-f]{32}")
_NO_SUCH_FUNCTION, _NOBODYS_BELL = "42883", "3F000"


async def rings(database: Database, scope: Scope) -> AsyncIterator[None]:
    """Once at first, then after every change, for ever; a store that is away is waited for."""
    match database.location:
        case SqliteFile() as location:
            heard = _file(location)
        case PostgresServer() as location:
            heard = _server(database, location, scope.account_id)
    async with aclosing(heard) as ringing:
        async for _ in ringing:
            yield
            await asyncio.sleep(REST_SECONDS)


async def ring(database: Database, scope: Scope) -> None:
    """For what is told but not stored in a table that rings by itself."""
    if database.dialect == "postgresql":
        async with database.session() as session:
            channel = await session.scalar(text(_MINE))
            if channel is None:
                channel = await session.scalar(text(f"{_OF} = :account"), {"account": scope.account_id})
            await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})


async def _file(location: SqliteFile) -> AsyncGenerator[None, None]:
    while True:
        with contextlib.suppress(sqlite3.Error), closing(_opened(location)) as file:
            before = -1
            while True:
                now = int(file.execute("PRAGMA data_version").fetchone()[0])
                if now != before:
                    before = now
                    yield
                await asyncio.sleep(FILE_SECONDS)
        await asyncio.sleep(POLL_SECONDS)  # locked, or away: opened again


def _opened(location: SqliteFile) -> sqlite3.Connection:
    return sqlite3.connect(f"{location.path.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)


async def _server(database: Database, location: PostgresServer, account: UUID) -> AsyncGenerator[None, None]:
    import asyncpg

    pause = FIRST_PAUSE
    while True:
        try:
            async with _listening(database, location, account) as (connection, rung):
                pause = FIRST_PAUSE
                yield  # whatever happened while nobody listened
                while not connection.is_closed():
                    try:
                        async with asyncio.timeout(ALIVE_SECONDS):
                            await rung.wait()
                    except TimeoutError:
                        await connection.execute("SELECT", timeout=SECONDS)
                        continue
                    rung.clear()
                    yield
        except _Deaf:
            yield
            await asyncio.sleep(POLL_SECONDS)
            continue
        except (OSError, TimeoutError, StoreTrouble, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass  # whoever wants something of the store is told by that
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


class _Deaf(Exception):
    """Notifications do not come through here, or there is no bell."""


@asynccontextmanager
async def _listening(
    database: Database, location: PostgresServer, account: UUID
) -> AsyncIterator[tuple[Any, asyncio.Event]]:
    """A connection of its own, and what is set when something is heard on it or it is lost."""
    connection = await connect(location)
    rung, own = asyncio.Event(), asyncio.Event()
    try:
        connection.add_termination_listener(lambda *_: rung.set())
        channel, test = await _bell(connection, account), f"rfl1_{uuid4().hex}"
        await connection.add_listener(test, lambda *_: own.set())
        await connection.add_listener(channel, lambda *_: rung.set())
        await _tried(database, test, own)
        yield connection, rung
    finally:
        connection.terminate()


async def _bell(connection: Any, account: UUID) -> str:
    import asyncpg

    try:
        channel = await connection.fetchval(_MINE)
        if channel is None:
            channel = await connection.fetchval(f"{_OF} = $1", account)
    except asyncpg.PostgresError as error:
        if error.sqlstate in {_NO_SUCH_FUNCTION, _NOBODYS_BELL}:
            raise _Deaf from error
        raise
    if channel is None or not _CHANNEL.fullmatch(channel):
        raise _Deaf
    return str(channel)


async def _tried(database: Database, channel: str, own: asyncio.Event) -> None:
    """Raises _Deaf where a notification from another connection does not come back: a pooler forgets who listens."""
    async with database.session() as session:
        await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})
    try:
        async with asyncio.timeout(HEARD_WITHIN):
            await own.wait()
    except TimeoutError:
        raise _Deaf from None
