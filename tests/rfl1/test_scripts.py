"""The desk from the command line: what engineers found in the JSON of a session, and the library of scripts."""

from pathlib import Path

import pytest

from tests.rfl1.conftest import Run

CALL = r"""rfl1: 1
intake: {problem: Outlook keeps asking, flow: outlook-password-prompt}
escalate: {category: needs_access, reason: No rights.}
then:
  - {as: emil, claim: true}
  - {as: emil, fact: The profile is from 2019.}
  - as: emil
    fix:
      title: Rebuild the profile
      rationale: It is damaged.
      steps: [Remove it, Add it]
      script: "$server = 'SRV1'\n$password = 'Hunter2!'\n\tGet-Item \"\\\\$server\\x\"\nRestart-Service Spooler\n"
  - {as: emil, decision: draft_template}
  - {as: emil, outcome: {status: applied_success, notes: It opens.}}
  - {as: emil, missing: Which build?}
  - {as: emil, draft: resolution_note}
"""


@pytest.fixture
def session(store: str, run: Run, tmp_path: Path) -> str:
    """The id of a call that an engineer has worked on."""
    (tmp_path / "call.yaml").write_text(CALL)
    ran = run("--as", "tina", "replay", tmp_path / "call.yaml", "--json")
    assert ran.status == 0, ran.err
    return str(ran.json["session_id"])


def test_a_session_is_shown_with_what_was_found(run: Run, session: str) -> None:
    told = run("--as", "emil", "sessions", "show", session, "--json").json
    assert [(fact["text"], fact["source"]) for fact in told["facts"]] == [("The profile is from 2019.", "note")]
    (fix,) = told["fixes"]
    assert (fix["title"], fix["decision"], fix["status"]) == (
        "Rebuild the profile",
        "draft_template",
        "applied_success",
    )
    assert fix["applied_at"] is not None
    assert fix["verified_at"] is not None
    assert "Hunter2!" not in str(told)
    assert [each["text"] for each in told["missing"]] == ["Which build?"]
    said = run("--as", "emil", "sessions", "show", session).out
    assert "known: The profile is from 2019." in said
    assert "fix 1, applied_success, draft_template: Rebuild the profile" in said


def test_the_progress_names_every_change(run: Run, store: str, tmp_path: Path) -> None:
    (tmp_path / "call.yaml").write_text(CALL)
    ran = run("--as", "tina", "replay", tmp_path / "call.yaml", "--progress")
    for change in ("start", "escalate", "claim", "fact", "fix", "decision", "outcome"):
        assert f'"change":"{change}"' in ran.out


def test_a_script_is_listed_shown_filled_and_accepted(
    run: Run, session: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (listed,) = run("--as", "emil", "scripts", "list", "--json").json
    assert (listed["title"], listed["status"]) == ("Rebuild the profile", "draft")
    assert {each["name"]: each["type"] for each in listed["parameters"]} == {"server": "host", "secret": "secret"}
    told = run("--as", "emil", "scripts", "show", listed["id"], "--json").json
    assert [(risk["line"], risk["what"]) for risk in told["risks"]] == [(4, "stops or changes services")]
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "it's")
    ran = run("--as", "emil", "scripts", "fill", listed["id"], "server=SRV2")
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[:3] == ["$server = 'SRV2'", "$password = 'it''s'", '\tGet-Item "\\\\$server\\x"']
    run("--as", "emil", "scripts", "fill", listed["id"], "server=SRV2", "-o", tmp_path / "a.ps1")
    assert (tmp_path / "a.ps1").read_text() == ran.out
    assert run("--as", "emil", "scripts", "accept", listed["id"], "--json").json["status"] == "accepted"
    assert run("--as", "emil", "scripts", "list", "--status", "draft", "--json").json == []
    assert run("--as", "emil", "scripts", "retire", listed["id"]).status == 0


@pytest.mark.parametrize(
    ("given", "status"), [(("server=a b",), 1), (("server",), 2), (("secret=x",), 2), (("other=x", "server=a"), 1)]
)
def test_a_value_that_does_not_fit_is_one_line(
    run: Run, session: str, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], status: int
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "x")
    (listed,) = run("--as", "emil", "scripts", "list", "--json").json
    ran = run("--as", "emil", "scripts", "fill", listed["id"], *given)
    assert (ran.status, ran.out) == (status, "")


def test_level_1_has_no_scripts(run: Run, session: str) -> None:
    assert run("--as", "tina", "scripts", "list").status == 1
    assert run("--as", "emil", "scripts", "show", session).status == 1
    assert run("--as", "emil", "scripts", "list", "--status", "new").status == 2


def test_a_flow_says_what_was_missed_in_its_calls(run: Run, session: str) -> None:
    told = run("--as", "emil", "flows", "show", "outlook-password-prompt", "--json").json
    assert [(each["text"], each["session_id"]) for each in told["missing"]] == [("Which build?", session)]
    assert told["missing"][0]["node_id"] in told["nodes"]
    assert "Which build?" in run("--as", "emil", "flows", "show", "outlook-password-prompt").out
