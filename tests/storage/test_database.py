"""The unit of work on both databases: nothing half stored, nothing lost, trouble told in words."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiosqlite
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

import migrations
from storage.database import Database
from storage.errors import StoreBusy, StoreDamaged, StoreMissing, StoreReadOnly, StoreTrouble, StoreUnreachable
from storage.location import BadLocation, PostgresServer, SqliteFile, parse_location
from storage.tables import Account
from tests.postgres import Server, database_name

NOW = datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


def an_account(name: str = "Acme") -> Account:
    return Account(id=uuid4(), name=name, created_at=NOW)


async def revision(database: Database) -> int:
    async with database.session(read_only=True) as session:
        return (await session.scalars(select(Account.library_revision))).one()


async def test_concurrent_read_and_write_loses_no_update(database: Database) -> None:
    async with database.session() as session:
        session.add(an_account())

    async def count_up() -> None:
        async with database.session() as session:
            row = (await session.scalars(select(Account).with_for_update())).one()
            await asyncio.sleep(0)
            row.library_revision += 1

    await asyncio.gather(*(count_up() for _ in range(40)))
    assert await revision(database) == 40


async def test_two_connections_to_one_file_lose_no_update(sqlite_url: str) -> None:
    """The driver's own transactions begin late and lose most of these."""
    one, other = Database.open(sqlite_url), Database.open(sqlite_url)
    await migrations.upgrade(one)
    async with one.session() as session:
        session.add(an_account())

    async def count_up(database: Database) -> None:
        for _ in range(20):
            async with database.session() as session:
                row = (await session.scalars(select(Account))).one()
                row.library_revision += 1

    await asyncio.gather(count_up(one), count_up(other))
    assert await revision(one) == 40
    await one.dispose()
    await other.dispose()


async def test_an_error_inside_leaves_nothing_behind(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.session() as session:
            session.add(an_account())
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_half_way()
    async with database.session(read_only=True) as session:
        assert (await session.scalars(select(Account))).all() == []


async def test_a_cancelled_transaction_leaves_nothing_behind_and_blocks_nobody(database: Database) -> None:
    async def hang() -> None:
        async with database.session() as session:
            session.add(an_account())
            await session.flush()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0.1)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with database.session() as session:
        session.add(an_account("Other"))
    async with database.session(read_only=True) as session:
        assert [row.name for row in await session.scalars(select(Account))] == ["Other"]


async def test_times_keep_their_zone(database: Database) -> None:
    async with database.session() as session:
        session.add(an_account())
    async with database.session(read_only=True) as session:
        assert (await session.scalars(select(Account.created_at))).one() == NOW


@pytest.mark.parametrize(
    "name", ["nul \x00 in it", "\ud800 alone", "[/][@click=app.quit]x[/]", "\u202e\x1b[2J", "\ue000\ue001"]
)
async def test_hostile_text_comes_back_as_given(database: Database, name: str) -> None:
    async with database.session() as session:
        session.add(an_account(name))
    async with database.session(read_only=True) as session:
        assert (await session.scalars(select(Account.name))).one() == name


async def test_a_new_file_is_for_its_owner_only(sqlite_url: str) -> None:
    before = os.umask(0)
    try:
        database = Database.open(sqlite_url)
        await migrations.upgrade(database)
        async with database.session() as session:
            session.add(an_account())
        assert isinstance(database.location, SqliteFile)
        files = list(database.location.path.parent.glob(database.location.path.name + "*"))
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        await database.dispose()
    finally:
        os.umask(before)


