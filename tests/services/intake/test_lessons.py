"""What becomes of a call teaches the matcher, and can be taken back, on both databases."""

from typing import Any

from sqlalchemy import select

from services.intake.model import AdHoc, Call, Matched, TakeFlow, Wish
from services.walks.model import Walk
from storage import tables
from tests.services.walks.scene import Scene

SAID = "the window asks me who I am over and over"
OUTLOOK = "outlook wants my password every two minutes"


async def begun(scene: Scene, problem: str, wish: Wish) -> Walk:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=problem), wish)
    walk: Walk = outcome.walk  # type: ignore[union-attr]  # all that is wished for here starts one
    return walk


async def lessons(scene: Scene) -> list[tuple[str, str, bool]]:
    """Text, verdict and whether it holds, by when it was learnt."""
    found = select(tables.FlowExample).order_by(tables.FlowExample.created_at)
    async with scene.database.reading(scene.team.owner) as read:
        rows = (await read.session.scalars(found)).all()
        return [(row.text, row.verdict, row.dropped_at is None) for row in rows]


async def offered(scene: Scene) -> list[tuple[Any, str]]:
    async with scene.database.reading(scene.team.owner) as read:
        found = select(tables.FlowOffer.place, tables.FlowOffer.taken).order_by(tables.FlowOffer.place)
        return [(place, taken) for place, taken in await read.session.execute(found)]


async def test_a_helpful_call_is_an_example_that_finds_its_flow(scene: Scene) -> None:
    before = await scene.intake.match(scene.team.tech, SAID)
    assert "life" not in [each.slug for each in before.candidates]
    walk = await begun(scene, SAID, TakeFlow("life"))
    await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")
    assert await lessons(scene) == [(SAID, "right", True)]
    await scene.intake.settle(scene.team.owner)
    after = await scene.intake.match(scene.team.tech, SAID)
    assert after.candidates[0].slug == "life"


async def test_only_who_may_publish_flows_settles_the_matcher_for_everybody(scene: Scene) -> None:
    async def fits() -> int:
        async with scene.database.reading(scene.team.owner) as read:
            return len((await read.session.scalars(select(tables.MatchFit))).all())

    for actor, kept in ((scene.team.tech, 0), (scene.team.engineer, 1)):
        await scene.intake.settle(actor)
        assert await fits() == kept


async def test_a_call_that_is_passed_on_after_all_teaches_nothing(scene: Scene) -> None:
    walk = await begun(scene, SAID, TakeFlow("life"))
    resolved = await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")
    await scene.walks.escalate(scene.team.tech, resolved, category="other", reason="it came back")
    assert await lessons(scene) == [(SAID, "right", False)]


async def test_a_flow_that_did_not_help_was_wrong(scene: Scene) -> None:
    walk = await begun(scene, SAID, TakeFlow("life"))
    await scene.walks.resolve(scene.team.tech, walk, helpful=False, notes="")
    assert await lessons(scene) == [(SAID, "wrong", True)]


async def test_what_was_offered_and_passed_over_was_wrong_where_something_else_helped(scene: Scene) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    walk = await begun(scene, OUTLOOK, AdHoc())
    assert (await offered(scene))[0] == (1, "passed")
    await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")
    assert await lessons(scene) == [(OUTLOOK, "wrong", True)]


async def test_what_was_chosen_is_told_from_what_started_by_itself(scene: Scene) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), TakeFlow("life"))
    assert isinstance(outcome, Matched)
    assert (await offered(scene))[0] == (1, "chosen")
