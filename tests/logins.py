"""A store on Postgres where everybody who acts does so with their own login, though a test gives one database to all.

What a service does on behalf of an actor, the server does as that actor's login, held to row level security and the
grants. What is done on nobody's behalf (finding out who acts, a look past the services) it does as the store's owner.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database, Reading, Scope, Transaction
from storage.location import parse_location
from storage.logins import new_login
from storage.walks import StepWrite, append_step

SUPERUSERS: dict[str, str] = {}
"""By the address of a store as its owner: the same for a superuser. The fixtures of the stores fill it."""

_acting: ContextVar[UUID | None] = ContextVar("_acting", default=None)


class LoginsDatabase(Database):
    """`url` is a superuser's, who may act as any role; `owner` is the role that the store belongs to."""

    def __init__(self, url: str, owner: str, *, connections: int = 4) -> None:
        super().__init__(parse_location(url), connections=connections)
        self._owner = owner
        self._logins: dict[UUID, str] = {}

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Reading]:
        with _as(scope):
            async with super().reading(scope) as read:
                yield read

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Transaction]:
        with _as(scope):
            async with super().transaction(scope) as tx:
                yield tx

    @asynccontextmanager
    async def session(self, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
        login = await self._login()
        async with super().session(read_only=read_only) as session:
            await session.execute(text(f'SET LOCAL SESSION AUTHORIZATION "{login}"'))
            yield session

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        login = await self._login()
        async with super().driver() as driver:
            await driver.execute(f'SET SESSION AUTHORIZATION "{login}"')
            try:
                yield driver
            finally:
                await driver.execute("RESET SESSION AUTHORIZATION")

    async def _login(self) -> str:
        """Of whoever acts; one is made for people who have none, and nobody's is the owner's."""
        person = _acting.get()
        if person is None:
            return self._owner
        if person not in self._logins:
            self._logins[person] = await self._made(person) or self._owner
        return self._logins[person]

    async def _made(self, person: UUID) -> str | None:
        connection = await asyncpg.connect(self.location.url)  # type: ignore[union-attr]
        try:
            await connection.execute(f'SET SESSION AUTHORIZATION "{self._owner}"')
            login: str | None = await connection.fetchval(
                "UPDATE users SET login = coalesce(login, $2) WHERE id = $1 AND active RETURNING login",
                person,
                new_login(),
            )
            if login is not None:
                await connection.execute("SELECT private.give_login($1, NULL)", person)
            return login
        finally:
            await connection.close()


def with_login(url: str, login: str, password: str) -> str:
    """The address for somebody else."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{login}:{quote(password)}@{host}").geturl()


def open_for_people(url: str, *, connections: int = 4) -> Database:
    """As `Database.open`; on Postgres everybody acts by their own login, where the server lets tests do that."""
    if url not in SUPERUSERS:
        return Database.open(url, connections=connections)
    return LoginsDatabase(SUPERUSERS[url], unquote(urlsplit(url).username or ""), connections=connections)


async def append_as_themselves(database: Database, write: StepWrite) -> bool:
    """`append_step` by the login of whoever takes the step."""
    with _as(_Person(write.account_id, write.by)):
        return await append_step(database, write)


class _Person(NamedTuple):
    account_id: UUID
    user_id: UUID


class _as:  # noqa: N801  # reads as a word
    def __init__(self, scope: Scope) -> None:
        self._person: UUID | None = getattr(scope, "user_id", None) or _acting.get()

    def __enter__(self) -> None:
        self._token = _acting.set(self._person)

    def __exit__(self, *_error: object) -> None:
        _acting.reset(self._token)
