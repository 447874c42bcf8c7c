"""Making a store: what is missing is made, what is there stays."""

import os
import stat
from pathlib import Path

import pytest

from tests.rfl1.conftest import Run


@pytest.fixture
def empty(store_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RFL1_DATABASE_URL", store_url)
    return store_url


def test_init_makes_the_store_its_owner_and_the_starter_flows(empty: str, run: Run) -> None:
    ran = run("init", "--account", "Northwind IT", "--user", "maria")
    assert (ran.status, ran.err) == (0, "")
    assert "Next: `rfl1 users add NAME --role l1_tech`" in ran.out
    assert "Next" not in run("init").out
    [maria] = run("users", "list", "--json").json
    assert (maria["name"], maria["role"], maria["first"]) == ("maria", "owner", True)
    flows = run("flows", "list", "--json").json
    assert len(flows) >= 12
    assert {each["status"] for each in flows} == {"published"}
    assert run("db", "check").status == 0


def test_a_store_that_only_an_option_names_is_said_to_be_forgotten(run: Run, tmp_path: Path) -> None:
    assert "set RFL1_DATABASE_URL to it" in run("init", "--no-starter", "--db", str(tmp_path / "other.db")).out
    assert "RFL1_DATABASE_URL" not in run("init", "--no-starter").out


def test_repeating_init_changes_nothing(empty: str, run: Run) -> None:
    run("init", "--user", "maria")
    before = [run(*command, "--json").out for command in (("users", "list"), ("flows", "list"), ("audit",))]
    assert run("init").status == 0
    assert run("init", "--user", "somebody-else").status == 0
    assert before == [run(*command, "--json").out for command in (("users", "list"), ("flows", "list"), ("audit",))]


def test_init_again_leaves_flows_that_were_changed_or_retired(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    flow = tmp_path / "slow-pc.yaml"
    run("flows", "export", "slow-pc", "-o", flow)
    flow.write_text(flow.read_text().replace("title: Computer is slow", "title: Our own"))
    run("flows", "import", flow)
    run("flows", "retire", "printer-offline")
    run("init")
    flows = {each["slug"]: each for each in run("flows", "list", "--json").json}
    assert flows["slow-pc"]["title"] == "Our own"
    assert flows["printer-offline"]["status"] == "retired"


def test_without_the_starter_flows_and_with_them_later(empty: str, run: Run) -> None:
    run("init", "--no-starter")
    assert run("flows", "list", "--json").json == []
    run("init")
    assert len(run("flows", "list", "--json").json) >= 12


def test_another_account_is_added_and_knows_nothing_of_the_first(store: str, run: Run) -> None:
    session_id = run("intake", "printer", "--adhoc", "--json").json["session_id"]
    assert run("init", "--account", "Second", "--user", "otto").status == 0
    assert [each["name"] for each in run("users", "list", "--json", "--as", "Second/otto").json] == ["otto"]
    theirs = run("sessions", "show", session_id, "--as", "Second/otto")
    missing = run("sessions", "show", "00000000-0000-4000-8000-000000000000", "--as", "Second/otto")
    assert theirs.status == missing.status == 1
    assert theirs.err.replace(session_id, "") == missing.err.replace("00000000-0000-4000-8000-000000000000", "")
    assert len(run("sessions", "list", "--json").json) == 1


def test_the_store_is_readable_by_its_owner_only(home: Path, run: Run) -> None:
    old = os.umask(0)
    try:
        assert run("init", "--no-starter").status == 0
    finally:
        os.umask(old)
    files = [each for each in (home / "data").iterdir() if each.is_file()]
    assert files
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700


def test_the_owner_is_the_person_whose_name_is_set(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFL1_USER", "maria")
    assert "maria" in run("init", "--no-starter").out
    assert run("queue").status == 0


def test_init_says_which_name_will_not_do(home: Path, run: Run) -> None:
    ran = run("init", "--user", "\x1b[31m")
    assert (ran.status, ran.err.count("\n")) == (1, 1)


def test_a_folder_that_cannot_be_made_is_the_environment(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    ran = run("init", "--db", tmp_path / "file" / "store.db")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