async def test_sqlite_writes_are_flushed_to_the_disk_and_references_are_enforced(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    await migrations.upgrade(database)
    async with database.session(read_only=True) as session:
        pragmas = {name: await session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys")}
        journal = await session.scalar(text("PRAGMA journal_mode"))
    assert (pragmas, journal) == ({"synchronous": 2, "foreign_keys": 1}, "wal")
    await database.dispose()


async def test_opening_makes_no_file(tmp_path: Path) -> None:
    database = Database.open(str(tmp_path / "none.db"))
    with pytest.raises(StoreMissing, match="rfl1 init"):
        async with database.session(read_only=True):
            pass
    assert os.listdir(tmp_path) == []


async def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"this is not a database at all" * 100)
    database = Database.open(str(path))
    with pytest.raises(StoreDamaged):
        async with database.session(read_only=True) as session:
            await session.scalars(select(Account))
    assert path.read_bytes() == b"this is not a database at all" * 100
    await database.dispose()


async def test_a_locked_file_is_told_after_a_while(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.BUSY_TIMEOUT", 0.1)
    holder, other = Database.open(sqlite_url), Database.open(sqlite_url)
    await migrations.upgrade(holder)
    async with holder.session() as session:
        session.add(an_account())
        await session.flush()
        with pytest.raises(StoreBusy):
            async with other.session() as waiting:
                waiting.add(an_account("Other"))
    await holder.dispose()
    await other.dispose()


async def test_a_full_disk_is_told_and_nothing_is_half_stored(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, connections=1)
    await migrations.upgrade(database)
    async with database.driver() as driver:
        pages = (await (await driver.execute("PRAGMA page_count")).fetchone())[0]
        await driver.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreTrouble, match="disk is full"):
        async with database.session() as session:
            session.add_all([an_account(f"{number} " + "x" * 2000) for number in range(50)])
    async with database.session(read_only=True) as session:
        assert (await session.scalars(select(Account))).all() == []
    await database.dispose()


async def test_a_file_that_cannot_be_written_is_told(migrated_sqlite_url: str) -> None:
    """Opened read-only by the driver, which is what a read-only disk or a file of somebody else's comes to."""
    database = Database.open(migrated_sqlite_url, connections=1)
    async with database.driver() as driver:
        await driver.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly, match="Check who owns the file"):
        async with database.session() as session:
            session.add(an_account())
    await database.dispose()


async def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    database = Database.open("postgresql://tech:hunter2@127.0.0.1:1/rfl1")
    with pytest.raises(StoreUnreachable) as told:
        async with database.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))
    assert "postgresql://tech@127.0.0.1:1/rfl1" in str(told.value)
    assert "hunter2" not in str(told.value)
    await database.dispose()


async def test_four_upgrades_at_once_all_end_well(store_url: str) -> None:
    databases = [Database.open(store_url) for _ in range(4)]
    await asyncio.gather(*(migrations.upgrade(database) for database in databases))
    async with databases[0].session() as session:
        session.add(an_account())
    for database in databases:
        await database.dispose()


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
async def test_audit_rows_are_never_changed_or_deleted(database: Database, statement: str) -> None:
    account = an_account()
    async with database.session() as session:
        session.add(account)
        await session.flush()
        values = {"id": uuid4().hex, "account": account.id.hex, "at": NOW.isoformat()}
        await session.execute(
            text(
                "INSERT INTO audit_log (id, account_id, at, action, details)"
                f" VALUES ('{values['id']}', '{values['account']}', '{values['at']}', 'l1.session.resolve', '{{}}')"
            )
        )
    with pytest.raises(Exception, match="never"):
        async with database.session() as session:
            await session.execute(text(statement))


async def test_a_taken_name_is_refused_by_the_database(database: Database) -> None:
    async with database.session() as session:
        session.add(an_account())
    with pytest.raises(IntegrityError):
        async with database.session() as session:
            session.add(an_account())


async def test_an_update_in_a_read_is_not_kept(database: Database) -> None:
    async with database.session() as session:
        session.add(an_account())
    with suppress(StoreReadOnly):  # Postgres says so at once
        async with database.session(read_only=True) as session:
            await session.execute(update(Account).values(library_revision=7))
    assert await revision(database) == 0


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("sqlite:////data/a.db", SqliteFile(Path("/data/a.db"))),
        ("/data/a b.db", SqliteFile(Path("/data/a b.db"))),
        ("postgresql://u:p@h:5433/d", PostgresServer("postgresql://u:p@h:5433/d")),
        ("postgres://u@h/d", PostgresServer("postgresql://u@h/d")),
    ],
)
def test_locations_are_read_as_people_write_them(written: str, found: object) -> None:
    assert parse_location(written) == found


def test_a_relative_path_is_meant_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_location("sqlite:///a.db") == parse_location("a.db") == SqliteFile(tmp_path / "a.db")


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "mysql://h/d",
        "sqlite://",
        "sqlite:///",
        "sqlite:///~nobody-of-that-name/a.db",
        "~nobody-of-that-name/a.db",
        "postgresql+asyncpg://h/d",
        "postgresql://a..b/d",
        f"postgresql://{'a' * 70}/d",
        "postgresql://h/\udcff",
        "a\x00b",
    ],
)
def test_what_is_no_location_is_refused(written: str) -> None:
    with pytest.raises(BadLocation):
        parse_location(written)


