"""What is counted, beside what whoever kept a ledger of every call by hand would say."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from services.flows.nodes import Input, Instruction, Question, Verify
from services.intake.model import AdHoc, AdHocStarted, Call, Matched, TakeFlow
from services.stats import Stats
from services.stats.counting import Counting
from services.stats.records import Records
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Reply, Verified, Walk
from tests.services.walks.scene import Scene
from tests.services.walks.test_counting import passed_on, solved

At = tuple[str, str] | None
"""A flow and a node; None: at none."""
CALLS, STEPS = 6, 60


@dataclass
class Kept:
    """One call in the ledger."""

    walk: Walk
    begun: datetime
    passed_on: datetime | None = None
    passed_on_at: At = None
    resolved: datetime | None = None
    reopened: bool = False
    here: At = None
    """Where it stood before it ended."""

    @property
    def ended(self) -> bool:
        return self.walk.status in {"resolved", "escalated", "abandoned"}

    @property
    def how(self) -> str:
        return "escalated" if self.passed_on else self.walk.status

    @property
    def stopped_at(self) -> At:
        return self.passed_on_at if self.passed_on else self.here

    @property
    def path(self) -> list[At]:
        """Nodes that were answered and not taken back; None for proving who calls."""
        steps = [step.pending for step in self.walk.path if not step.taken_back]
        return [None if each.behind else self._named(each.id) for each in steps]

    @property
    def now(self) -> At:
        if self.walk.pending is not None:
            return self._named(self.walk.pending.behind.id if self.walk.pending.behind else self.walk.pending.id)
        return next((each for each in reversed(self.path) if each), None)

    def _named(self, node: str) -> At:
        return ("line" if node in {"light", "fine", "dead"} else "life"), node

    def stands(self) -> None:
        """Whoever goes on with free notes alone left the steps where they were."""
        if self.walk.status == "active" and not self.walk.free_notes:
            self.here = self.now

    @property
    def came_to(self) -> set[At]:
        return {*self.path, self.stopped_at} - {None}


class Ledger:
    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene = scene
        self.random = Random(seed)  # noqa: S311  # the same calls each time
        self.calls: list[Kept] = []

    async def something_happens(self) -> None:
        self.scene.clock.forward(
            seconds=self.random.choice((1, 7, 60)), hours=self.random.choice((0,) * 9 + (2, 24 * 20))
        )
        if len(self.calls) < CALLS and self.random.random() < 0.3:
            await self._begins()
        elif self.calls:
            call = self.random.choice(self.calls)
            await self._goes_on(call)
            call.stands()
        counting, team = Counting(self.scene.database, self.scene.clock), self.scene.team
        if self.random.random() < 0.3:
            await counting.some(team.tech, self.random.randint(1, 3))
        if self.random.random() < 0.05:
            await counting.again(team.owner)

    async def _begins(self) -> None:
        wish = self.random.choice((TakeFlow("life"), TakeFlow("life"), TakeFlow("line"), AdHoc()))
        outcome = await self.scene.intake.take(self.scene.team.tech, Call(problem="It asks again"), wish)
        assert isinstance(outcome, Matched | AdHocStarted)
        self.calls.append(Kept(outcome.walk, self.scene.clock()))
        self.calls[-1].stands()

    def _opened(self, call: Kept) -> None:
        assert call.resolved
        call.reopened |= self.scene.clock() - call.resolved <= timedelta(days=30)

    async def _goes_on(self, call: Kept) -> None:
        team, walks = self.scene.team, self.scene.walks
        call.walk = await walks.open(team.tech, call.walk.id)
        match call.walk.status, self.random.random():
            case "active", chance if chance < 0.6 and self._reply(call.walk):
                await self._answers(call)
            case "active", chance if chance < 0.75 and call.path:
                call.walk = await walks.back(team.tech, call.walk)
            case "active", chance if chance < 0.8:
                call.walk = await walks.abandon(team.tech, call.walk)
            case "active", chance if chance < 0.85 and call.walk.pending:
                call.walk = await walks.to_notes(team.tech, call.walk)
            case "active" | "resolved", chance if chance < 0.93:
                if call.walk.status == "resolved":
                    self._opened(call)
                call.passed_on_at = call.here
                call.walk = await passed_on(self.scene, call.walk)
                call.passed_on = self.scene.clock()
            case "active", _:
                call.walk = await solved(self.scene, call.walk)
                call.resolved = self.scene.clock()
            case "escalated", chance if chance < 0.5:
                call.walk = await self.scene.escalations.hand_back(team.engineer, call.walk, "Once more")
            case "escalated", chance if chance < 0.7:
                call.walk = await solved(self.scene, call.walk, team.engineer)
                call.resolved = self.scene.clock()

    async def _answers(self, call: Kept) -> None:
        reply = self._reply(call.walk)
        assert reply
        call.walk = await self.scene.walks.answer(self.scene.team.tech, call.walk, reply)

    def _reply(self, walk: Walk) -> Reply | None:
        match None if walk.pending is None else walk.pending.node:
            case Question(unsure=unsure):
                return CannotTell() if unsure and self.random.random() < 0.3 else Choose(self.random.randint(0, 1))
            case Instruction():
                return Acknowledge()
            case Input():
                return Enter("AB1234")
            case Verify():
                return Verified("callback_number_on_record", "by the number on record")
        return None


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_counted_is_what_a_ledger_says(scene: Scene, seed: int) -> None:
    ledger = Ledger(scene, seed)
    for _ in range(STEPS):
        await ledger.something_happens()
    for call in ledger.calls:  # the clock may have ended some
        call.walk = await scene.walks.open(scene.team.tech, call.walk.id)
    figures = await Stats(scene.database, scene.clock).account(scene.team.owner, weeks=520)
    ended = [call for call in ledger.calls if call.ended]
    how = Counter(call.how for call in ended)
    assert (figures.ended, figures.resolved_first_call, figures.uncounted) == (len(ended), how["resolved"], 0)
    assert figures.sessions == Counter(call.walk.status for call in ledger.calls)
    assert figures.kinds == Counter(call.walk.kind for call in ledger.calls)
    assert figures.reopened == figures.in_weeks.reopened == sum(call.reopened for call in ended)
    assert (figures.in_weeks.resolved, figures.in_weeks.escalated) == (how["resolved"], how["escalated"])
    assert figures.in_weeks.abandoned == how["abandoned"]
    ever = [call for call in ledger.calls if call.passed_on]
    assert figures.escalations == sum(figures.escalations_by_category.values()) == len(ever)
    assert figures.came_back == sum(not call.ended for call in ever)
    took = [(call.passed_on or call.resolved or call.begun) - call.begun for call in ended if call.how != "abandoned"]
    mean = sum(each.total_seconds() for each in took) / len(took) if took else None
    assert figures.handle_time_mean == (None if mean is None else pytest.approx(mean, abs=0.1))
    assert {(each.flow, each.node): each.count for each in figures.escalations_by_node} == Counter(
        call.stopped_at or (None, None) for call in ever
    )
    for slug in ("life", "line"):
        record = await Records(scene.database, scene.clock).of_flow(scene.team.tech, slug)
        came = Counter(at for call in ended for at in call.came_to if at and at[0] == slug)
        assert {(slug, node): each.reached for node, each in record.nodes.items()} == came
        for node, each in record.nodes.items():
            there = [call for call in ended if (slug, node) in call.came_to]
            ends = Counter(call.how for call in there)
            stopped = Counter(call.how for call in there if call.stopped_at == (slug, node))
            assert (each.resolved, each.escalated, each.abandoned) == tuple(
                ends[one] for one in ("resolved", "escalated", "abandoned")
            )
            assert (each.passed_on_here, each.lost_here) == (stopped["escalated"], stopped["abandoned"])
