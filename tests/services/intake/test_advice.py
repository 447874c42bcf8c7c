"""A fast model's word on calls that the matcher is not sure of."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from services.ai.sdk import Way
from services.ai.speaker import Speaker
from services.ai.spending import Spending
from services.intake.advice import Advice
from services.intake.model import Built, Call, OutOfScope, Suggest
from services.intake.service import Intake
from tests.model_server import Behaviour, Fail, ModelServer, Say, model_server
from tests.services.walks.scene import LINE, Scene, as_file


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        yield server


@pytest.fixture
async def speaker(scene: Scene, model: ModelServer) -> AsyncIterator[Speaker]:
    spending = Spending(scene.database, scene.clock)
    made = Speaker(Way(api_key="k", base_url=model.url), spending, scene.clock)
    await made.warm()
    yield made
    await made.close()
    await spending.close()


@pytest.fixture
def advised(scene: Scene, speaker: Speaker) -> Intake:
    return Intake(scene.database, scene.clock, scene.library, scene.walks, Advice(speaker, "claude-haiku-5-5"))


def says(flow: int, category: str) -> Say:
    return Say(json.dumps({"flow": flow, "category": category}))


async def test_a_category_that_the_words_do_not_give_lets_the_call_be_built(
    scene: Scene, advised: Intake, model: ModelServer
) -> None:
    problem = "the thing in the hallway stays mute when I send my pages"
    plain = await scene.intake.take(scene.team.tech, Call(problem=problem))
    assert isinstance(plain, OutOfScope)
    model.script = [says(0, "printer")]
    built = await advised.take(scene.team.tech, Call(problem=problem))
    assert isinstance(built, Built)
    assert built.walk.category == "printer"


@pytest.mark.parametrize(
    "answer",
    [says(0, "unknown"), says(0, "registry_edit"), Fail(529), Say("no"), Say('{"flow": 1}', first=3, whole=3)],
    ids=["unknown", "forbidden", "overloaded", "nonsense", "late"],
)
async def test_the_offline_answer_stands_otherwise(
    scene: Scene, advised: Intake, model: ModelServer, answer: Behaviour
) -> None:
    model.otherwise = lambda _: answer
    outcome = await advised.take(scene.team.tech, Call(problem="the thing in the hallway stays mute"))
    assert isinstance(outcome, OutOfScope)


async def test_an_incident_is_nobodys_to_sort(scene: Scene, advised: Intake, model: ModelServer) -> None:
    model.otherwise = lambda _: says(1, "printer")
    outcome = await advised.take(scene.team.tech, Call(problem="smoke comes out of the printer"))
    assert not isinstance(outcome, Built)
    assert model.requests == []


async def test_what_the_model_would_take_stands_first(scene: Scene, advised: Intake, model: ModelServer) -> None:
    alike = (("kiln-cold", "Kiln stays cold"), ("kiln-hot", "Kiln gets too hot"))
    files = [as_file(replace(LINE, slug=slug, title=title, keywords=("kiln", "oven"))) for slug, title in alike]
    await scene.library.bring_in(scene.team.owner, files)
    problem = "the kiln in the oven room"
    offline = await scene.intake.take(scene.team.tech, Call(problem=problem))
    assert isinstance(offline, Suggest)
    first, second = offline.suggestions
    model.script = [says(2, "unknown")]
    outcome = await advised.take(scene.team.tech, Call(problem=problem))
    assert isinstance(outcome, Suggest)
    assert outcome.suggestions == (second, first)


async def test_what_was_asked_before_the_call_began_is_shown_with_it(
    scene: Scene, advised: Intake, speaker: Speaker, model: ModelServer
) -> None:
    model.script = [says(0, "printer")]
    call = Call(problem="the thing in the hallway stays mute when I send my pages", session_id=uuid4())
    built = await advised.take(scene.team.tech, call)
    assert isinstance(built, Built)
    (sent,) = speaker.sent(built.walk.id)
    assert (sent.purpose, sent.outcome) == ("classify", "answered")


async def test_who_would_have_to_wait_for_the_sdk_is_not_kept(
    scene: Scene, speaker: Speaker, model: ModelServer
) -> None:
    fresh = Speaker(Way(api_key="k", base_url=model.url), Spending(scene.database, scene.clock), scene.clock)
    advice = Advice(fresh, "claude-haiku-5-5")
    model.otherwise = lambda _: says(0, "printer")
    call = Call(problem="the thing in the hallway stays mute")
    assert await advice.of(scene.team.tech, call, []) is None
    await fresh.warm()
    assert await advice.of(scene.team.tech, call, []) is not None
    assert len(model.requests) == 1
    await fresh.close()
