"""The doctor: each line ok, warn or fail, with the mend."""

from pathlib import Path
from typing import Any

import pytest

from tests.rfl1.conftest import Ran, Run


def checks(ran: Ran) -> dict[str, Any]:
    return {each["name"]: each for each in ran.json["checks"]}


def test_a_store_that_is_well(store: str, run: Run) -> None:
    ran = run("doctor", "--json")
    assert ran.status == 0
    found = checks(ran)
    assert {found[name]["state"] for name in ("config", "store", "migrations", "person")} == {"ok"}
    assert found["model"]["state"] == "warn"
    assert all(each["mend"] for each in found.values() if each["state"] != "ok")
    assert run("doctor").status == 0


def test_a_missing_store_fails_with_its_mend(run: Run) -> None:
    ran = run("doctor", "--json")
    assert ran.status == 3
    store = checks(ran)["store"]
    assert (store["state"], "rfl1 init" in store["mend"]) == ("fail", True)


def test_a_store_that_others_may_read_is_warned_of(sqlite_store: str, run: Run) -> None:
    path = Path(sqlite_store.removeprefix("sqlite:///"))
    path.chmod(0o644)
    found = checks(run("doctor", "--json"))["permissions"]
    assert (found["state"], "chmod 600" in found["mend"]) == ("warn", True)


def test_somebody_unknown_fails(sqlite_store: str, run: Run) -> None:
    ran = run("doctor", "--as", "nobody", "--json")
    assert (ran.status, checks(ran)["person"]["state"]) == (3, "fail")


def test_a_path_that_no_disk_takes_fails_in_its_lines(tmp_path: Path, run: Run) -> None:
    ran = run("--db", tmp_path / ("x" * 300), "doctor", "--json")
    found = checks(ran)
    assert (ran.status, found["store"]["state"], found["permissions"]["state"]) == (3, "fail", "fail")


def test_a_config_with_a_mistake_is_a_line_too(home: Path, run: Run) -> None:
    home.mkdir()
    (home / "config.toml").write_text("nonsense = 1")
    ran = run("doctor", "--json")
    assert (ran.status, checks(ran)["config"]["state"]) == (3, "fail")


def test_a_half_configured_psa_names_what_is_missing(
    sqlite_store: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFL1_PSA_PROVIDER", "halopsa")
    monkeypatch.setenv("RFL1_PSA_URL", "https://psa.example")
    found = checks(run("doctor", "--json"))["psa"]
    assert found["state"] == "fail"
    assert "RFL1_PSA_CLIENT_SECRET" in found["mend"]
    assert "RFL1_PSA_URL" not in found["mend"]


def test_a_key_that_would_go_over_plain_http_fails(
    sqlite_store: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-hidden")
    assert checks(run("doctor", "--json"))["model"]["state"] == "ok"
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://model.example")
    ran = run("doctor", "--json")
    assert checks(ran)["model"]["state"] == "fail"
    assert "sk-hidden" not in ran.out
