"""Flows and proposals from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rfl1.conftest import Run

ONE = """\
slug: {slug}
title: The coffee machine
category: other
start: on
nodes:
  on:
    type: question
    text: Is it on?
    answers: [{{label: "Yes", next: done}}, {{label: "No", next: up}}]
  done: {{type: outcome, result: resolved, text: It runs.}}
  up: {{type: outcome, result: escalate, text: Pass it on.}}
"""


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    path = tmp_path / "coffee.yaml"
    path.write_text(ONE.format(slug="coffee"))
    return path


def test_import_publishes_and_again_changes_nothing(store: str, run: Run, flow: Path) -> None:
    assert run("flows", "import", flow, "--json").json[0]["change"] == "new"
    assert run("flows", "import", flow, "--json").json[0]["change"] == "unchanged"
    flow.write_text(flow.read_text().replace("It runs.", "It runs again."))
    assert run("flows", "import", flow, "--json").json[0] == {
        "slug": "coffee", "title": "The coffee machine", "number": 2, "status": "published", "change": "version",
    }  # fmt: skip
    assert run("intake", "x", "--flow", "coffee", "--json").json["outcome"] == "matched"
    assert [each["number"] for each in run("flows", "show", "coffee", "--json").json["versions"]] == [2, 1]


def test_a_draft_is_held_back_until_it_is_published(store: str, run: Run, flow: Path) -> None:
    run("flows", "import", flow, "--draft")
    assert run("intake", "x", "--flow", "coffee").status == 1
    assert run("flows", "publish", "coffee").status == 0
    assert run("intake", "x", "--flow", "coffee").status == 0
    assert run("flows", "retire", "coffee", "--json").json["status"] == "retired"
    assert run("flows", "publish", "coffee", "--number", "9").status == 1
    assert run("flows", "retire", "coffee", "--as", "tina").status == 1


def test_versions_are_told_compared_and_gone_back_to(store: str, run: Run, flow: Path) -> None:
    run("flows", "import", flow)
    flow.write_text(flow.read_text().replace("It runs.", "It runs again."))
    run("flows", "import", flow)
    assert [each["number"] for each in run("flows", "versions", "coffee", "--json").json] == [2, 1]
    told = run("flows", "diff", "coffee", "--json").json
    assert (told["before"]["number"], told["after"]["number"], told["flow"]) == (1, 2, [])
    assert told["nodes"] == [
        {"node": "done", "change": "changed", "text": "It runs again.",
         "fields": [{"field": "text", "before": "It runs.", "after": "It runs again."}]}
    ]  # fmt: skip
    assert "+ text: It runs." in run("flows", "diff", "coffee", 2, 1).out
    assert run("flows", "rollback", "coffee", 1, "--as", "tina").status == 1
    assert run("flows", "rollback", "coffee", 1, "--json").json == {
        "slug": "coffee", "title": "The coffee machine", "number": 3, "status": "published", "of": 1,
    }  # fmt: skip
    assert run("flows", "rollback", "coffee", 1).status == 1
    assert "They say the same." in run("flows", "diff", "coffee", 1, 3).out


def test_recorded_calls_test_a_flow_file(store: str, run: Run, flow: Path, tmp_path: Path) -> None:
    run("flows", "import", flow)
    call = tmp_path / "call.yaml"
    call.write_text("rfl1: 1\nintake: {problem: no coffee, flow: coffee}\nsteps: [{answer: No}]\n")
    assert run("replay", call).status == 0
    assert run("flows", "check", "coffee", "--json").json["ok"] is True
    flow.write_text(flow.read_text().replace('label: "No"', "label: Never").replace("next: up", "next: done", 1))
    flow.write_text(flow.read_text().replace("next: done}", "next: up}", 1))
    checked = run("flows", "check", "coffee", "--file", flow, "--json")
    assert checked.status == 1
    [broken] = checked.json["breaks"]
    assert (broken["node"], broken["calls"], checked.json["number"], checked.json["used"]) == ("on", 1, None, 1)
    assert 'at on: it has no answer "No" any more' in run("flows", "check", "coffee", "--file", flow).out
    assert run("flows", "check", "coffee", "--file", flow, "--number", 1).status == 2
    flow.write_text(flow.read_text().replace("next: up", "next: nowhere"))
    assert "no node is named so" in run("flows", "check", "coffee", "--file", flow).err


def test_a_file_that_the_system_does_not_give_is_the_environments_fault(
    store: str, run: Run, flow: Path, tmp_path: Path
) -> None:
    loop, gone = tmp_path / "loop.yaml", tmp_path / "gone.yaml"
    loop.symlink_to(loop)
    run("flows", "import", flow)
    proposal = "00000000-0000-4000-8000-000000000000"
    for path in (loop, gone):
        for command in (
            ("flows", "import", path),
            ("flows", "import", flow, path),
            ("flows", "import", path.with_suffix(".md")),
            ("flows", "lint", flow, path),
            ("flows", "graph", path),
            ("flows", "check", "coffee", "--file", path),
            ("flows", "export", "coffee", "-o", flow / "coffee.yaml"),
            ("proposals", "approve", proposal, "--file", path),
            ("bench", "match", path),
            ("match", "--batch", path),
            ("replay", path),
        ):
            assert run(*command).status == 3, command
    flow.write_text("slug: 1")
    assert [run("flows", each, flow).status for each in ("import", "lint", "graph")] == [1, 1, 1]


CHART = """\
flowchart TD
  on{Is it on?} -->|Yes| beans[Fill the beans in]
  on -->|No| up[Escalate to level 2]
