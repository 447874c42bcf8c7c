"""A call that a model leads, from hello to proposal: in the app and by script, on both databases."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from screens.walk import WalkScreen
from services.flows.proposals import Proposals
from tests.model_server import Fail, ModelServer, model_server
from tests.services.people import Team
from tests.services.walks.test_model_walks import story
from tests.stage import stage

PROBLEM = "the label printer of Zork Ltd shows offline, mail zork@zork.example or ring 555-010-2030"
PRIVATE = ("zork", "555-010", "Zork")


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        server.otherwise = story
        yield server


def environment(home: Path, url: str, model: ModelServer) -> Mapping[str, str]:
    return {
        "RFL1_HOME": str(home),
        "RFL1_DATABASE_URL": url,
        "RFL1_MATCH_EMBEDDER": "off",
        "ANTHROPIC_API_KEY": "sk-test",
        "ANTHROPIC_BASE_URL": model.url,
    }


async def test_in_the_app(services: Services, team: Team, model: ModelServer, tmp_path: Path) -> None:
    settings = load({}, environment(tmp_path, services.settings.database_url, model))
    led = Services(settings, services.database, services.clock)
    async with stage(led, team.tech) as on:
        await on.press("n")
        await on.paste(PROBLEM)
        await on.press("tab", *"Zork", "f8")
        await on.sees("What does the printer's screen show?", "AI-built, check before you act")
        await on.press("1")
        await on.sees("Switch the printer off and on.")
        await on.press("enter")
        await on.sees("Does it print now?")
        walk = on.page(WalkScreen).live.walk
        await on.press("1")
        await on.sees("It prints again.")
        await on.press("r", "ctrl+g")
        await on.sees("Resolved.")
    assert led.assistant is not None
    await led.assistant.close()
    (captured,) = await Proposals(led.database, led.clock, led.library).listed(team.owner)
    assert captured.session_id == walk.id
    assert captured.source == "ai_realtime_l1"
    assert not [private for private in PRIVATE if private in str(model.requests)]


SCRIPT = f"""
rfl1: 1
intake: {{problem: "{PROBLEM}", customer: Zork, force_build: true}}
expect: {{outcome: build, category: printer, text: screen show}}
on_failure: playbook
steps:
  - {{answer: Offline, expect: {{text: screen show}}}}
  - {{ack: true, note: it was asleep}}
  - {{answer: "Yes"}}
resolve: {{helpful: true, notes: It was asleep.}}
then: [{{draft: resolution_note}}]
after: {{status: resolved, path_length: 3}}
"""


async def by_command(given: Mapping[str, str], *arguments: str) -> tuple[int | None, str, str]:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "rfl1",
        *arguments,
        env={"PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1", **given},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    async with asyncio.timeout(90):
        out, err = await program.communicate()
    return program.returncode, out.decode(), err.decode()


async def test_by_script(store_url: str, model: ModelServer, tmp_path: Path) -> None:
    given = environment(tmp_path, store_url, model)
    assert (await by_command(given, "init", "--no-starter"))[0] == 0
    (tmp_path / "call.yaml").write_text(SCRIPT)
    status, out, err = await by_command(given, "replay", str(tmp_path / "call.yaml"), "--json")
    result = json.loads(out)
    assert (status, result["ok"]) == (0, True), (result, err)
    assert [step["label"] for step in result["steps"]] == ["Offline", "Done", "Yes"]
    assert result["drafts"][0]["by"] == "template"  # what this model writes is no note
    (captured,) = json.loads((await by_command(given, "proposals", "list", "--json"))[1])
    assert captured["session_id"] == result["session_id"]
    assert json.loads((await by_command(given, "stats", "--json"))[1])["model"]["calls"] == len(model.requests)
    assert not [private for private in PRIVATE if private in str(model.requests)]


async def test_by_script_when_the_network_goes(store_url: str, model: ModelServer, tmp_path: Path) -> None:
    given = environment(tmp_path, store_url, model)
    assert (await by_command(given, "init", "--no-starter"))[0] == 0
    model.otherwise = lambda request: story(request) if " -> " not in str(request["messages"]) else Fail(502)
    script = SCRIPT.split("steps:", maxsplit=1)[0] + "steps:\n  - {answer: Offline}\n  - {any: 20}\n"
    (tmp_path / "call.yaml").write_text(script)
    status, out, err = await by_command(given, "replay", str(tmp_path / "call.yaml"), "--json")
    result = json.loads(out)
    assert (status, result["ok"]) == (0, True), (result, err)
    assert [step["seq"] for step in result["steps"]] == list(range(1, len(result["steps"]) + 1))
    assert len(result["steps"]) > 2
