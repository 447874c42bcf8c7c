"""The doctor: each line ok, warn or fail, with the mend."""

from pathlib import Path
from typing import Any

import pytest

from rfl1.cli import doctor
from services.ai import check
from tests.model_server import Behaviour, Fail, Hang, ModelServer, Say
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


def test_a_key_for_which_the_app_would_not_open_fails(home: Path, run: Run) -> None:
    home.mkdir()
    (home / "config.toml").write_text('[keys]\nbanana = "x"\n')
    config = checks(run("doctor", "--json"))["config"]
    assert (config["state"], config["mend"]) == ("fail", "`rfl1 config keys` lists what there is.")
    assert "config.toml:2: there is no action" in config["detail"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"walk.note" = "ctrl+ö7"', "no terminal has a key 'ctrl+ö7'"),
        ('"intake.adhoc" = "x"', "'x' could not be typed any more"),
    ],
)
def test_a_key_that_cannot_be_pressed_or_takes_a_letter_away_fails(
    home: Path, run: Run, written: str, said: str
) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f"[keys]\n{written}\n", encoding="utf-8")
    config = checks(run("doctor", "--json"))["config"]
    assert config["state"] == "fail"
    assert f"config.toml:2: {said}" in config["detail"]


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
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://model.example")
    ran = run("doctor", "--json")
    assert checks(ran)["model"]["state"] == "fail"
    assert "sk-hidden" not in ran.out


def test_a_model_that_answers_is_told_with_what_the_call_cost(store: str, model: ModelServer, run: Run) -> None:
    model.script = [Say("Yes.")]
    ran = run("doctor", "--json")
    found = checks(ran)["model"]
    assert (ran.status, found["state"]) == (0, "ok")
    assert "call cost $0.0000" in found["detail"]
    [asked] = model.requests
    assert asked["model"] == "claude-haiku-5-5"
    paid = run("stats", "--json").json["model"]
    assert (paid["calls"], list(paid["by_purpose"])) == (1, ["check"])
    assert "1  check  190 tokens" in run("stats").out


def test_a_model_that_talks_on_is_well(sqlite_store: str, model: ModelServer, run: Run) -> None:
    model.script = [Say("Yes, of course I am, and", stop="max_tokens")]
    assert checks(run("doctor", "--json"))["model"]["state"] == "ok"


TROUBLES: list[tuple[Behaviour, str, str, str]] = [
    (Fail(401, "authentication_error", "invalid x-api-key"), "fail", "401: invalid x-api-key", "ANTHROPIC_API_KEY"),
    (Fail(404, "not_found_error", "no such model"), "fail", "404: no such model", "RFL1_AI_FAST_MODEL"),
    (Fail(429, "rate_limit_error"), "warn", "limit", "later"),
    (Hang(), "warn", "too long", "later"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=[each[2] for each in TROUBLES])
def test_a_model_that_does_not_answer_is_told_with_the_reason(
    trouble: tuple[Behaviour, str, str, str],
    sqlite_store: str,
    model: ModelServer,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behaviour, state, detail, mend = trouble
    monkeypatch.setattr(check, "LIMIT", 0.5 if isinstance(behaviour, Hang) else 30)
    model.script = [behaviour]
    ran = run("doctor", "--json")
    found = checks(ran)["model"]
    assert (ran.status, found["state"]) == (3 if state == "fail" else 0, state)
    assert detail in found["detail"]
    assert mend in found["mend"]
    assert "sk-hidden" not in ran.out + ran.err


def test_whatever_takes_too_long_is_given_up(
    sqlite_store: str, model: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "MODEL_LIMIT", 0.0)
    found = checks(run("doctor", "--json"))["model"]
    assert (found["state"], "took too long" in found["detail"]) == ("warn", True)


def test_a_model_that_nobody_serves_is_a_warning(
    sqlite_store: str, model: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    found = checks(run("doctor", "--json"))["model"]
    assert (found["state"], "cannot be reached" in found["detail"]) == ("warn", True)


def test_without_a_store_or_a_person_no_model_is_asked(sqlite_url: str, model: ModelServer, run: Run) -> None:
    found = checks(run("--db", sqlite_url, "doctor", "--json"))["model"]
    assert (found["state"], found["detail"]) == ("warn", "configured, not tried")
    assert model.requests == []


def test_a_person_who_is_nobody_asks_no_model(sqlite_store: str, model: ModelServer, run: Run) -> None:
    found = checks(run("doctor", "--as", "nobody", "--json"))["model"]
    assert (found["detail"], model.requests) == ("configured, not tried", [])


@pytest.mark.parametrize("variable", ["RFL1_AI", "ANTHROPIC_API_KEY"])
def test_no_model_is_asked_where_none_is_wanted(
    variable: str, sqlite_store: str, model: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "off" if variable == "RFL1_AI" else "")
    ran = run("doctor", "--json")
    assert (ran.status, "the bundled playbooks are used" in checks(ran)["model"]["detail"]) == (0, True)
    assert model.requests == []