"""


def test_a_chart_becomes_a_draft_with_stubs_and_what_was_made_up_is_told(store: str, run: Run, tmp_path: Path) -> None:
    chart = tmp_path / "Coffee machine.mmd"
    chart.write_text(CHART)
    [told] = run("flows", "import", chart, "--category", "other", "--json").json
    assert told == {
        "slug": "coffee-machine", "title": "Coffee machine", "number": 1, "status": "draft", "change": "new",
        "findings": [{"line": 2, "node": "fill-the-beans-in-open", "says": "nothing follows this step"}],
    }  # fmt: skip
    assert f"{chart}:2: node fill-the-beans-in-open: nothing follows" in run("flows", "import", chart).out
    assert "nobody has filled in" in run("flows", "publish", "coffee-machine").err
    assert run("flows", "import", chart, "--slug", "Not A Slug").status == 1
    assert run("flows", "import", chart, "--as", "tina").status == 1
    chart.write_text("flowchart TD\n  on -- never closed")
    assert f"{chart}:2: the words on this arrow never end" in run("flows", "import", chart).err


def test_charts_and_flow_files_are_brought_in_one_after_the_other(run: Run, flow: Path, tmp_path: Path) -> None:
    page, other = tmp_path / "a.md", tmp_path / "b.md"
    assert run("flows", "import", flow, page).status == 2
    assert run("flows", "import", flow, "--slug", "x").status == 2
    assert run("flows", "import", page, other, "--slug", "x").status == 2


def test_what_is_exported_is_what_was_imported(store: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run("flows", "export", "-o", folder).status == 0
    changes = {each["change"] for each in run("flows", "import", folder, "--json").json}
    assert changes == {"unchanged"}
    one = tmp_path / "one.yaml"
    run("flows", "export", "slow-pc", "-o", one)
    assert one.read_text() == run("flows", "export", "slow-pc").out
    assert json.loads(run("flows", "export", "slow-pc", "--json").out)["slug"] == "slow-pc"
    assert run("flows", "export").status == 2


def test_lint_tells_everything_on_standard_output(run: Run, flow: Path) -> None:
    assert run("flows", "lint", flow, "--json").json == {"ok": True, "faults": []}
    flow.write_text(flow.read_text().replace("next: up", "next: nowhere").replace("Is it on?", "' '"))
    ran = run("flows", "lint", flow, "--json")
    assert (ran.status, ran.err) == (1, "")
    assert {each["rule"] for each in ran.json["faults"]} >= {"next", "text"}
    assert all(each["says"].startswith(f"{flow}:") for each in ran.json["faults"])
    flow.write_text("slug: [")
    broken = run("flows", "lint", flow)
    assert (broken.status, broken.out.startswith(f"{flow}:")) == (1, True)


def test_lint_knows_what_is_published(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    linked = tmp_path / "linked.yaml"
    linked.write_text(
        "slug: linked\ntitle: t\ncategory: c\nstart: a\nnodes:\n"
        "  a: {type: link, text: there, flow: slow-pc, next: b}\n  b: {type: outcome, result: resolved, text: done}\n"
    )
    assert run("flows", "lint", linked).status == 0
    assert run("flows", "lint", linked, "--db", tmp_path / "none.db").status == 1


def test_what_may_not_be_read_is_a_mistake_among_the_others(sqlite_store: str, tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir(mode=0o000)
    (tmp_path / "d.yaml").write_text("x")
    command = [sys.executable, "-m", "rfl1", "flows", "lint", str(tmp_path), str(tmp_path / "a"), "--json"]
    if os.geteuid() == 0:  # who may read everything
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
    ran = subprocess.run(command, capture_output=True, check=False)
    told = [each["says"].rsplit("/")[-1] for each in json.loads(ran.stdout)["faults"]]
    assert [each.partition(":")[0] for each in told] == ["a", "b", "c", "d.yaml", "a"]
    assert told[0] == told[-1] == "a:1: this may not be read; ask its owner for permission"


def test_an_import_with_mistakes_imports_nothing_and_is_told_in_one_line(
    sqlite_store: str, run: Run, flow: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(ONE.format(slug="bad").replace("next: up", "next: nowhere").replace("Is it on?", "' '"))
    ran = run("flows", "import", flow, bad)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "bad.yaml" in ran.err
    assert "`rfl1 flows lint` tells" in ran.err
    assert run("flows", "show", "coffee").status == 1


def test_a_graph_of_a_flow_and_of_a_file(sqlite_store: str, run: Run, flow: Path, tmp_path: Path) -> None:
    assert run("flows", "graph", flow).out.startswith("flowchart TD\n")
    drawn = run("flows", "graph", "slow-pc")
    target = tmp_path / "slow.mmd"
    run("flows", "graph", "slow-pc", "-o", target)
    assert target.read_text() == drawn.out
    picture = run("flows", "graph", "slow-pc", "--svg").out
    assert picture.startswith("<svg ")
    run("flows", "graph", "slow-pc", "-o", tmp_path / "slow.svg")
    assert (tmp_path / "slow.svg").read_text() == picture
    assert run("flows", "graph", "nothing").status == 1
    assert "Did you mean slow-pc? `rfl1 flows list`" in run("flows", "retire", "slowpc").err
    many = tmp_path / "many.jsonl"
    many.write_text("".join(run("flows", "export", slug, "--json").out for slug in ("slow-pc", "no-sound")))
    two = run("flows", "graph", many)
    assert (two.status, two.out, "holds 2 flows, and one is drawn" in two.err) == (2, "", True)
    assert run("flows", "graph", "slow-pc", "-o", target / "below").status == 3


def test_the_schema_is_json(run: Run) -> None:
    assert "nodes" in run("flows", "schema").json["properties"]


def captured(run: Run, tmp_path: Path) -> str:
    """A proposal from a call that was built and went well."""
    script = tmp_path / "call.yaml"
    script.write_text(
        "rfl1: 1\nas: tina\nintake: {problem: The printer does not print, force_build: true}\n"
        "steps: [{any: 20}]\nresolve: {helpful: true, notes: ok}\n"
    )
    assert run("replay", script).status == 0
    [proposal] = run("proposals", "list", "--json").json
    return str(proposal["id"])


def test_a_captured_flow_is_filled_in_and_approved(store: str, run: Run, tmp_path: Path) -> None:
    proposal_id = captured(run, tmp_path)
    proposal = run("proposals", "show", proposal_id, "--json").json
    assert {"id", "status", "source", "title", "category", "keywords", "tree", "session_id"} <= set(proposal)
    assert (proposal["status"], proposal["source"]) == ("pending", "ai_realtime_l1")
    assert run("proposals", "list").out.split(str(proposal_id))[1].split("  ")[3] == "worked 1 time"
    refused = run("proposals", "approve", proposal_id)
    assert refused.status == 1
    assert "`rfl1 proposals show ID > flow.yaml`" in refused.err
    filled = tmp_path / "filled.yaml"
    text = "\n".join(
        line for line in run("proposals", "show", proposal_id).out.splitlines() if "needs_review" not in line
    )
    filled.write_text(text)
    approved = run("proposals", "approve", proposal_id, "--slug", "our-printer", "--file", filled, "--json").json
    assert (approved["slug"], approved["status"]) == ("our-printer", "published")
    assert run("intake", "x", "--flow", "our-printer", "--json").json["outcome"] == "matched"


def test_a_captured_flow_is_turned_down_with_a_reason(store: str, run: Run, tmp_path: Path) -> None:
    proposal_id = captured(run, tmp_path)
    assert run("proposals", "reject", proposal_id, "--reason", " ").status == 1
    assert run("proposals", "reject", proposal_id, "--reason", "covered", "--as", "tina").status == 1
    rejected = run("proposals", "reject", proposal_id, "--reason", "covered", "--json").json
    assert (rejected["status"], rejected["review"]["reason"]) == ("rejected", "covered")
    assert run("proposals", "list", "--status", "pending", "--json").json == []
    assert run("proposals", "show", "nonsense").status == 1


def test_a_proposal_becomes_a_branch_of_a_flow_and_is_named_by_the_beginning_of_its_id(
    store: str, run: Run, tmp_path: Path
) -> None:
    proposal_id = captured(run, tmp_path)
    told = run("proposals", "show", proposal_id[:6]).out
    filled = tmp_path / "filled.yaml"
    filled.write_text("\n".join(line for line in told.splitlines() if "needs_review" not in line))
    branch = ("--into", "printer-offline", "--at", "nowhere", "--answer", "It blinks")
    refused = run("proposals", "merge", proposal_id[:6], *branch, "--file", filled)
    assert refused.status == 1
    assert "has no such node" in refused.err
    shown = run("flows", "show", "printer-offline", "--json").json
    [at, *_] = [key for key, node in shown["nodes"].items() if node["type"] == "question" and len(node["answers"]) < 9]
    branch = ("--into", "printer-offline", "--at", at, "--answer", "It blinks")
    merged = run("proposals", "merge", proposal_id[:6], *branch, "--file", filled, "--json").json
    assert (merged["slug"], merged["number"], merged["status"]) == ("printer-offline", 2, "published")
    review = run("proposals", "show", proposal_id, "--json").json["review"]
    assert review["reason"] == "merged into printer-offline v2"
    session_id = run("proposals", "show", proposal_id, "--json").json["session_id"]
    assert run("sessions", "show", session_id[:8], "--json").json["id"] == session_id
