"""Session scripts from the command line, the examples among them, on both kinds of store."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.rfl1.conftest import Ran, Run

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
CALL = """\
rfl1: 1
as: tina
intake: {problem: Outlook keeps asking for my password, flow: outlook-password-prompt}
steps:
  - {answer: "Yes", expect: {text: webmail}}
  - {ack: true, note: cleared two}
  - {answer: "No"}
resolve: {helpful: true, notes: Cleared.}
after: {status: resolved, path_length: 3}
"""


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.yaml"
    path.write_text(CALL)
    return path


def results(ran: Ran) -> list[Any]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_there_are_examples_for_the_common_calls() -> None:
    assert len(EXAMPLES) >= 10


def test_every_example_holds(store: str, run: Run) -> None:
    ran = run("replay", ROOT / "examples", "--json")
    told = results(ran)
    assert [each for each in told if not each["ok"]] == []
    assert (ran.status, ran.err) == (0, "")
    assert [each["script"] for each in told] == [str(path) for path in EXAMPLES]
    assert {each["outcome"] for each in told} == {"matched", "suggest", "build", "out_of_scope", "adhoc"}
    assert {each["status"] for each in told} >= {"resolved", "escalated", "active", None}


def test_the_result_has_the_promised_keys(store: str, run: Run, call: Path) -> None:
    told = run("replay", call, "--json").json
    assert set(told) == {
        "script", "ok", "failures", "outcome", "session_id", "status", "steps", "writeback", "drafts", "ms",
    }  # fmt: skip
    assert (told["script"], told["ok"], told["failures"], told["outcome"]) == (str(call), True, [], "matched")
    assert [(each["seq"], each["node_type"], each["label"]) for each in told["steps"]] == [
        (1, "question", "Yes"),
        (2, "instruction", "Done"),
        (3, "question", "No"),
    ]
    assert all(each["ms"] > 0 for each in told["steps"])
    assert (told["writeback"], told["drafts"]) == ({"state": "local"}, [])
    session = run("sessions", "show", told["session_id"], "--json").json
    assert (session["status"], session["technician"], session["walked_path"][1]["note"]) == (
        "resolved", "tina", "cleared two",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "at", "expected", "got"),
    [
        (("text: webmail", "text: ^printer"), "steps[0]", "text ^printer", "Can they sign in to webmail?"),
        (('"No"}', '"Perhaps"}'), "steps[2]", "to be done", "no answer 'Perhaps'"),
        (("ack: true", "input: x"), "steps[1]", "to be done", "does not answer this instruction"),
        (("path_length: 3", "path_length: 4"), "after.path_length", "4", "3"),
        (("status: resolved", "status: escalated"), "after.status", "escalated", "resolved"),
        (("flow: outlook-password-prompt", "flow: gone"), "intake", "to be done", "no published flow"),
        (("flow: outlook-password-prompt", "adhoc: true"), "steps[0]", "text webmail", "nothing on the screen"),
        (("as: tina", "as: nobody"), "as", "to be done", "no user 'nobody'"),
        (("as: tina", "as: emil"), "intake", "to be done", "may not take calls"),
        (("helpful: true, notes", "helpful: true, note"), "script", "a session script", 'did you mean "notes"'),
        (("rfl1: 1", "rfl1: 9"), "script", "a session script", ":1: "),
        ((CALL, "["), "script", "a session script", "call.yaml:"),
    ],
)
def test_an_expectation_that_fails_is_told_with_its_place(
    sqlite_store: str, run: Run, call: Path, *, change: tuple[str, str], at: str, expected: str, got: str
) -> None:
    call.write_text(CALL.replace(*change))
    ran = run("replay", call, "--json")
    assert ran.status == 1
    first = ran.json["failures"][0]
    assert (first["at"], first["expected"]) == (at, expected)
    assert got in first["got"]
    assert str(call) in ran.err


def test_a_mistake_in_one_script_leaves_the_others_alone(sqlite_store: str, run: Run, call: Path) -> None:
    bad = call.with_name("a-bad.yaml")
    bad.write_text("nonsense")
    missing = call.with_name("b-missing.yaml")
    ran = run("replay", bad, missing, call, "--json")
    assert ran.status == 3  # of what the system does not give nobody can say whether it holds
    assert [each["ok"] for each in results(ran)] == [False, False, True]
    assert run("replay", bad, call).status == 1


def test_what_must_be_refused_and_is_not_fails(sqlite_store: str, run: Run, call: Path) -> None:
    call.write_text(CALL.replace("note: cleared two", "expect: {refused: anything}"))
    [failure] = run("replay", call, "--json").json["failures"]
    assert failure == {"at": "steps[1]", "expected": "refused: anything", "got": "it was done"}


def test_an_engineer_claims_hands_back_and_resolves(store: str, run: Run, call: Path) -> None:
    head, _, _ = CALL.partition("resolve:")
    call.write_text(
        head
        + "escalate: {category: needs_access, reason: locked out}\nthen:\n"
        + "  - {as: tina, claim: true, expect: {refused: may not}}\n"
        + "  - {as: emil, claim: true}\n  - {as: olga, claim: true, expect: {refused: emil claimed it}}\n"
        + "  - {as: emil, hand_back: Ask for the build number.}\n"
        + "  - {as: tina, resolve: {helpful: true, notes: done}}\nafter: {status: resolved, path_length: 3}\n"
    )
    ran = run("replay", call, "--json", "--progress")
    assert ran.status == 0, ran.err
    changes = [each["change"] for each in results(ran)[:-1]]
    assert changes == ["start", "step", "step", "step", "escalate", "claim", "hand_back", "resolve"]


def test_repeated_by_several_workers_every_run_is_there_once(store: str, run: Run, call: Path) -> None:
    ran = run("replay", call, "--repeat", "12", "--workers", "4", "--json")
    assert ran.status == 0
    ids = [each["session_id"] for each in results(ran)]
    assert len(set(ids)) == len(ids) == 12
    assert {each["id"] for each in run("sessions", "list", "--json").json} == set(ids)


def test_a_recorded_call_walks_the_same_path_on_another_store(
    store: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = tmp_path / "recorded"
    walked = results(run("replay", ROOT / "examples", "--json"))
    ids = [each["session_id"] for each in walked if each["session_id"] is not None]
    for number, session_id in enumerate(ids):
        assert run("sessions", "record", session_id, "-o", recorded / f"{number:02}.yaml").status == 0
    monkeypatch.setenv("RFL1_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert run("init").status == 0
    again = results(run("replay", recorded, "--json"))
    assert [each for each in again if not each["ok"]] == []

    def path(each: Any) -> list[Any]:
        return [(step["node_type"], step["text"], step["label"]) for step in each["steps"]]

    assert [path(each) for each in again] == [path(each) for each in walked if each["session_id"] is not None]


def test_a_store_that_somebody_holds_is_the_environment(
    sqlite_store: str, run: Run, call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines.BUSY_TIMEOUT", 0.1)
    with closing(sqlite3.connect(sqlite_store.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        ran = run("replay", call, "--repeat", "2", "--json")
    assert ran.status == 3
    told = results(ran)
    assert [each["ok"] for each in told] == [False, False]
    assert all("locked by somebody else" in each["failures"][0]["got"] for each in told)
    assert ran.err.count("\n") == 2
