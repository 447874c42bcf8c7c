"""A call that a model leads, on the real app: the words as they are written, the ways on when they do not come."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from screens.sent import SentScreen
from screens.walk import WalkScreen
from screens.writing import Writing
from services.ai import speaker
from services.ai.failures import ModelFailed
from services.ai.sdk import Way
from services.intake.model import BuildAnyway, Built, Call
from services.walks.model import Walk
from tests.model_server import Fail, Hang, ModelServer, Say, model_server
from tests.services.people import Team
from tests.services.walks.test_model_walks import STORY, story
from tests.stage import PATIENCE_SECONDS, Stage, stage


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        server.otherwise = story
        yield server


@pytest.fixture
async def led(services: Services, model: ModelServer) -> AsyncIterator[Services]:
    """The same store, with a model set up."""
    environment = {
        "RFL1_HOME": str(services.settings.folders.config),
        "RFL1_DATABASE_URL": services.settings.database_url,
        "RFL1_MATCH_EMBEDDER": "off",
        "ANTHROPIC_API_KEY": "sk-test",
        "ANTHROPIC_BASE_URL": model.url,
        "RFL1_AI_LOOKAHEAD": "off",
    }
    made = Services(load({}, environment), services.database, services.clock)
    assert made.assistant is not None
    await made.assistant.speaker.warm()
    yield made
    if "drafting" in vars(made):
        await made.drafting.close()
    await made.assistant.close()


async def begun(services: Services, team: Team) -> Walk:
    outcome = await services.intake.take(
        team.tech, Call(problem="the printer is offline", customer="Zork Ltd"), BuildAnyway()
    )
    assert isinstance(outcome, Built)
    return outcome.walk


async def while_under_way(holds: Callable[[], bool]) -> None:
    """Looks without waiting for what is under way to end."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110  # the screen tells nobody
            await asyncio.sleep(0.01)


async def glimpsed(on: Stage, *texts: str) -> None:
    await while_under_way(lambda: all(text in on.words for text in texts))


async def on_the_call(on: Stage) -> None:
    on.strike("enter")
    await while_under_way(lambda: isinstance(on.app.screen, WalkScreen))


async def test_the_words_are_on_the_screen_while_they_are_written(
    led: Services, team: Team, model: ModelServer
) -> None:
    await begun(led, team)
    model.script = [Say(STORY[0].replace("show?", "show? Ask for every word of it."), first=0.1, whole=3)]
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await glimpsed(on, "NEXT", "What does the printer's")
        assert on.page(WalkScreen).live.walk.pending is None
        await on.sees("1", "Offline", "2", "Ready", "AI-built, check before you act")


async def test_a_model_that_is_gone_leaves_four_ways_and_the_playbook_goes_on(
    led: Services, team: Team, model: ModelServer
) -> None:
    await begun(led, team)
    model.otherwise = lambda _: Fail(401, "authentication_error", "invalid key")
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await on.sees("turned the call down", "a Try again", "g Go on by the playbook", "f6", "e Escalate")
        await on.press("g")
        await on.until(lambda: on.page(WalkScreen).live.walk.pending is not None, "a step of the playbook")
        asked = len(model.requests)
        await on.press("1")
        await on.until(lambda: len(on.page(WalkScreen).live.walk.steps) == 1, "the step")
        assert len(model.requests) == asked


async def test_whoever_goes_another_way_does_not_wait_for_the_model(
    led: Services, team: Team, model: ModelServer
) -> None:
    await begun(led, team)
    model.otherwise = lambda _: Hang()
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await glimpsed(on, "Preparing the next step")
        on.strike("f6")
        await on.until(lambda: on.page(WalkScreen).live.walk.free_notes, "free notes")


async def test_one_key_shows_what_was_sent(led: Services, team: Team) -> None:
    await begun(led, team)
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await on.sees("Offline")
        await on.press("w")
        await on.sees("What was sent to the model", "the printer is offline", "next node", "US cents")
        assert isinstance(on.app.screen, SentScreen)
        assert on.app.screen.query_one("#keys").styles.padding.left == 2
        assert "Zork" not in on.text
        await on.press("escape")
        await on.sees("Offline")


NOTE = (
    "## Problem\nOffline.\n## What we confirmed\n- Seen.\n## Root cause\nNot established.\n## Resolution\nIt prints.\n"
)


async def test_a_draft_is_put_in_by_one_key_and_taken_out_by_the_same(
    led: Services, team: Team, model: ModelServer
) -> None:
    await begun(led, team)
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await on.sees("Offline")
        await on.press("r", *"mine")
        model.script = [Say(NOTE, first=0.2, whole=0.3)]
        on.strike("f9")
        await glimpsed(on, "template's draft; the model is writing one")
        await on.sees("a model's draft, checked against the records")
        writing = on.app.screen.query_one("#text", Writing)
        assert writing.text == NOTE.rstrip()
        await on.press("f9")
        assert writing.text == "mine"


async def test_a_late_draft_writes_over_nothing(led: Services, team: Team, model: ModelServer) -> None:
    await begun(led, team)
    async with stage(led, team.tech) as on:
        await on_the_call(on)
        await on.sees("Offline")
        await on.press("r")
        model.script = [Say(NOTE, first=0.4, whole=0.5)]
        on.strike("f9")
        on.strike("x")
        await on.sees("your own text, begun from a draft")
        assert on.app.screen.query_one("#text", Writing).text.endswith("x")


async def test_the_sdk_is_loaded_when_steps_are_about_to_be_built_and_not_before(
    services: Services, team: Team, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = list[Way]()

    async def never(way: Way) -> object:
        loading.append(way)
        raise ModelFailed("unreachable")

    monkeypatch.setattr(speaker, "connect", never)
    environment = {
        "RFL1_HOME": str(services.settings.folders.config),
        "RFL1_DATABASE_URL": services.settings.database_url,
        "RFL1_MATCH_EMBEDDER": "off",
        "ANTHROPIC_API_KEY": "sk-test",
        "ANTHROPIC_BASE_URL": model.url,
    }
    made = Services(load({}, environment), services.database, services.clock)
    async with stage(made, team.tech) as on:
        await on.press("n")
        await on.paste("q")
        await on.sees("no steps may be built")
        assert loading == []
        await on.paste(" bluetooth mouse dead")
        await on.sees("builds the steps")
        await on.until(lambda: bool(loading), "loading")
    assert made.assistant is not None
    await made.assistant.close()
