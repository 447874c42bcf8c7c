"""The engine and the unit of work: one transaction a user action, short, committed at the end or not at all.

`reading` and `transaction` give different types, so that a write inside a read is a type error. On SQLite a writing
transaction begins IMMEDIATE (a deferred one loses updates silently) and writers of one process queue in a lock
instead of polling the file.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker

from storage.bell import Bell
from storage.engines import POOLED, READ_ONLY, make_engine
from storage.errors import StoreMissing, StoreUnreachable
from storage.faults import translate
from storage.location import Location, parse_location
from storage.servers import SILENCE
from storage.tables import Owned, Step

T = TypeVar("T")

_ENOUGH_TO_SPARE_ONE = 3
"""So many connections are there at least, where one of them is kept for the bare driver."""

_ONE_MOMENT: Mapping[str, dict[str, Any]] = {
    "sqlite": {READ_ONLY: True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""Every statement of a read sees the same state of the store."""


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

    def __init__(self, location: Location, *, connections: int = 4, silence: float | None = SILENCE) -> None:
        """A server that says nothing for `silence` seconds is away; with None it is waited for, whatever it does."""
        self.location = location
        self.dialect = location.dialect
        self.engine = make_engine(location, connections, silence)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._faults = _Faults(location)
        self._bell = Bell(self.driver)
        self._spare: list[tuple[AsyncConnection, Any]] = []
        self._spares = connections >= _ENOUGH_TO_SPARE_ONE
        self._writers = asyncio.Lock() if self.dialect == "sqlite" else nullcontext()

    @classmethod
    def open(cls, written: str, *, connections: int = 4, silence: float | None = SILENCE) -> "Database":
        return cls(parse_location(written), connections=connections, silence=silence)

    async def dispose(self) -> None:
        await self._bell.close()
        while self._spare:
            await self._spare.pop()[0].close()
        await self.engine.dispose()

    def ring(self, scope: Scope) -> None:
        """After a change of which the other terminals of the account are not told by the database itself. A file tells
        of every change."""
        if self.dialect == "postgresql":
            self._bell.ring(scope.account_id)

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
                    await session.connection(execution_options=_ONE_MOMENT[self.dialect])
                yield session
                if read_only:
                    session.expunge_all()  # a rollback would make what was read stale
                    await session.rollback()
                else:
                    await session.commit()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        """The bare driver's connection (aiosqlite or asyncpg), for the one statement that has to be as fast as that.

        No transaction is open, unless a pooler would hand the next message to another backend; on SQLite the process's
        other writers wait meanwhile. Whoever is inside must not be cancelled half way: see `unbroken`.
        """
        with self.faults():
            async with self._writers:
                connection, driver = await self._driven()
                try:
                    pooled = POOLED in connection.sync_connection.info  # type: ignore[union-attr]  # it is open
                    async with driver.transaction() if pooled else nullcontext():
                        yield driver
                    if self._spares and not self._spare and self.dialect == "postgresql" and not pooled:
                        self._spare.append((connection, driver))
                        return
                except BaseException as error:
                    if isinstance(error, TimeoutError):  # whoever gets it next would wait for nothing again
                        await connection.invalidate()
                    await connection.close()
                    raise
                await connection.close()

    async def _driven(self) -> tuple[AsyncConnection, Any]:
        """One that was kept, while it lives; taking one out of the pool and giving it back takes longer than a step."""
        while self._spare:
            connection, driver = self._spare.pop()
            if not driver.is_closed():
                return connection, driver
            await connection.close()
        connection = await self.engine.connect()
        return connection, (await connection.get_raw_connection()).driver_connection

    def faults(self) -> "_Faults":
        return self._faults


async def unbroken(doing: Coroutine[Any, Any, T]) -> T:
    """Finishes what was begun even where the caller is cancelled; the cancellation follows after it, and what went
    wrong meanwhile has nobody left to be told."""
    task = asyncio.create_task(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # looked at, or asyncio prints its traceback
        raise


class _Faults:
    """Turns what drivers raise into trouble that names the store; everything else passes."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._was_there = False

    def __enter__(self) -> None:
        try:
            self._location.require()
        except StoreMissing as missing:
            if not self._was_there:
                raise
            gone = StoreUnreachable(f"{self._location} is gone", "Put the file back; until then nothing is stored.")
            raise gone from missing
        self._was_there = True

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        if error is not None and (trouble := translate(error, str(self._location))):
            raise trouble from error
