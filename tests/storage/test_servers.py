"""Connections to a server as people have them: through a pooler, with what libpq reads, over TLS."""

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest
from sqlalchemy import select, text

from services.team.accounts import Accounts
from storage import servers
from storage.database import Database
from storage.errors import StoreBusy, StoreUnreachable
from storage.location import PostgresServer
from storage.schema import current
from storage.servers import Pooled, connect, connect_straight
from storage.tables import SCHEMA, User
from tests.network import network
from tests.services.people import ManualClock
from tests.storage.pooler import pooler


@pytest.mark.parametrize("strict", [True, False], ids=["refuses settings", "ignores settings"])
async def test_behind_a_pooler_nothing_is_lost_between_transactions(migrated_postgres_url: str, strict: bool) -> None:
    async with pooler(migrated_postgres_url, strict=strict) as url:
        database = Database.open(url)
        owner = (await Accounts(database, ManualClock()).establish("Acme", "olga")).owner

        async def look() -> None:
            async with database.reading(owner) as read:
                for _ in range(3):
                    assert (await read.session.scalars(select(User.name))).all() == ["olga"]
            async with database.driver() as driver:
                for number in range(3):
                    assert (
                        await driver.fetchval("SELECT $1::integer FROM users WHERE name = $2", number, "olga") == number
                    )

        for _ in range(3):
            await asyncio.gather(*(look() for _ in range(6)))
        await database.dispose()


async def test_straight_to_the_server_settings_hold_and_statements_are_kept(migrated_postgres_url: str) -> None:
    database = Database.open(migrated_postgres_url, connections=1)
    async with database.session() as session:
        assert await session.scalar(text("SHOW lock_timeout")) == "5s"
    for _ in range(2):
        async with database.driver() as driver:
            await driver.fetchval("SELECT 4711")
    async with database.driver() as driver:
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 4711'"
        assert await driver.fetchval(kept) == 1
    await database.dispose()


async def test_a_pooler_is_told_from_a_server(migrated_postgres_url: str) -> None:
    for strict in (True, False):
        async with pooler(migrated_postgres_url, strict=strict) as url:
            with pytest.raises(Pooled):
                await connect_straight(PostgresServer(url))
            connection = await connect(PostgresServer(url))
            assert await connection.fetchval("SELECT 1") == 1
            await connection.close()
    connection = await connect_straight(PostgresServer(migrated_postgres_url))
    await connection.close()


async def test_what_libpq_reads_is_read_here(
    migrated_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = urlsplit(migrated_postgres_url)
    name, port = parts.path.removeprefix("/"), parts.port or 5432
    password = tmp_path / "pgpass"
    password.write_text(f"{parts.hostname}:{port}:{name}:{parts.username}:{unquote(parts.password or '')}\n")
    password.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(password))
    monkeypatch.setenv("PGHOST", parts.hostname or "")
    monkeypatch.setenv("PGPORT", str(port))
    monkeypatch.setenv("PGUSER", parts.username or "")
    await _works(f"postgresql:///{name}")
    service = tmp_path / "services.conf"
    service.write_text(f"[calls]\nhost={parts.hostname}\nport={port}\ndbname={name}\nuser={parts.username}\n")
    for variable in ("PGHOST", "PGPORT", "PGUSER"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    await _works("postgresql:///?service=calls")
    monkeypatch.setenv("PGSERVICE", "calls")
    await _works("postgresql://")


async def test_a_server_without_tls_is_refused_to_whoever_wants_it(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "require")
    database = Database.open(migrated_postgres_url)
    with pytest.raises(StoreUnreachable):
        await current(database)
    await database.dispose()
    monkeypatch.setenv("PGSSLMODE", "prefer")
    await _works(migrated_postgres_url)


async def _works(url: str) -> None:
    database = Database.open(url)
    assert await current(database) == SCHEMA
    await database.dispose()


async def test_a_connection_that_a_pooler_gives_can_be_closed_by_it(migrated_postgres_url: str) -> None:
    async with pooler(migrated_postgres_url, strict=True) as url:
        connection = await connect(PostgresServer(url))
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.fetchval("SELECT 1 FROM nowhere")
        assert await connection.fetchval("SELECT 2") == 2
        await connection.close()


@pytest.mark.parametrize("barely", [False, True])
async def test_a_network_that_swallows_what_it_is_given_is_told_in_one_line(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch, barely: bool
) -> None:
    monkeypatch.setattr(servers, "SECONDS", 1)
    async with network(migrated_postgres_url) as between:
        database = Database.open(between.url, silence=0.5)

        async def ask() -> None:
            if barely:
                async with asyncio.timeout(60), database.driver() as driver:
                    await driver.fetchval("SELECT 1")
            else:
                async with asyncio.timeout(60), database.session(read_only=True) as session:
                    await session.execute(text("SELECT 1"))

        await ask()
        between.swallow()
        with pytest.raises(StoreUnreachable, match="it does not answer"):
            await ask()
        await ask()  # by another connection
        await asyncio.gather(*(ask() for _ in range(6)))
        between.hold()
        for told in await asyncio.gather(*(ask() for _ in range(6)), return_exceptions=True):
            assert isinstance(told, StoreUnreachable | StoreBusy)
        between.mend()
        await asyncio.gather(*(ask() for _ in range(6)))
        await database.dispose()
