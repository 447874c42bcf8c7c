"""A change whose answer was lost is made again: it adds nothing and says so. Another's change is a conflict."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from services.errors import Conflict
from services.walks.model import Walk
from tests.services.walks.scene import Scene

NOTE = UUID(int=7)
Change = Callable[[Scene, Walk], Awaitable[Walk]]

CHANGES: dict[str, Change] = {
    "resolve": lambda on, walk: on.walks.resolve(on.team.tech, walk, helpful=True, notes="password: Hunter2!xyz"),
    "escalate": lambda on, walk: on.walks.escalate(on.team.tech, walk, category="other", reason="PIN 4711", how="warm"),
    "take": lambda on, walk: on.walks.take(on.team.second, walk),
    "pause": lambda on, walk: on.walks.pause(on.team.tech, walk),
    "to_notes": lambda on, walk: on.walks.to_notes(on.team.tech, walk),
    "save_note": lambda on, walk: on.walks.save_note(on.team.tech, walk, NOTE, "password: Hunter2!xyz"),
}
OTHERS: dict[str, Change] = {
    "resolve": lambda on, walk: on.walks.resolve(on.team.tech, walk, helpful=False, notes="password: Hunter2!xyz"),
    "escalate": lambda on, walk: on.walks.escalate(on.team.tech, walk, category="other", reason="another"),
    "take": lambda on, walk: on.walks.take(on.team.owner, walk),
    "pause": lambda on, walk: on.walks.pause(on.team.second, walk),
    "to_notes": lambda on, walk: on.walks.pause(on.team.tech, walk),
    "save_note": lambda on, walk: on.walks.save_note(on.team.tech, walk, NOTE, "something else"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_made_again_adds_nothing_and_says_so(scene: Scene, change: str) -> None:
    begun = await scene.start_flow()
    first = await CHANGES[change](scene, begun)
    scene.clock.forward(seconds=3)
    again = await CHANGES[change](scene, begun)
    assert (first.repeated, again.repeated) == (False, True)
    assert again == first
    assert again.state_version == begun.state_version + 1


@pytest.mark.parametrize("change", OTHERS)
async def test_a_change_that_means_something_else_is_a_conflict(scene: Scene, change: str) -> None:
    begun = await scene.start_flow()
    stored = await CHANGES[change](scene, begun)
    with pytest.raises(Conflict):
        await OTHERS[change](scene, begun)
    assert await scene.walks.open(scene.team.owner, begun.id) == stored


async def test_the_same_change_made_later_on_is_not_taken_for_the_lost_one(scene: Scene) -> None:
    begun, tech = await scene.start_flow(), scene.team.tech
    walk = await scene.walks.take(tech, await scene.walks.pause(tech, begun))
    paused = await scene.walks.pause(tech, walk)
    with pytest.raises(Conflict):
        await scene.walks.pause(tech, begun)
    assert await scene.walks.open(tech, begun.id) == paused
