"""The outbox from the command line, and what a script and a session say of what is in it."""

import pytest

from tests.rfl1.conftest import Run

SCRIPT = """rfl1: 1
intake: {problem: no sound, psa_ticket: "1", adhoc: true}
resolve: {helpful: true, notes: It was the cable.}
after: {status: active}
"""


@pytest.fixture
def waiting(store: str, run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A call on a PSA's ticket that was resolved where no PSA is set up. Its id."""
    script = tmp_path_factory.mktemp("scripts") / "call.yaml"
    script.write_text(SCRIPT)
    told = run("replay", str(script), "--json").json
    assert (told["ok"], told["writeback"]["state"]) == (True, "waiting"), told["failures"]
    return str(told["session_id"])


def test_what_waits_is_listed_and_stays_waiting_where_no_psa_is_set_up(waiting: str, run: Run) -> None:
    [line] = run("outbox", "list", "--json").json
    assert (line["session_id"], line["ticket"], line["state"], line["kind"]) == (waiting, "1", "waiting", "resolution")
    assert "no PSA is set up" in line["why"]
    drained = run("outbox", "drain", "--json")
    assert (drained.status, drained.json["waiting"], drained.json["verified"]) == (3, 1, 0)
    assert "1 still wait for the PSA" in drained.err
    session = run("sessions", "show", waiting, "--json").json
    assert (session["status"], session["awaits_psa"], session["writebacks"][0]["state"]) == ("active", True, "waiting")
    checks = {each["name"]: each for each in run("doctor", "--json").json["checks"]}
    assert "1 wait for the PSA" in checks["outbox"]["detail"]


def test_nothing_waits(store: str, run: Run) -> None:
    assert run("outbox", "list", "--json").json == []
    drained = run("outbox", "drain")
    assert (drained.status, drained.out.strip()) == (0, "Nothing waits for the PSA.")
