"""The real SDK against a service on this machine: every way in which it can fail, and what it costs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from services.ai import speaker as speaking
from services.ai.failures import ModelFailed
from services.ai.models import MODELS, Usage, known
from services.ai.reading import Fields
from services.ai.sdk import NEEDED, Backend, Way, own_name
from services.ai.speaker import Ask, Speaker
from services.ai.spending import Spending
from services.team.settings import AccountSettings
from storage.database import Database
from storage.tables import ModelCall
from tests.model_server import Behaviour, Fail, Hang, ModelServer, Say, model_server
from tests.services.people import ManualClock, Team, make_team

SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
ASK = Ask(purpose="next_node", model="claude-haiku-5-5", system="Be brief.", data="<problem>no sound</problem>")


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        yield server


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def database(migrated_sqlite_url: str) -> AsyncIterator[Database]:
    store = Database.open(migrated_sqlite_url)
    yield store
    await store.dispose()


@pytest.fixture
async def team(database: Database, clock: ManualClock) -> Team:
    return await make_team(database, clock)


@pytest.fixture
def spending(database: Database, clock: ManualClock) -> Spending:
    return Spending(database, clock)


@pytest.fixture
async def speaker(spending: Spending, clock: ManualClock, model: ModelServer) -> AsyncIterator[Speaker]:
    made = Speaker(Way(api_key="sk-test", base_url=model.url), spending, clock)
    yield made
    await made.close()
    await spending.close()


async def calls(database: Database, spending: Spending, team: Team) -> list[ModelCall]:
    """What is on record once all that was under way is written."""
    await spending.close()
    async with database.reading(team.tech) as read:
        return list(await read.session.scalars(select(ModelCall).order_by(ModelCall.at)))


async def test_an_answer_comes_whole_and_as_it_is_written(speaker: Speaker, model: ModelServer, team: Team) -> None:
    model.script = [Say('{"text": "Ask who is calling."}')]
    seen: list[Fields] = []
    given = await speaker.fields(team.tech, replace(ASK, schema=SCHEMA), show=seen.append)
    assert given == {"text": "Ask who is calling."}
    texts = [each.get("text", "") for each in seen]
    assert len(set(texts)) > 2
    assert all("Ask who is calling.".startswith(text) for text in texts)


async def test_a_request_says_what_its_model_understands(speaker: Speaker, model: ModelServer, team: Team) -> None:
    model.otherwise = lambda _: Say("done")
    for name in ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-haiku-4-5", "something-new"):
        await speaker.text(team.tech, replace(ASK, model=name))
    thinking = [request.get("thinking") for request in model.requests]
    assert thinking == [{"type": "disabled"}, {"type": "between_tools"}, {"type": "disabled"}, None]
    assert ["output_config" in request for request in model.requests] == [True, True, False, False]
    for request in model.requests:
        assert not {"temperature", "top_p", "top_k", "tools", "tool_choice"} & request.keys()
        assert [message["role"] for message in request["messages"]] == ["user"]
        assert request["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert model.headers[0]["authorization"] == "bearer sk-test"


FAULTS: list[tuple[str, Behaviour, str]] = [
    ("key", Fail(401, "authentication_error", "invalid key"), "rejected"),
    ("model", Fail(404, "not_found_error", "model: something-new"), "rejected"),
    ("spend", Fail(400, "billing_error", "credit balance is too low"), "rejected"),
    ("limited", Fail(429, "rate_limit_error", headers={"retry-after": "3600"}), "limited"),
    ("overloaded for long", Fail(529, "overloaded_error", headers={"retry-after": "3600"}), "overloaded"),
    ("truncated", Say('{"text": "Ask', stop="max_tokens"), "truncated"),
    ("refused", Say("", stop="refusal"), "refused"),
    ("not JSON", Say("Sure! Here is the next step."), "invalid"),
    ("not an object", Say('["text"]'), "invalid"),
    ("invented placeholder", Say('{"text": "Call [NAME_7]"}'), "invalid"),
]


@pytest.mark.parametrize(("behaviour", "why"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
async def test_what_cannot_get_better_is_not_asked_again(
    speaker: Speaker, model: ModelServer, team: Team, behaviour: Behaviour, why: str
) -> None:
    model.script = [behaviour]
    with pytest.raises(ModelFailed) as failed:
        await speaker.fields(team.tech, replace(ASK, schema=SCHEMA))
    assert failed.value.why == why
    assert "\n" not in failed.value.detail
    assert len(model.requests) == 1


PASSING: list[tuple[str, Behaviour]] = [
    ("overloaded", Fail(529, "overloaded_error")),
    ("broken", Fail(500, "api_error")),
    ("a proxy's page", Fail(502)),
    ("in mid-stream", Say('{"text": "Ask who"}', error="overloaded_error")),
    ("cut", Say('{"text": "Ask who"}', cut=True)),
    ("ended early", Say('{"text": "Ask who"}', stop=None)),
]


@pytest.mark.parametrize("behaviour", [fault[1] for fault in PASSING], ids=[fault[0] for fault in PASSING])
async def test_what_may_pass_is_tried_once_more(
    speaker: Speaker, model: ModelServer, team: Team, behaviour: Behaviour
) -> None:
    model.script = [behaviour, Say('{"text": "Ask who is calling."}')]
    assert await speaker.fields(team.tech, replace(ASK, schema=SCHEMA)) == {"text": "Ask who is calling."}
    model.script = [behaviour, behaviour]
    with pytest.raises(ModelFailed):
        await speaker.fields(team.tech, replace(ASK, schema=SCHEMA))
    assert len(model.requests) == 4


async def test_what_was_shown_is_not_written_anew(speaker: Speaker, model: ModelServer, team: Team) -> None:
    model.script = [Say('{"text": "Ask who is calling."}', error="overloaded_error")]
    seen: list[Fields] = []
    with pytest.raises(ModelFailed) as failed:
        await speaker.fields(team.tech, replace(ASK, schema=SCHEMA), show=seen.append)
    assert failed.value.why == "overloaded"
    assert seen
    assert len(model.requests) == 1


async def test_a_stream_that_only_pings_ends(
    speaker: Speaker, model: ModelServer, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "IDLE_LIMIT", 0.3)
    model.script = [Say('{"text": "Ask who is calling."}', pings=True)]
    with pytest.raises(ModelFailed) as failed:
        await speaker.fields(team.tech, replace(ASK, schema=SCHEMA))
    assert failed.value.why == "timeout"


async def test_everything_ends_within_its_limit(speaker: Speaker, model: ModelServer, team: Team) -> None:
    await speaker.warm()
    model.script = [Hang()]
    with pytest.raises(ModelFailed) as failed:
        await speaker.text(team.tech, replace(ASK, limit=0.3))
    assert failed.value.why == "timeout"


async def test_nobody_there(database: Database, clock: ManualClock, team: Team) -> None:
    speaker = Speaker(Way(api_key="k", base_url="http://127.0.0.1:9"), Spending(database, clock), clock)
    with pytest.raises(ModelFailed) as failed:
        await speaker.text(team.tech, ASK)
    await speaker.close()
    assert failed.value.why == "unreachable"


async def test_a_call_that_nobody_waits_for_leaves_the_next_one_alone(
    speaker: Speaker, model: ModelServer, database: Database, spending: Spending, team: Team
) -> None:
    await speaker.warm()
    model.script = [Say("a long answer " * 20, whole=5), Say("done")]
    asked = asyncio.create_task(speaker.text(team.tech, ASK))
    while not model.requests:  # noqa: ASYNC110  # the stand-in tells nobody
        await asyncio.sleep(0.01)
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked
    assert await speaker.text(team.tech, ASK) == "done"
    assert [call.outcome for call in await calls(database, spending, team)] == ["cancelled", "answered"]


async def test_what_it_cost_is_on_record(
    speaker: Speaker, model: ModelServer, database: Database, spending: Spending, team: Team
) -> None:
    model.script = [Say("done"), Say("", stop="refusal")]
    await speaker.text(team.tech, ASK)
    with pytest.raises(ModelFailed):
        await speaker.text(team.tech, ASK)
    first, second = await calls(database, spending, team)
    assert (first.input_tokens, first.cache_write_tokens, first.cache_read_tokens, first.output_tokens) == (
        100,
        20,
        30,
        40,
    )
    # 100 at 0.10, 20 at 0.125, 30 at 0.01 and 40 at 0.50 dollars a million
    assert first.cost == 33 == Usage(100, 20, 30, 40).cost("claude-haiku-5-5")
    assert (first.outcome, second.outcome) == ("answered", "refused")


async def test_past_the_budget_nothing_is_asked(
    speaker: Speaker, model: ModelServer, database: Database, clock: ManualClock, team: Team
) -> None:
    settings = AccountSettings(database, clock)
    await settings.set(team.owner, "ai.hour_budget", "1")
    model.otherwise = lambda _: Say("done")
    dear = replace(ASK, model="claude-fable-5-1")  # 3.3 thousandths of a dollar a call
    for _ in range(2):
        await speaker.text(team.tech, dear)
    with pytest.raises(ModelFailed, match="budget"):
        await speaker.text(team.tech, replace(dear, purpose="look_ahead"))
    await speaker.text(team.tech, dear)
    await speaker.text(team.tech, dear)
    with pytest.raises(ModelFailed, match="1 US cents an hour"):
        await speaker.text(team.tech, dear)
    assert len(model.requests) == 4
    clock.forward(hours=2)
    await speaker.text(team.tech, dear)


async def test_nothing_personal_leaves(speaker: Speaker, model: ModelServer, team: Team) -> None:
    data = (
        "<problem>Maria Lopez (maria@acme.example, 555-010-2030) at 10.2.3.4: LAPTOP-7Q2, password: hunter2!</problem>"
    )
    model.script = [Say('{"text": "Tell [NAME_1] to restart [HOST_1]."}')]
    given = await speaker.fields(team.tech, replace(ASK, data=data, names=("Maria Lopez",), schema=SCHEMA))
    sent = str(model.requests)
    for private in ("Maria", "Lopez", "acme", "555", "10.2.3.4", "7Q2", "hunter2"):
        assert private not in sent
    assert given == {"text": "Tell Maria Lopez to restart LAPTOP-7Q2."}
    (kept,) = speaker.sent()
    assert kept.data == model.requests[0]["messages"][0]["content"]


async def test_what_comes_back_cannot_break_out_of_its_field(speaker: Speaker, model: ModelServer, team: Team) -> None:
    name = 'x", "kind": "y@z.example'
    model.script = [Say('{"text": "Mail [EMAIL_1]"}')]
    given = await speaker.fields(team.tech, replace(ASK, data=f"<problem>{name}</problem>", schema=SCHEMA))
    assert given == {"text": "Mail y@z.example"}


async def test_nothing_of_it_is_in_a_log(
    speaker: Speaker, model: ModelServer, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model.script = [Say("a secret answer"), Fail(400, "invalid_request_error", "no sound")]
    await speaker.text(team.tech, ASK)
    with pytest.raises(ModelFailed):
        await speaker.text(team.tech, ASK)
    written = "\n".join(record.getMessage() for record in caplog.records if record.name != "asyncio")
    for text in ("no sound", "secret answer", "sk-test"):
        assert text not in written


async def test_the_loop_goes_on_while_the_sdk_is_loaded(speaker: Speaker) -> None:
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - before)

    ticking: asyncio.Task[Any] = asyncio.create_task(tick())
    await speaker.warm()
    ticking.cancel()
    assert longest < 2  # the whole import takes longer than that; how much less is measured, not tested


async def test_another_address_in_the_answer_is_not_followed(speaker: Speaker, model: ModelServer, team: Team) -> None:
    async with model_server() as elsewhere:
        model.otherwise = lambda _: Fail(307, headers={"location": f"{elsewhere.url}/v1/messages"})
        with pytest.raises(ModelFailed) as failed:
            await speaker.text(team.tech, ASK)
        assert failed.value.why == "rejected"
        assert elsewhere.requests == []


async def test_an_answer_without_end_is_none(speaker: Speaker, model: ModelServer, team: Team) -> None:
    model.script = [Say("on and " * 400)]
    with pytest.raises(ModelFailed) as failed:
        await speaker.text(team.tech, replace(ASK, most=64))
    assert failed.value.why == "invalid"


async def test_what_was_given_up_is_counted_too(
    speaker: Speaker, model: ModelServer, database: Database, spending: Spending, team: Team
) -> None:
    await speaker.warm()
    model.script = [Hang(), Say("a long answer " * 20, whole=5)]
    for words in (0, 20):
        asked = asyncio.create_task(speaker.text(team.tech, ASK))
        await asyncio.sleep(0.3 if not words else 0.8)
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asked
    silent, begun = await calls(database, spending, team)
    assert silent.input_tokens == (len(ASK.system) + len(ASK.data)) // 4
    assert begun.input_tokens == 100
    assert begun.output_tokens > 1


async def test_what_is_under_way_is_shown_as_sent(speaker: Speaker, model: ModelServer, team: Team) -> None:
    await speaker.warm()
    model.script = [Hang()]
    asked = asyncio.create_task(speaker.text(team.tech, ASK))
    while not model.requests:  # noqa: ASYNC110  # the stand-in tells nobody
        await asyncio.sleep(0.01)
    assert [each.outcome for each in speaker.sent()] == ["under way"]
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked
    assert [each.outcome for each in speaker.sent()] == ["cancelled"]


async def test_what_never_left_is_not_shown_as_sent(database: Database, clock: ManualClock, team: Team) -> None:
    speaker = Speaker(Way(api_key="k", refused="plain http"), Spending(database, clock), clock)
    with pytest.raises(ModelFailed, match="plain http"):
        await speaker.text(team.tech, ASK)
    assert speaker.sent() == ()


@pytest.mark.parametrize("backend", NEEDED)
async def test_a_back_end_whose_package_is_missing_says_which(
    database: Database, clock: ManualClock, team: Team, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NEEDED, backend, ("a_module_that_nobody_has", NEEDED[backend][1]))
    speaker = Speaker(Way(backend, "k"), Spending(database, clock), clock)
    with pytest.raises(ModelFailed, match=rf"anthropic\[{NEEDED[backend][1]}\]"):
        await speaker.text(team.tech, ASK)
    await speaker.close()


async def test_another_back_end_is_not_given_the_key_of_this_one(
    database: Database, clock: ManualClock, model: ModelServer, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", "its own")
    model.script = [Say("done")]
    speaker = Speaker(Way("foundry", "sk-test", model.url), Spending(database, clock), clock)
    assert await speaker.text(team.tech, ASK) == "done"
    assert "sk-test" not in str(model.headers)
    await speaker.close()


@pytest.mark.parametrize(
    "name",
    ["claude-haiku-5-5", "anthropic.claude-haiku-5-5", "global.anthropic.claude-haiku-5-5", "claude-haiku-5-5@1"],
)
def test_a_model_is_known_by_the_names_that_back_ends_give_it(name: str) -> None:
    assert known(name) is MODELS["claude-haiku-5-5"]


def test_the_models_that_are_not_chosen_have_the_names_of_their_back_end() -> None:
    assert own_name("bedrock", "claude-haiku-5-5") == "anthropic.claude-haiku-5-5"
    assert own_name("vertex", "claude-haiku-5-5") == "claude-haiku-5-5"
