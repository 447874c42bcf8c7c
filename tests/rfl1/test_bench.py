"""The scorecard from the command line: without a store, with and without a model."""

import json
from pathlib import Path

import pytest

from services.scorecard.case import cases
from tests.model_server import Fail, ModelServer, Say
from tests.rfl1.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "scorecard.md"


def step(kind: str, text: str) -> Say:
    given = {"kind": kind, "text": text, "answers": [], "say": "", "expect": "", "caution": "", "confirm": False}
    return Say(json.dumps(given | {"scope": "", "undo": "", "needs_identity": False, "reason": "needs_access"}))


def test_the_page_in_the_documentation_is_what_the_playbooks_come_to(run: Run, home: Path, tmp_path: Path) -> None:
    ran = run("bench", "builder", "--markdown", tmp_path / "made.md")
    assert ran.status == 0
    assert (tmp_path / "made.md").read_text() == PAGE.read_text(), "run `make scorecard`"
    assert "no model was asked" in ran.out
    assert not home.exists()


def test_a_few_calls_as_one_document(run: Run) -> None:
    given = run("bench", "builder", "--cases", "3", "--json").json
    assert given["answered"] == {"model": None, "by": []}
    assert [line["case"] for line in given["lines"]] == [case.name for case in cases()[:3]]
    assert (given["totals"]["cases"], given["totals"]["cost_usd"]) == (3, 0.0)


def test_a_model_that_is_set_up_is_asked_and_its_cost_is_shown(run: Run, home: Path, model: ModelServer) -> None:
    model.script = [Say("Yes.")]
    model.otherwise = lambda _: step("escalate", "Pass it on.")
    ran = run("bench", "builder", "--cases", "2", "--json")
    assert ran.status == 0
    assert ran.json["answered"] == {"model": "claude-haiku-5-5", "by": ["x"]}
    totals = ran.json["totals"]
    assert (totals["needless"], totals["calls"], totals["outcomes"]) == (2, 3, {"answered": 3})
    assert totals["cost_usd"] > 0
    assert "at most 100 US cents" in ran.err
    assert not home.exists()


def test_a_model_that_does_not_answer_ends_it_at_once(run: Run, model: ModelServer) -> None:
    model.otherwise = lambda _: Fail(401, "authentication_error", "invalid x-api-key")
    ran = run("bench", "builder")
    assert (ran.status, ran.out, len(model.requests)) == (3, "", 1)
    assert "invalid x-api-key" in ran.err
    assert "sk-hidden" not in ran.err


def test_a_model_that_is_switched_off_is_not_asked(
    run: Run, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFL1_AI", "off")
    assert run("bench", "builder", "--cases", "1").status == 0
    assert model.requests == []
