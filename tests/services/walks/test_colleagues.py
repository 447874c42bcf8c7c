"""Several people and one call: whose it is, who works on it as what, which calls are one's own."""

from uuid import uuid4

import pytest

from services.errors import Refused
from services.walks.model import Choose
from tests.services.people import audited
from tests.services.walks.scene import Scene


@pytest.mark.parametrize("doing", ["back", "to_notes"])
async def test_only_whoever_has_the_call_moves_in_it(scene: Scene, doing: str) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(0))
    with pytest.raises(Refused, match="tina has this call"):
        await getattr(scene.walks, doing)(scene.team.second, walk)
    assert await scene.walks.open(scene.team.tech, walk.id) == walk
    taken = await scene.walks.take(scene.team.second, walk)
    assert (await getattr(scene.walks, doing)(scene.team.second, taken)).technician.name == "tom"


async def test_a_call_taken_over_is_walked_as_what_the_taker_is(scene: Scene) -> None:
    covered = await scene.walks.take(scene.team.covering, await scene.start_flow())
    assert (covered.technician.name, covered.acting_as) == ("cora", "l1_coverage")
    scene.clock.forward(seconds=1)
    assert (await scene.walks.take(scene.team.tech, covered)).acting_as is None
    rows = await audited(scene.database, scene.team.owner, "l1.session.takeover")
    assert [row.acting_as for row in rows] == ["l1_coverage", None]


async def test_a_note_is_changed_by_its_author_alone_and_only_in_its_call(scene: Scene) -> None:
    note_id, tech = uuid4(), scene.team.tech
    walk = await scene.walks.save_note(tech, await scene.start_flow(), note_id, "mine")
    with pytest.raises(Refused, match="a colleague's"):
        await scene.walks.save_note(scene.team.second, walk, note_id, "yours")
    another = await scene.start_flow()
    with pytest.raises(Refused):
        await scene.walks.save_note(tech, another, note_id, "moved")
    assert await scene.walks.open(tech, walk.id) == walk
    assert (await scene.walks.open(tech, another.id)).notes == ()


async def test_the_twenty_calls_touched_last_are_offered_for_resuming_latest_step_first(scene: Scene) -> None:
    begun = []
    for _ in range(21):
        scene.clock.forward(seconds=1)
        begun.append(await scene.start_flow())
    await scene.start_flow(by=scene.team.second)
    scene.clock.forward(seconds=1)
    walked = await scene.answer(begun[0], Choose(0))
    await scene.walks.pause(scene.team.tech, begun[5])
    offered = [each.id for each in await scene.walks.resumable(scene.team.tech)]
    assert offered == [walked.id, *(walk.id for walk in reversed(begun[2:]))]
