"""Fixes and templates by a model: nothing personal goes out, what comes back is tidied, nothing is put on record."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.ai.failures import ModelFailed
from services.ai.sdk import Way
from services.ai.speaker import Speaker
from services.ai.spending import Spending
from services.errors import NotAllowed
from services.fixes.fixes import Fixes
from services.fixes.model import Suggestion
from services.fixes.scripts.model import Script
from services.fixes.suggesting import Suggester
from tests.model_server import Fail, ModelServer, Say, model_server
from tests.services.fixes.conftest import Desk

GIVEN: dict[str, Any] = {
    "title": "Restart the spooler",
    "rationale": "The queue hangs.",
    "steps": ["Open services.", "Restart it."],
    "confidence": 60,
    "script": "",
    "language": "powershell",
}


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        yield server


@pytest.fixture
async def suggester(desk: Desk, model: ModelServer) -> AsyncIterator[Suggester]:
    spending = Spending(desk.scene.database, desk.scene.clock)
    speaker = Speaker(Way(api_key="k", base_url=model.url), spending, desk.scene.clock)
    yield Suggester(speaker, "claude-sonnet-5-5")
    await speaker.close()
    await spending.close()


def asked(model: ModelServer) -> str:
    return json.dumps(model.requests)


async def test_a_fix_is_suggested_from_what_is_on_record(desk: Desk, model: ModelServer, suggester: Suggester) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    case = await desk.fixes.record(engineer, case.walk, case.found.fixes[0].id, "applied_failed", "It hung again.")
    case = await desk.facts.add(engineer, case.walk, "The driver is from 2019.")
    model.script = [Say(json.dumps({**GIVEN, "script": '$password = "Hunter2!"\u202e\r\nGet-Printer'}))]
    made = await suggester.fix(engineer, case)
    assert (made.origin, made.title, made.steps, made.confidence) == (
        "model",
        "Restart the spooler",
        ("Open services.", "Restart it."),
        60,
    )
    assert made.script == Script('$password = "[removed]"\nGet-Printer')
    for told in ("The driver is from 2019.", "did not help. It hung again.", "Clear the saved credentials."):
        assert told in asked(model)
    assert "tina" not in asked(model)
    assert (await desk.fixes.open(engineer, case.walk.id)) == case
    case = await desk.fixes.suggest(engineer, case.walk, made)
    assert case.found.newest is not None
    assert case.found.newest.origin == "model"


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ({"confidence": 900}, Suggestion(title="x", confidence=100)),
        ({"confidence": -3}, Suggestion(title="x", confidence=0)),
        ({"confidence": "sure"}, Suggestion(title="x", confidence=0)),
        ({"script": "x", "language": "perl"}, Suggestion(title="x", script=None)),
        ({"steps": ["[red]x[/] \x1b[31m \u202e; DROP TABLE", 7, ""]}, Suggestion(title="x")),
    ],
)
async def test_what_does_not_fit_is_left_out(
    desk: Desk, model: ModelServer, suggester: Suggester, given: dict[str, Any], becomes: Suggestion
) -> None:
    case = await desk.with_fix()
    model.script = [Say(json.dumps({**GIVEN, **given}))]
    made = await suggester.fix(desk.scene.team.engineer, case)
    assert made.script is None
    if "confidence" in given:
        assert made.confidence == becomes.confidence
    assert all(isinstance(step, str) and step for step in made.steps)


@pytest.mark.parametrize("given", [{"title": " "}, {"steps": []}, {"title": 7}, {"steps": "x"}])
async def test_an_answer_of_no_use_is_a_failure_of_the_model(
    desk: Desk, model: ModelServer, suggester: Suggester, given: dict[str, Any]
) -> None:
    case = await desk.with_fix()
    model.script = [Say(json.dumps({**GIVEN, **given}))]
    with pytest.raises(ModelFailed, match="no sense"):
        await suggester.fix(desk.scene.team.engineer, case)


async def test_level_1_asks_for_no_fixes_and_a_key_that_is_turned_down_is_said(
    desk: Desk, model: ModelServer, suggester: Suggester
) -> None:
    case = await desk.with_fix()
    with pytest.raises(NotAllowed):
        await suggester.fix(desk.scene.team.tech, case)
    assert model.requests == []
    model.script = [Fail(401, "authentication_error", "invalid key")]
    with pytest.raises(ModelFailed, match="turned the call down"):
        await suggester.fix(desk.scene.team.engineer, case)


def named(*parameters: tuple[str, str, str]) -> str:
    return json.dumps(
        {"parameters": [{"name": n, "label": n, "type": kind, "value": value} for n, kind, value in parameters]}
    )


async def test_the_model_names_what_differs_and_we_cut_it_out(
    desk: Desk, model: ModelServer, suggester: Suggester
) -> None:
    given = Suggestion(
        title="Map it", script=Script('net use z: \\\\files1\\scans "Summer9!"\nGet-Item \\\\files1\\scans')
    )
    case = await desk.with_fix(given)
    model.script = [Say(named(("share", "path", "\\\\files1\\scans")))]
    fixes = Fixes(desk.cases, suggester.template)
    case = await fixes.decide(desk.scene.team.engineer, case.walk, case.found.fixes[0].id, "draft_template")
    (stored,) = await desk.scripts.listed(desk.scene.team.engineer)
    assert "{{share}}" in stored.template.script.body
    assert "Summer9!" not in asked(model) + stored.template.script.body


@pytest.mark.parametrize(
    "said",
    [
        named(("A B", "text", "SRV-PRINT1")),
        named(("x", "choice", "SRV-PRINT1")),
        named(("x", "host", "SRV-PRINT1"), ("x", "host", "Get-Printer")),
        named(("x", "text", "not there")),
        json.dumps({"parameters": [7]}),
        json.dumps({"parameters": None}),
    ],
)
async def test_names_that_do_not_fit_leave_the_script_as_it_is(
    desk: Desk, model: ModelServer, suggester: Suggester, said: str
) -> None:
    script = Script('$server = "SRV-PRINT1"\nGet-Printer -ComputerName $server\n')
    model.script = [Say(said)]
    made = await suggester.template(desk.scene.team.engineer, script, None)
    assert (made.script, made.parameters) == (script, ())


async def test_without_an_answer_the_rules_find_the_parameters(
    desk: Desk, model: ModelServer, suggester: Suggester
) -> None:
    model.script = [Fail(401, "authentication_error", "invalid key")]
    made = await suggester.template(desk.scene.team.engineer, Script('$server = "SRV-PRINT1"\n$server'), None)
    assert [each.name for each in made.parameters] == ["server"]