def test_a_password_is_never_in_the_name_of_a_store() -> None:
    assert str(PostgresServer("postgresql://u:secret@h:5/d?sslmode=require")) == "postgresql://u@h:5/d"


async def test_a_transaction_cancelled_at_any_statement_leaves_the_file_free(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver's thread goes on with what was cancelled: its lock must not stay."""
    database = Database.open(migrated_sqlite_url)
    at, task = 0, asyncio.current_task()
    run: Callable[..., Coroutine[Any, Any, Any]] = aiosqlite.Connection._execute

    async def cancelled_on_time(self: aiosqlite.Connection, *arguments: Any, **options: Any) -> Any:
        nonlocal at
        at -= 1
        if at == 0 and task is not None:
            asyncio.get_running_loop().call_soon(task.cancel)
        return await run(self, *arguments, **options)

    async def write() -> None:
        async with database.session() as session:
            (await session.scalars(select(Account))).all()
            session.add(an_account(str(uuid4())))
            await session.flush()

    monkeypatch.setattr(aiosqlite.Connection, "_execute", cancelled_on_time)
    cancelled = 0
    for number in range(1, 30):
        task = asyncio.create_task(write())
        at = number
        try:
            await task
        except asyncio.CancelledError:
            cancelled += 1
        at = 0
        other = sqlite3.connect(migrated_sqlite_url.removeprefix("sqlite:///"), isolation_level=None, timeout=0.5)
        other.execute("BEGIN IMMEDIATE")
        other.close()
    assert cancelled > 5
    await database.dispose()


async def test_connections_that_the_server_closed_are_replaced_before_they_are_used(
    migrated_postgres_url: str, postgres_server: Server
) -> None:
    database = Database.open(migrated_postgres_url)

    async def ask() -> None:
        async with database.driver() as driver:
            assert await driver.fetchval("SELECT 1") == 1

    await asyncio.gather(*(ask() for _ in range(4)))
    name = database_name(migrated_postgres_url)
    end_them = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    await asyncio.to_thread(postgres_server.execute, end_them)
    await asyncio.sleep(0.2)
    await asyncio.gather(*(ask() for _ in range(4)))
    await database.dispose()


@pytest.mark.parametrize("written", ["postgresql://h:x/d", "postgresql://h:99999/d", "postgresql://h:0/d"])
def test_a_port_that_cannot_be_one_is_refused(written: str) -> None:
    with pytest.raises(BadLocation):
        parse_location(written)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
async def test_what_is_no_file_is_told_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "store.db")
    database = Database.open(str(tmp_path / "store.db"))
    with pytest.raises(StoreUnreachable, match="is no file"):
        async with database.session(read_only=True):
            pass


@pytest.mark.parametrize("options", ["-x", "abc", "-c%20statement_timeout%3Dabc", "-c%20role%3Dnobody", "-c%20no%3D1"])
async def test_options_that_the_server_refuses_are_a_mistake_in_the_address(postgres_url: str, options: str) -> None:
    database = Database.open(f"{postgres_url}?options={options}")
    with pytest.raises(StoreUnreachable, match="question mark"):
        async with database.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))
    await database.dispose()


async def test_a_file_that_was_taken_away_meanwhile_is_gone_and_found_again(sqlite_url: str) -> None:
    """Whoever is told to make another one would lose what is in it."""
    path = sqlite_url.removeprefix("sqlite:///")
    SqliteFile(Path(path)).create()
    database = Database.open(sqlite_url)
    async with database.session(read_only=True):
        pass
    os.rename(path, f"{path}.away")
    with pytest.raises(StoreUnreachable, match=r"is gone. Put the file back"):
        async with database.session():
            pass
    os.rename(f"{path}.away", path)
    async with database.session(read_only=True):
        pass
    await database.dispose()


async def test_an_address_may_ask_for_encryption(postgres_url: str) -> None:
    """The test server has none: the address is understood, and the answer is about the server."""
    database = Database.open(postgres_url + "?sslmode=require")
    with pytest.raises(StoreTrouble):
        async with database.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))
    await database.dispose()
    wrong = Database.open(postgres_url + "?sslmode=perhaps")
    with pytest.raises(StoreTrouble, match="question mark"):
        async with wrong.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))
    await wrong.dispose()
    plain = Database.open(postgres_url + "?sslmode=prefer")
    async with plain.session(read_only=True) as session:
        assert await session.scalar(text("SELECT 1")) == 1
    await plain.dispose()
