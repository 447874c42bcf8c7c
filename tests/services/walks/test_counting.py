"""How ended calls are counted: at each node, for each week, once, whatever becomes of them afterwards."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from services.access import Actor
from services.errors import NotAllowed, NotFound
from services.intake.model import Call, Matched, TakeFlow
from services.stats import Stats
from services.stats.counting import Counting
from services.stats.records import CROWD, Record, Records
from services.stats.weeks import CategoryFigures
from services.walks.counting import opened_again
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Verified, Walk
from storage.counts import free, uncounted
from storage.database import Reading
from storage.tables import Session, VisitCount, WeekCount
from tests.services.people import past
from tests.services.walks.scene import LIFE, LINE, Scene, as_file

YES, NO = Choose(0), Choose(1)


async def passed_on(scene: Scene, walk: Walk) -> Walk:
    return await scene.walks.escalate(scene.team.tech, walk, category="needs_access", reason="Nothing helped")


async def solved(scene: Scene, walk: Walk, by: Actor | None = None) -> Walk:
    return await scene.walks.resolve(by or scene.team.tech, walk, helpful=True, notes="")


async def counts(scene: Scene) -> dict[tuple[Any, ...], int]:
    """Every count of the account that is not 0."""
    found: dict[tuple[Any, ...], int] = {}
    async with past(scene.database, scene.team.owner) as read:
        for table in (VisitCount, WeekCount):
            rows = await read.session.execute(select(*[c for c in table.__table__.c if c.name != "account_id"]))
            found |= {tuple(row[:-1]): row[-1] for row in rows if row[-1]}
    return found


async def call(tx: Reading, walk: Walk) -> Session:
    return (await tx.session.scalars(select(Session).where(Session.id == walk.id))).one()


async def of_flow(scene: Scene, slug: str = "life", number: int | None = None) -> dict[str, Record]:
    await Counting(scene.database, scene.clock).up_to_date(scene.team.tech)
    record = await Records(scene.database, scene.clock).of_flow(scene.team.engineer, slug, number)
    return {"": record.whole, **record.nodes}


async def test_each_node_that_a_call_came_to_has_its_end(scene: Scene) -> None:
    await solved(scene, await scene.answer(await scene.start_flow(), YES, Acknowledge(), NO))
    await passed_on(scene, await scene.answer(await scene.start_flow(), YES))
    walk = await scene.answer(await scene.start_flow(), YES)
    await scene.walks.abandon(scene.team.tech, walk)
    await scene.answer(await scene.start_flow(), YES)  # still under way
    at = await of_flow(scene)
    assert at[""] == Record(3, 1, 1, 1, seconds=5)
    assert at["web"] == Record(3, 1, 1, 1, seconds=5)
    assert at["cached"] == Record(3, 1, 1, 1, passed_on_here=1, lost_here=1, seconds=5)
    assert at["check"] == Record(1, 1, seconds=5)
    assert at["done"] == Record(1, 1)
    assert (await of_flow(scene, "line"))[""] == Record()


async def test_a_step_taken_back_and_a_node_met_twice_count_once(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), NO)
    walk = await scene.walks.back(scene.team.tech, walk)
    walk = await scene.answer(walk, CannotTell())
    await scene.walks.abandon(scene.team.tech, walk)
    at = await of_flow(scene)
    assert set(at) == {"", "web", "serial"}
    assert (at["web"].reached, at["serial"].lost_here) == (1, 1)


async def test_a_node_behind_an_identity_gate_counts_as_itself(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), CannotTell(), Enter("AB1234"))
    assert walk.pending is not None
    assert walk.pending.behind is not None
    await scene.walks.abandon(scene.team.tech, walk)
    assert (await of_flow(scene))["reset"] == Record(1, 0, 0, 1, lost_here=1)
    walk = await scene.answer(await scene.start_flow(), CannotTell(), Enter("AB1234"))
    walk = await scene.answer(walk, Verified("callback_number_on_record", "by the number on record"), Acknowledge())
    await solved(scene, walk)
    assert (await of_flow(scene))["reset"] == Record(2, 1, 0, 1, lost_here=1, seconds=5)


async def test_a_linked_flow_has_a_record_of_its_own(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES, Acknowledge(), YES, Acknowledge())
    await passed_on(scene, walk)
    assert (await of_flow(scene, "line"))["light"] == Record(1, 0, 1, 0, passed_on_here=1)
    assert (await of_flow(scene))["line"] == Record(1, 0, 1, 0, seconds=5)


async def test_versions_of_a_flow_count_together_and_each_alone(scene: Scene) -> None:
    await solved(scene, await scene.answer(await scene.start_flow(), YES))
    await scene.library.bring_in(scene.team.owner, [as_file(replace(LIFE, title="Another title"))])
    await passed_on(scene, await scene.answer(await scene.start_flow(), YES))
    assert (await of_flow(scene))["web"] == Record(2, 1, 1, seconds=5)
    assert (await of_flow(scene, number=1))["web"] == Record(1, 1, seconds=5)
    assert (await of_flow(scene, number=2))["web"] == Record(1, 0, 1, seconds=5)
    with pytest.raises(NotFound, match="version 3"):
        await of_flow(scene, number=3)
    with pytest.raises(NotFound, match="no flow"):
        await of_flow(scene, "nothing")


async def test_steps_of_a_playbook_have_a_record_too(scene: Scene) -> None:
    first = await scene.build()
    await solved(scene, first)
    await Counting(scene.database, scene.clock).up_to_date(scene.team.tech)
    beside = await Records(scene.database, scene.clock).beside(scene.team.tech, await scene.build())
    assert beside is not None
    assert (beside.record.reached, beside.record.resolved) == (1, 1)


async def test_what_goes_on_again_is_taken_out_and_counted_as_it_ends_at_last(scene: Scene) -> None:
    walk = await passed_on(scene, await scene.answer(await scene.start_flow(), YES))
    assert (await of_flow(scene))["cached"].passed_on_here == 1
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, "Clear them all")
    assert await counts(scene) == {}
    walk = await scene.answer(walk, Acknowledge(), NO)
    await solved(scene, walk)
    at = await of_flow(scene)
    assert (at["cached"], at["check"].escalated) == (Record(1, 0, 1, passed_on_here=1), 1)
    figures = await Stats(scene.database, scene.clock).account(scene.team.owner)
    assert (figures.ended, figures.resolved_first_call, figures.escalations) == (1, 0, 1)


async def test_what_an_engineer_resolves_stays_counted_as_it_was(scene: Scene) -> None:
    walk = await passed_on(scene, await scene.start_flow())
    before = await of_flow(scene)
    await solved(scene, walk, scene.team.engineer)
    assert await of_flow(scene) == before


async def test_a_call_that_was_resolved_too_early_is_counted_apart(scene: Scene) -> None:
    walk = await solved(scene, await scene.start_flow())
    stats = Stats(scene.database, scene.clock)
    assert (await stats.account(scene.team.owner)).weeks[-1].resolved == 1
    scene.clock.forward(hours=24 * 10)
    await passed_on(scene, walk)
    figures = await stats.account(scene.team.owner)
    assert (figures.resolved_first_call, figures.reopened, figures.escalations) == (0, 1, 1)
    late = await solved(scene, await scene.start_flow())
    scene.clock.forward(hours=24 * 31)
    await passed_on(scene, late)
    assert (await stats.account(scene.team.owner)).reopened == 1


async def test_weeks_without_a_call_are_shown_too(scene: Scene) -> None:
    await solved(scene, await scene.answer(await scene.start_flow(), YES))
    scene.clock.forward(hours=24 * 14)
    await passed_on(scene, await scene.start_flow())
    figures = await Stats(scene.database, scene.clock).account(scene.team.tech, weeks=3)
    first, empty, last = figures.weeks
    assert (first.week, first.ended, first.first_call_resolution, first.handle_seconds) == ("2026-03-02", 1, 1.0, 5)
    assert (empty.week, empty.ended, empty.first_call_resolution, empty.handle_seconds) == ("2026-03-09", 0, None, None)
    assert (last.reasons, last.categories) == ({"needs_access": 1}, {"email_outlook_client": CategoryFigures(1, 0, 1)})
    assert (figures.in_weeks.ended, figures.in_weeks.first_call_resolution) == (2, 0.5)


async def test_two_who_count_at_once_count_each_call_once(scene: Scene) -> None:
    for _ in range(3):
        await passed_on(scene, await scene.answer(await scene.start_flow(), YES))
    counting = Counting(scene.database, scene.clock)
    people = (scene.team.tech, scene.team.engineer, scene.team.owner, scene.team.covering)
    await asyncio.gather(*(counting.up_to_date(each) for each in people))
    assert (await of_flow(scene))[""].reached == 3


async def test_a_call_whose_ticket_is_opened_again_while_it_is_counted_waits_for_the_next_count(scene: Scene) -> None:
    walk = await solved(scene, await scene.start_flow())
    async with past(scene.database, scene.team.owner) as read:
        [(row, _)] = await uncounted(read, 10)
    async with past(scene.database, scene.team.owner) as tx:
        await opened_again(tx, await call(tx, walk), scene.clock())
    async with past(scene.database, scene.team.owner) as tx:
        assert await free(tx, [row]) == []
        assert await free(tx, [await call(tx, walk)]) == [walk.id]


async def test_counted_again_from_nothing_the_same_comes_of_it(scene: Scene) -> None:
    await solved(scene, await scene.answer(await scene.start_flow(), YES, Acknowledge()))
    await passed_on(scene, await scene.start_flow("line"))
    counting = Counting(scene.database, scene.clock)
    await counting.up_to_date(scene.team.tech)
    before = await counts(scene)
    with pytest.raises(NotAllowed):
        await counting.again(scene.team.engineer)
    await counting.again(scene.team.owner)
    assert await counts(scene) == {}
    assert await counting.up_to_date(scene.team.owner) == 0
    assert await counts(scene) == before != {}


async def test_no_more_is_counted_than_somebody_waits_for(scene: Scene) -> None:
    for _ in range(3):
        await passed_on(scene, await scene.start_flow("line"))
    assert await Counting(scene.database, scene.clock).up_to_date(scene.team.tech, most=2) == 1


@pytest.mark.parametrize("frames", [["nothing"], [[]], [{}], {}])
async def test_a_call_whose_path_cannot_be_read_is_in_the_figures_all_the_same(scene: Scene, frames: Any) -> None:
    walk = await solved(scene, await scene.start_flow())
    async with past(scene.database, scene.team.owner) as tx:
        row = await call(tx, walk)
        row.pending, row.frames = {"what": "is this"}, frames
    assert (await Stats(scene.database, scene.clock).account(scene.team.tech)).resolved_first_call == 1


# Several callers at one node


async def caller(scene: Scene, contact: str) -> Walk:
    said = Call(problem="It asks again", customer="Acme", contact=contact)
    outcome = await scene.intake.take(scene.team.second, said, TakeFlow("life"))
    assert isinstance(outcome, Matched)
    return outcome.walk


async def callers(scene: Scene, walk: Walk) -> int:
    beside = await Records(scene.database, scene.clock).beside(scene.team.tech, walk)
    assert beside is not None
    assert beside.crowded == (beside.callers >= CROWD)
    return beside.callers


async def test_callers_who_came_to_the_same_node_within_half_an_hour_are_counted(scene: Scene) -> None:
    mine = await caller(scene, "555-0001")
    assert await callers(scene, mine) == 1
    await caller(scene, "555-0002")  # stands there
    gone_on = await caller(scene, "555-0003")
    await scene.walks.answer(scene.team.second, gone_on, YES)
    await scene.start_flow("line")  # elsewhere
    assert await callers(scene, mine) == 3
    scene.clock.forward(seconds=31 * 60)
    assert await callers(scene, mine) == 1


async def test_who_calls_twice_is_one_caller_and_nobody_is_counted_who_is_not_named(scene: Scene) -> None:
    mine = await caller(scene, "555-0001")
    await caller(scene, "555-0002")
    await caller(scene, "555-0002")
    assert await callers(scene, mine) == 2
    await scene.start_flow()
    assert await callers(scene, mine) == 3


async def test_callers_of_another_account_are_none_of_ours(scene: Scene) -> None:
    await scene.library.bring_in(scene.team.their_owner, [as_file(LINE), as_file(LIFE)])
    await scene.start_flow(by=scene.team.their_tech)
    assert await callers(scene, await caller(scene, "555-0001")) == 1


async def test_where_a_call_was_passed_on_stays_in_its_own_flow_whatever_is_walked_afterwards(scene: Scene) -> None:
    walk = await passed_on(scene, await scene.answer(await scene.start_flow(), YES))
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, "Ask them once more")
    walk = await scene.walks.back(scene.team.tech, await scene.walks.open(scene.team.tech, walk.id))
    walk = await scene.answer(walk, CannotTell(), Enter("AB1234"), Verified("callback_number_on_record", "rang back"))
    walk = await scene.answer(walk, Acknowledge(), YES, Acknowledge())  # within the linked flow
    figures = await Stats(scene.database, scene.clock).account(scene.team.owner)
    assert [(each.flow, each.node) for each in figures.escalations_by_node] == [("life", "cached")]
    await solved(scene, walk)
    assert (await of_flow(scene))["cached"] == Record(1, 0, 1, passed_on_here=1)
    assert "cached" not in await of_flow(scene, "line")
