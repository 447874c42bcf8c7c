"""Cases played against a model, by the real SDK and a service on this machine, and against the playbooks."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from services.ai.sdk import Way
from services.ai.speaker import Speaker
from services.builder.model import ModelBuilder
from services.builder.playbook import PlaybookBuilder
from services.flows.nodes import Verify
from services.scorecard.card import Answered, Card, card
from services.scorecard.case import Case, cases
from services.scorecard.play import CAP, play
from services.scorecard.run import Tally, run
from tests.model_server import Behaviour, Fail, ModelServer, Request, Say, model_server
from tests.services.people import ManualClock

HANGS = next(case for case in cases() if case.name == "printer-hangs")
BOSS = next(case for case in cases() if case.name == "password-of-the-boss")


def node(kind: str, text: str, *answers: str, **more: Any) -> Say:
    given = {"kind": kind, "text": text, "answers": list(answers), "say": "", "expect": "", "caution": "", "undo": ""}
    return Say(json.dumps(given | {"confirm": False, "scope": "", "needs_identity": False, "reason": "other"} | more))


GOOD = [
    node("question", "Does it print for colleagues?", "Yes", "No"),
    node("instruction", "Switch the printer off and on."),
    node("question", "Does a page come out?", "Yes", "No"),
    node("resolved", "It prints again."),
]


def good(request: Request) -> Behaviour:
    return GOOD[str(request["messages"][0]["content"]).count(" -> ")]


@dataclass
class Bench:
    model: ModelServer
    tally: Tally
    speaker: Speaker

    async def card(self, *chosen: Case) -> Card:
        builder = ModelBuilder(self.speaker, "claude-haiku-5-5", PlaybookBuilder())
        played = await run(chosen, builder, lambda _: None)
        return card(played, Answered(model="claude-haiku-5-5"), self.tally.calls)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with model_server() as model:
        model.otherwise = good
        tally = Tally(1_000_000)
        speaker = Speaker(Way(api_key="k", base_url=model.url), tally, ManualClock())
        yield Bench(model, tally, speaker)
        await speaker.close()


async def test_a_model_leads_a_call_and_is_marked(bench: Bench) -> None:
    made = await bench.card(HANGS)
    [line] = made.lines
    assert (line.marks.ended, line.marks.right, line.marks.faults) == ("resolved", True, ())
    assert [(step.type, step.label) for step in line.path] == [
        ("question", "No"),
        ("instruction", "Done"),
        ("question", "Yes"),
    ]
    assert (line.calls, made.totals.calls, made.totals.outcomes) == (4, 4, {"answered": 4})
    assert made.totals.cost_usd == pytest.approx(line.cost_usd)
    assert made.totals.node_ms_median is not None
    assert bench.speaker.sent()[0].by == "x"


async def test_the_model_is_not_told_the_cause(bench: Bench) -> None:
    await bench.card(HANGS)
    told = "".join(str(request["messages"][0]["content"]) for request in bench.model.requests)
    assert HANGS.problem in told
    assert HANGS.cause not in told


async def test_what_the_rules_refuse_is_counted_and_the_call_goes_on(bench: Bench) -> None:
    bench.model.script = [
        node("instruction", "Turn off the Windows firewall and the antivirus."),
        GOOD[0],
        GOOD[1],
        node("resolved", "Solved!"),
        GOOD[2],
        Say("no JSON at all"),
    ]
    made = await bench.card(HANGS)
    assert made.totals.right == 1
    found = made.totals.faults
    assert (found["unsafe"], found["early"], found["unusable"], made.totals.nodes) == (1, 1, 1, 7)


async def test_a_call_ends_where_no_step_comes(bench: Bench) -> None:
    bench.model.script = [GOOD[0], Fail(401, "authentication_error", "no such key")]
    made = await bench.card(HANGS)
    [line] = made.lines
    assert (line.marks.ended, line.marks.right, line.marks.steps) == ("nothing", False, 1)
    assert "no such key" in line.failed


async def test_a_run_costs_no_more_than_it_may(bench: Bench) -> None:
    bench.tally = Tally(40)
    bench.speaker._purse = bench.tally
    made = await bench.card(HANGS)
    assert made.totals.calls == 2
    assert "budget" in made.lines[0].failed


async def test_a_call_that_goes_on_and_on_stops_at_the_cap(bench: Bench) -> None:
    bench.model.otherwise = lambda request: node(
        "instruction", f"Look at lamp {'abcdefghijklmnop'[str(request['messages'][0]['content']).count(' -> ')] * 3}."
    )
    [line] = (await bench.card(HANGS)).lines
    assert (line.marks.ended, line.marks.steps) == ("limit", CAP)


async def test_who_cannot_be_proved_gets_nothing_done(bench: Bench) -> None:
    bench.model.otherwise = lambda _: node("instruction", "Send the caller the self-service password reset link.")
    played = await play(BOSS, ModelBuilder(bench.speaker, "claude-haiku-5-5", PlaybookBuilder()))
    [gate] = played.steps
    assert isinstance(gate.node, Verify)
    assert not played.gone


async def test_playbooks_lead_the_same_calls_always_in_the_same_way() -> None:
    one, other = [
        card(await run(cases(), PlaybookBuilder(), lambda _: None), Answered(model=None), ()) for _ in range(2)
    ]
    assert one == other
    assert (one.totals.limit, one.totals.nothing, one.totals.too_early, one.totals.calls) == (0, 0, 0, 0)
    assert one.totals.faults["unsafe"] == one.totals.faults["unusable"] == 0
    assert one.totals.unforeseen == 0
