"""The store's own commands: what it is at, is it sound, a copy of it."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.tables import SCHEMA
from tests.rfl1.conftest import Run


def _execute(url: str, *statements: str) -> None:
    async def work() -> None:
        database = Database.open(url)
        async with database.session() as session:
            for statement in statements:
                await session.execute(text(statement))
        await database.dispose()

    asyncio.run(work())


@pytest.mark.parametrize(("at", "title"), [("0000", "older"), ("9999", "newer")])
def test_a_store_of_another_version_is_not_worked_with(store: str, run: Run, at: str, title: str) -> None:
    _execute(store, f"UPDATE alembic_version SET version_num = '{at}'")
    for command in ("queue", "intake x", "stats", "init", "db check"):
        ran = run(*command.split())
        assert (ran.status, ran.out) == (3, ""), command
        assert f"The store is {title} than this program" in ran.err
    assert run("db", "current", "--json").json == {"current": at, "needed": SCHEMA, "ok": False}


def test_a_current_store_says_so(store: str, run: Run) -> None:
    assert run("db", "current", "--json").json == {"current": SCHEMA, "needed": SCHEMA, "ok": True}
    assert run("db", "check", "--json").json == {"ok": True, "damage": []}
    assert run("db", "upgrade").status == 0


def test_an_empty_postgres_is_set_up_and_then_begun(postgres_url: str, run: Run) -> None:
    assert run("--db", postgres_url, "db", "current", "--json").json["current"] is None
    ran = run("--db", postgres_url, "queue")
    assert (ran.status, "rfl1 init" in ran.err) == (3, True)
    assert run("--db", postgres_url, "db", "setup").status == 0
    assert run("--db", postgres_url, "init", "--no-starter").status == 0
    assert run("--db", postgres_url, "queue", "--json").json == []


def test_damage_is_found(sqlite_store: str, run: Run) -> None:
    path = sqlite_store.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("INSERT INTO account_settings VALUES ('ffffffffffffffffffffffffffffffff', 'x', '1')")
    ran = run("db", "check", "--json")
    assert ran.status == 3
    assert "account_settings" in ran.json["damage"][0]


def test_a_missing_table_is_found(store: str, run: Run) -> None:
    _execute(store, "DROP TABLE notifications")
    assert run("db", "check", "--json").json["damage"] == ["the table notifications is missing"]


def test_a_store_in_pieces_is_told_in_one_line(store: str, run: Run) -> None:
    _execute(store, "ALTER TABLE sessions RENAME TO elsewhere")
    for command in ("queue", "sessions list", "stats", "intake x --adhoc", "flows list"):
        ran = run(*command.split())
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1), command
        assert ran.err.startswith("The store is damaged"), command


def test_init_leaves_another_programs_file_alone(run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "theirs.db") as theirs:
        theirs.execute("CREATE TABLE accounts (login TEXT)")
    theirs.close()
    before = (tmp_path / "theirs.db").read_bytes()
    for command in ("init", "queue", "db upgrade", "db current"):
        ran = run("--db", tmp_path / "theirs.db", *command.split())
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1), command
    assert (tmp_path / "theirs.db").read_bytes() == before


def test_a_backup_is_a_whole_store_for_its_owners_eyes(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    session_id = run("intake", "printer", "--adhoc", "--json").json["session_id"]
    copy = tmp_path / "copy.db"
    made = run("db", "backup", copy)
    assert (made.status, made.out) == (0, f"The copy is {copy}; `rfl1 --db {copy}` opens it.\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("sessions", "show", session_id, "--json", "--db", copy).json["id"] == session_id
    again = run("db", "backup", copy)
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert run("db", "backup", tmp_path / "no" / "where.db").status == 3
