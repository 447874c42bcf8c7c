"""Intake, match, the lists and sessions as programs see them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rfl1.conftest import Run

MISSING = "00000000-0000-4000-8000-000000000000"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def test_a_new_account_gets_suggestions_and_nothing_is_created(store: str, run: Run) -> None:
    told = run("intake", "Outlook keeps asking for my password", "--json").json
    assert set(told) == {"outcome", "suggestions", "category"}
    assert (told["outcome"], told["category"]) == ("suggest", "email_outlook_client")
    assert told["suggestions"][0]["slug"] == "outlook-password-prompt"
    assert {"title", "score", "why"} <= set(told["suggestions"][0])
    assert run("sessions", "list", "--json").json == run("queue", "--json").json == []


def test_an_explicit_flow_starts_a_session(store: str, run: Run) -> None:
    told = run("intake", "it asks again", "--flow", "outlook-password-prompt", "--customer", "Acme", "--json").json
    assert (told["outcome"], told["flow"], told["ticket_kind"]) == ("matched", "outlook-password-prompt", "internal")
    session = run("sessions", "show", told["session_id"], "--json").json
    assert session["ticket"]["id"] == told["ticket_id"]
    assert (session["kind"], session["status"], session["customer"]) == ("flow", "active", "Acme")
    assert session["pending_node"]["node_type"] == "question"
    assert session["pending_node"]["answers"] == ["Yes", "No"]
    assert run("intake", "x", "--flow", "no-such-flow").status == 1


def test_the_keys_of_a_session_are_kept(store: str, run: Run) -> None:
    session_id = run("intake", "printer", "--flow", "printer-offline", "--json").json["session_id"]
    session = run("sessions", "show", session_id, "--json").json
    promised = "id kind status state_version category problem_text walked_path pending_node notes acting_as ticket "
    promised += "resolution escalation facts fixes drafts writebacks"
    assert set(promised.split()) <= set(session)
    assert {"id", "kind", "status"} <= set(session["ticket"])
    assert (session["resolution"], session["escalation"], session["facts"]) == (None, None, [])
    assert TIME.fullmatch(session["created_at"])
    [listed] = run("sessions", "list", "--json").json
    assert {"id", "kind", "status", "problem_text", "customer"} <= set(listed)


def test_several_sessions_give_a_list(store: str, run: Run) -> None:
    ids = [run("intake", f"call {number}", "--adhoc", "--json").json["session_id"] for number in range(2)]
    assert [each["id"] for each in run("sessions", "show", *ids, "--json").json] == ids
    assert run("sessions", "show", ids[0], MISSING, "--json").status == 1


def test_adhoc_and_force_build_and_what_nobody_builds(store: str, run: Run) -> None:
    assert run("intake", "coffee machine", "--adhoc", "--json").json["outcome"] == "adhoc"
    built = run("intake", "The printer does not print", "--force-build", "--json").json
    assert (built["outcome"], built["category"]) == ("build", "printer")
    assert run("sessions", "show", built["session_id"], "--json").json["pending_node"] is not None
    refused = run("intake", "Please buy five more Visio licences", "--force-build", "--json").json
    assert refused["outcome"] == "out_of_scope"
    assert "session_id" not in refused


def test_lists_can_be_narrowed(store: str, run: Run) -> None:
    first = run("intake", "printer", "--adhoc", "--json", "--as", "tina").json["session_id"]
    second = run("intake", "outlook", "--adhoc", "--json").json["session_id"]
    assert run("sessions", "abandon", first, "--as", "tina").status == 0

    def ids(*options: str) -> list[str]:
        return [each["id"] for each in run("sessions", "list", "--json", *options).json]

    assert ids() == [second, first]
    assert ids("--status", "abandoned") == [first]
    assert ids("--mine") == [second]
    assert ids("--limit", "1") == [second]
    assert [each["problem"] for each in run("queue", "outlook", "--json").json] == ["outlook"]


def test_a_list_that_is_cut_says_so(store: str, run: Run) -> None:
    for _ in range(2):
        assert run("intake", "smoke", "--adhoc", "--as", "tina").status == 0
    for session in run("sessions", "list", "--json").json[:1]:
        assert run("sessions", "abandon", session["id"], "--as", "tina").status == 0
    for command in (("queue",), ("sessions", "list")):
        cut, whole = run(*command, "--limit", "1", "--json"), run(*command, "--limit", "2", "--json")
        assert (len(cut.json), len(whole.json)) == (1, 2)
        assert ("--limit" in cut.err, "--limit" in whole.err) == (True, False)
    assert run("escalations", "--limit", "1", "--json").json == []
    assert run("queue", "--limit", "0").status == 2


def test_a_colleague_goes_on_with_a_call(store: str, run: Run) -> None:
    session_id = run("intake", "printer", "--adhoc", "--json", "--as", "tina").json["session_id"]
    taken = run("sessions", "resume", session_id, "--json").json
    assert (taken["technician"], taken["acting_as"], taken["status"]) == ("olga", "l1_coverage", "active")
    assert "l1.session.takeover" in {each["action"] for each in run("audit", "--json").json}


def test_who_may_not_is_told_who_could(store: str, run: Run) -> None:
    ran = run("intake", "x", "--adhoc", "--as", "emil")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("Not allowed: an engineer may not take calls")
    assert run("escalations", "--as", "tina").status == 1


@pytest.mark.parametrize("written", [MISSING, "nonsense", "", "' OR 1=1 --"])
@pytest.mark.parametrize("command", ["show", "record", "resume", "abandon"])
def test_a_session_that_is_not_there(sqlite_store: str, run: Run, command: str, written: str) -> None:
    ran = run("sessions", command, written)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("Not found: no call")


def test_match_says_what_intake_would_decide_and_creates_nothing(store: str, run: Run) -> None:
    told = run("match", "my printer is offline", "--json").json
    assert set(told) == {"outcome", "category", "candidates", "ms"}
    assert told["candidates"][0]["slug"] == "printer-offline"
    assert run("sessions", "list", "--json").json == []


def test_a_batch_gives_a_line_a_query_with_its_id(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    queries = [{"id": 7, "text": "printer offline"}, {"id": "b", "text": "teams no sound"}, {"id": None, "text": "x"}]
    batch.write_text("\n\n".join(map(json.dumps, queries)))
    ran = run("match", "--batch", batch, "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [each.get("id") for each in told] == [7, "b", None]
    assert told[1]["candidates"][0]["slug"] == "teams-no-audio"


def test_a_query_that_is_refused_is_a_line_too_and_the_others_go_on(
    sqlite_store: str, run: Run, tmp_path: Path
) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(json.dumps({"id": text[:3], "text": text}) + "\n" for text in ("", "x" * 5000, "printer")))
    ran = run("match", "--batch", batch)
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1
    assert ["refused" in each for each in told] == [True, True, False]


def test_a_batch_on_standard_input_is_read_as_a_file_is(sqlite_store: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "rfl1", "match", "--batch", "-"],
        input=b'\xef\xbb\xbf{"id": 1, "text": "printer \xff offline"}\r\n',
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        check=False,
    )
    assert json.loads(ran.stdout)["id"] == 1, ran.stderr


@pytest.mark.parametrize(
    "line",
    [
        '{"id": NaN, "text": "x"}',
        '{"id": 1e999, "text": "x"}',
        "nonsense",
        "[]",
        '{"id": 1}',
        '{"text": 3}',
        "[" * 100_000,
        '"\\ud800"',
    ],
)
def test_a_batch_with_a_mistake_names_the_line(sqlite_store: str, run: Run, tmp_path: Path, line: str) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps({"id": 1, "text": "printer"}) + "\n" + line + "\n")
    ran = run("match", "--batch", batch)
    assert ran.status == 2
    assert f"{batch}:2" in ran.err
    assert len(ran.out.splitlines()) == 1


def test_audit_since_a_moment(store: str, run: Run) -> None:
    rows = run("audit", "--json").json
    assert {"at", "by", "action", "acting_as", "session_id", "details"} == set(rows[0])
    assert all(TIME.fullmatch(each["at"]) for each in rows)
    run("intake", "printer", "--adhoc")
    last = run("audit", "--json").json[-1]
    assert last["action"] == "l1.session.start"
    assert [each["at"] for each in run("audit", "--since", last["at"], "--json").json] == [last["at"]]
    assert run("audit", "--since", "2999-01-01", "--json").json == []


def test_account_settings_and_categories(store: str, run: Run) -> None:
    assert run("account", "set", "sessions.abandon_after_hours", "48").status == 0
    assert run("account", "show", "--json").json["sessions.abandon_after_hours"]["value"] == 48
    for wrong in (["account", "set", "sessions.abandon_after_hours", "soon"], ["account", "set", "nonsense", "1"]):
        ran = run(*wrong)
        assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert run("categories", "disable", "printer", "--json").json["enabled"] is False
    assert run("intake", "The printer does not print", "--force-build", "--json").json["outcome"] == "out_of_scope"
    assert run("categories", "enable", "printer").status == 0
    assert run("categories", "enable", "registry_edit").status == 1
    assert run("categories", "list", "--as", "tina").status == 1


def test_who_is_added_is_told_how_to_begin(sqlite_store: str, run: Run) -> None:
    assert "They begin with `rfl1 --as 'Ann Lee'`" in run("users", "add", "Ann Lee", "--role", "l1_tech").out


def test_people_come_change_and_go(store: str, run: Run) -> None:
    added = run("users", "add", "sam", "--role", "engineer", "--covers-l1", "--json").json
    assert (added["role"], added["covers_l1"], added["active"]) == ("engineer", True, True)
    assert run("intake", "x", "--adhoc", "--as", "sam").status == 0
    assert run("users", "role", "sam", "engineer", "--json").json["covers_l1"] is True
    assert run("users", "role", "sam", "engineer", "--no-covers-l1", "--json").json["covers_l1"] is False
    assert run("users", "role", "sam", "l1_tech", "--json").json["role"] == "l1_tech"
    assert run("users", "disable", "sam").status == 0
    assert run("queue", "--as", "sam").status == 1
    assert run("users", "disable", "olga").status == 1
    assert run("users", "add", "x", "--role", "king").status == 1
