"""The engine and the unit of work: one transaction a user action, short, committed at the end or not at all.

`reading` and `transaction` give different types, so that a write inside a read is a type error. On SQLite a writing
transaction begins IMMEDIATE (a deferred one loses updates silently) and writers of one process queue in a lock
instead of polling the file.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from storage.faults import translate
from storage.location import Location, PostgresServer, SqliteFile, parse_location
from storage.tables import Owned, Step

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process's write on SQLite."""

_SERVER_SETTINGS = {
    "application_name": "rfl1",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}


class Scope(Protocol):
    """On whose behalf: every statement is kept within this account."""

    @property
    def account_id(self) -> UUID: ...


class Reading:
    """A read-only look at one moment of one account's data."""

    def __init__(self, session: AsyncSession, scope: Scope) -> None:
        self.session = session
        self.scope = scope

    @property
    def account_id(self) -> UUID:
        return self.scope.account_id


class Transaction(Reading):
    """The same, with the right to write."""

    def add(self, *rows: Owned | Step) -> None:
        """New rows, of this account whatever they say."""
        for row in rows:
            row.account_id = self.account_id
        self.session.add_all(rows)

    async def flush(self) -> None:
        """Sends what was added, so that the database can refuse it here."""
        await self.session.flush()


class Database:
    """One store. Opening makes no connection; `dispose` must be awaited before the loop ends."""

    def __init__(self, location: Location, *, connections: int = 4) -> None:
        self.location = location
        self.dialect = location.dialect
        self.engine = _engine(location, connections)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._writers = asyncio.Lock() if self.dialect == "sqlite" else nullcontext()

    @classmethod
    def open(cls, written: str, *, connections: int = 4) -> "Database":
        return cls(parse_location(written), connections=connections)

    async def dispose(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Reading]:
        async with self.session(read_only=True) as session:
            yield Reading(session, scope)

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Transaction]:
        async with self.session() as session:
            yield Transaction(session, scope)

    @asynccontextmanager
    async def session(self, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
        """A session in a transaction that is committed on leaving; trouble with the store is raised as such."""
        with self.faults():
            async with nullcontext() if read_only else self._writers, self._sessions() as session:
                if read_only:
                    await session.connection(execution_options={"rfl1_read_only": True})
                yield session
                await session.commit()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        """The bare driver's connection (aiosqlite or asyncpg), for the one statement that has to be as fast as that.

        No transaction is open; on SQLite the process's other writers wait meanwhile.
        """
        with self.faults():
            async with self._writers, self.engine.connect() as connection:
                yield (await connection.get_raw_connection()).driver_connection

    def faults(self) -> "_Faults":
        return _Faults(self.location)


class _Faults:
    """Turns what drivers raise into trouble that names the store; everything else passes."""

    def __init__(self, location: Location) -> None:
        self._location = location

    def __enter__(self) -> None:
        self._location.require()

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        if error is not None and (trouble := translate(error, str(self._location))):
            raise trouble from error


def _engine(location: Location, connections: int) -> AsyncEngine:
    match location:
        case SqliteFile():
            return _sqlite_engine(location, connections)
        case PostgresServer():
            return create_async_engine(
                "postgresql+asyncpg://" + location.url.partition("://")[2],
                pool_size=connections,
                max_overflow=0,
                pool_recycle=1800,
                connect_args={"server_settings": _SERVER_SETTINGS, "timeout": 5},
            )


def _sqlite_engine(location: SqliteFile, connections: int) -> AsyncEngine:
    # Every user of a connection ends its own transaction; the pool's own rollback would be one more hop a step.
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        pool_size=connections,
        max_overflow=0,
        poolclass=AsyncAdaptedQueuePool,
        pool_reset_on_return=None,
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def existing_file_only(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        arguments[:] = [location.path.as_uri() + "?mode=rw"]
        options.update(uri=True, isolation_level=None, timeout=BUSY_TIMEOUT)

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("rfl1_read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
