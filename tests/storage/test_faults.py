"""What is wrong with a store, or with the way to it, is told as what it is; nobody is left with a driver's words."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from storage.database import Database, unbroken
from storage.errors import StoreBusy, StoreDamaged, StoreForeign, StoreMissing, StoreTrouble, StoreUnreachable
from storage.schema import current, require_current
from storage.tables import Account, AccountSetting
from tests.postgres import Server, database_name

NOW = datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


async def changed(database: Database, *statements: str) -> None:
    async with database.session() as session:
        for statement in statements:
            await session.execute(text(statement))


def spoil(path: Path) -> None:
    whole = path.read_bytes()
    assert b"CREATE TABLE steps" in whole
    path.write_bytes(whole.replace(b"CREATE TABLE steps", b"CREATE \xff\xfe\xff\xfe\xff steps"))


@pytest.mark.parametrize(
    "statement", ["DROP TABLE audit_log", "ALTER TABLE notifications RENAME TO elsewhere"], ids=["dropped", "renamed"]
)
async def test_a_missing_table_is_damage(database: Database, statement: str) -> None:
    await changed(database, statement)
    with pytest.raises(StoreDamaged, match="rfl1 db check"):
        async with database.session(read_only=True) as session:
            await session.execute(text("SELECT * FROM audit_log, notifications"))


async def test_a_missing_column_is_damage(database: Database) -> None:
    await changed(database, "ALTER TABLE accounts RENAME COLUMN library_revision TO revision")
    with pytest.raises(StoreDamaged):
        async with database.session(read_only=True) as session:
            (await session.scalars(select(Account))).all()


async def test_a_document_that_cannot_be_read_is_damage(database: Database) -> None:
    account = Account(id=uuid4(), name="Acme", created_at=NOW)
    async with database.session() as session:
        session.add(account)
        await session.flush()
        session.add(AccountSetting(account_id=account.id, key="x", value=1))
    await changed(database, "UPDATE account_settings SET value = '{{{'")
    with pytest.raises(StoreDamaged, match="a document in it cannot be read"):
        async with database.session(read_only=True) as session:
            (await session.scalars(select(AccountSetting))).all()


@pytest.mark.parametrize("value", ["'yesterday'", "CAST(x'ff80' AS TEXT)"], ids=["no time", "no text"])
async def test_a_value_that_cannot_be_read_is_damage(migrated_sqlite_url: str, value: str) -> None:
    database = Database.open(migrated_sqlite_url)
    async with database.session() as session:
        session.add(Account(id=uuid4(), name="Acme", created_at=NOW))
    await changed(database, f"UPDATE accounts SET created_at = {value}")
    with pytest.raises(StoreDamaged):
        async with database.session(read_only=True) as session:
            (await session.scalars(select(Account))).all()
    await database.dispose()


@pytest.mark.parametrize("value", ["'nobody'", "''", "7", "x'ff80'"])
async def test_an_id_that_is_none_is_damage(migrated_sqlite_url: str, value: str) -> None:
    database = Database.open(migrated_sqlite_url)
    async with database.session() as session:
        session.add(Account(id=uuid4(), name="Acme", created_at=NOW))
    await changed(database, f"UPDATE accounts SET id = {value}")
    with pytest.raises(StoreDamaged, match="an id in it cannot be read"):
        async with database.session(read_only=True) as session:
            (await session.scalars(select(Account))).all()
    await database.dispose()


async def test_damage_in_a_tables_own_definition_is_damage(migrated_sqlite_url: str) -> None:
    """The driver cannot even decode what SQLite says about it."""
    spoil(Path(migrated_sqlite_url.removeprefix("sqlite:///")))
    database = Database.open(migrated_sqlite_url)
    with pytest.raises(StoreDamaged):
        await require_current(database)
    await database.dispose()


async def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE bookmarks (url TEXT)")
    theirs.close()
    before = path.read_bytes()
    database = Database.open(str(path))
    with pytest.raises(StoreForeign, match="another program"):
        await require_current(database)
    assert path.read_bytes() == before
    await database.dispose()


async def test_a_store_that_is_at_two_versions_is_damage(database: Database) -> None:
    await changed(database, "INSERT INTO alembic_version VALUES ('0000')")
    with pytest.raises(StoreDamaged, match="0000 and "):
        await current(database)


async def test_a_database_that_is_not_there_is_a_missing_store(postgres_url: str) -> None:
    database = Database.open(postgres_url + "x")
    with pytest.raises(StoreMissing, match="rfl1 db setup"):
        await current(database)
    await database.dispose()


async def test_a_server_with_no_connection_left_is_busy(postgres_server: Server, postgres_url: str) -> None:
    limit = f'ALTER DATABASE "{database_name(postgres_url)}" CONNECTION LIMIT 0'
    await asyncio.to_thread(postgres_server.execute, limit)
    database = Database.open(postgres_url)
    with pytest.raises(StoreBusy, match="Every connection"):
        await current(database)
    await database.dispose()


async def test_a_connection_lost_within_a_transaction_is_told_as_that(
    migrated_postgres_url: str, postgres_server: Server
) -> None:
    name = database_name(migrated_postgres_url)
    end_them = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    database = Database.open(migrated_postgres_url)

    async def work(begun: asyncio.Barrier, ended: asyncio.Event) -> None:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
            await begun.wait()
            await ended.wait()
            await session.execute(text("SELECT 1"))

    begun, ended = asyncio.Barrier(5), asyncio.Event()
    working = [asyncio.create_task(work(begun, ended)) for _ in range(4)]
    await begun.wait()
    await asyncio.to_thread(postgres_server.execute, end_them)
    ended.set()
    for told in await asyncio.gather(*working, return_exceptions=True):
        assert isinstance(told, StoreUnreachable)
        assert "cannot switch" not in str(told)
    await database.dispose()


async def test_what_is_finished_after_a_cancellation_fails_in_silence() -> None:
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
    going = asyncio.Event()

    async def fail() -> None:
        going.set()
        await asyncio.sleep(0.01)
        raise StoreTrouble

    task = asyncio.create_task(unbroken(fail()))
    await going.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    await asyncio.sleep(0)
    assert told == []
