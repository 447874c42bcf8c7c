"""A store as a whole: backed up, brought back, moved up to a server."""

import stat
from pathlib import Path

from tests import postgres
from tests.rfl1.conftest import Run


def _call(run: Run, *more: str) -> str:
    session_id: str = run("intake", "printer \udcff [b]x[/b]", "--adhoc", *more, "--json").json["session_id"]
    return session_id


def test_a_local_store_moves_up_and_every_row_arrives(sqlite_store: str, postgres_url: str, run: Run) -> None:
    session_id = _call(run)
    flows, audit = run("flows", "list", "--json").json, run("audit", "--json").json
    ran = run("db", "copy", sqlite_store, postgres_url, "--account", "Northwind", "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["rows"]["accounts"], ran.json["rows"]["users"], ran.json["rows"]["sessions"]) == (1, 3, 1)
    there = ("--db", postgres_url)
    assert run("sessions", "show", session_id, "--json", *there).json["id"] == session_id
    assert run("flows", "list", "--json", *there).json == flows
    assert run("audit", "--json", *there).json == audit
    again = run("db", "copy", sqlite_store, postgres_url, "--account", "Another name")
    assert (again.status, again.err.count("\n")) == (1, 1)
    assert "copied there before" in again.err


def test_an_account_that_is_there_is_not_mixed_with_another(sqlite_store: str, postgres_store: str, run: Run) -> None:
    before = run("users", "list", "--json", "--db", postgres_store).json
    ran = run("db", "copy", sqlite_store, postgres_store)
    assert (ran.status, "--account" in ran.err) == (1, True)
    assert run("users", "list", "--json", "--db", postgres_store).json == before
    assert run("db", "copy", sqlite_store, postgres_store, "--account", "Second").status == 0
    people = run("users", "list", "--json", "--db", postgres_store, "--as", "Second/olga").json
    assert [each["name"] for each in people] == [each["name"] for each in before]


def test_a_server_is_backed_up_into_a_store_of_its_own_and_brought_back(
    postgres_store: str, postgres_server: postgres.Server, run: Run, tmp_path: Path
) -> None:
    session_id, copy = _call(run), tmp_path / "copy.db"
    sam = run("users", "add", "sam", "--role", "l1_tech", "--json").json
    assert run("db", "backup", copy).status == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("sessions", "show", session_id, "--json", "--db", copy).json["id"] == session_id
    assert (run("db", "backup", copy).status, run("db", "restore", copy).status) == (1, 1)
    empty = postgres_server.create_database()
    try:
        assert run("db", "restore", copy, "--db", empty).status == 0
        assert run("audit", "--json", "--db", empty).json == run("audit", "--json").json
        assert run("users", "list", "--json", "--db", empty).json[-1]["login"] == sam["login"]
    finally:
        postgres_server.drop_database(empty)


def test_a_file_is_brought_back_where_there_is_none(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    session_id, copy, new = _call(run), tmp_path / "copy.db", tmp_path / "new" / "store.db"
    assert run("db", "backup", copy).status == 0
    assert run("db", "restore", copy).status == 1  # there is one
    assert run("db", "restore", copy, "--db", new).status == 0
    assert run("sessions", "show", session_id, "--json", "--db", new).json["id"] == session_id
    assert run("db", "restore", tmp_path / "nowhere.db", "--db", new).status == 3


def test_a_copy_of_what_one_person_sees_is_no_backup(postgres_store: str, run: Run, tmp_path: Path) -> None:
    sam = run("users", "add", "sam", "--role", "admin", "--json").json
    ran = run("db", "backup", tmp_path / "copy.db", "--db", sam["connect"])
    assert ran.status in {1, 3}
    assert not (tmp_path / "copy.db").exists()
