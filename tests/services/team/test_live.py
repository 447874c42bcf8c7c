"""What one is told of the others: who has a call open, what one has missed, each thing once."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.team.live import GONE, Live
from services.walks.model import Choose, Walk
from tests.services.people import ManualClock, pass_time
from tests.services.walks.scene import Scene


@pytest.fixture
async def scene(migrated_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_url)
    yield set_up
    await set_up.database.dispose()


@pytest.fixture
def live(scene: Scene) -> Live:
    return Live(scene.database, scene.clock)


async def escalated(scene: Scene) -> Walk:
    walk = await scene.start_flow()
    return await scene.walks.escalate(scene.team.tech, walk, category="needs_access", reason="no rights")


async def test_engineers_are_told_once_that_a_call_was_escalated(scene: Scene, live: Live) -> None:
    walk = await escalated(scene)
    (news,) = await live.news(scene.team.engineer)
    assert news.line == "tina escalated “It asks again”: Needs access that level 1 does not have"
    assert news.session_id == walk.id
    assert await live.news(scene.team.engineer) == ()
    assert len(await live.news(scene.team.admin)) == 1


async def test_who_comes_back_later_is_not_told_of_what_is_settled(scene: Scene, live: Live) -> None:
    walk = await escalated(scene)
    await scene.escalations.hand_back(scene.team.engineer, walk, "Ask for the serial number.")
    assert await live.news(scene.team.engineer) == ()
    assert await live.news(scene.team.admin) == ()


async def test_a_technician_is_told_that_a_call_is_theirs_again(scene: Scene, live: Live) -> None:
    walk = await escalated(scene)
    assert await live.news(scene.team.tech) == ()
    await scene.escalations.hand_back(scene.team.engineer, walk, "Ask for the serial number.")
    (news,) = await live.news(scene.team.tech)
    assert news.line.endswith("handed “It asks again” back to you")
    assert await live.news(scene.team.second) == ()


async def test_nobody_is_told_what_they_did_themselves_or_what_another_account_did(scene: Scene, live: Live) -> None:
    walk = await scene.start_flow(by=scene.team.owner)
    await scene.walks.escalate(scene.team.owner, walk, category="needs_access", reason="no rights")
    assert await live.news(scene.team.owner) == ()
    assert await live.news(scene.team.their_owner) == ()


async def test_who_has_a_call_open_is_seen_by_the_others(scene: Scene, live: Live) -> None:
    walk, screen = await scene.start_flow(), uuid4()
    await live.arrive(scene.team.second, walk.id, screen)
    assert await live.others(scene.team.tech, walk.id) == (scene.team.second.name,)
    assert await live.others(scene.team.second, walk.id) == ()
    assert await live.others(scene.team.their_tech, walk.id) == ()
    await live.leave(scene.team.second, screen)
    assert await live.others(scene.team.tech, walk.id) == ()


async def test_a_terminal_that_died_is_not_there_for_long(scene: Scene, live: Live) -> None:
    walk, screen = await scene.start_flow(), uuid4()
    await live.arrive(scene.team.second, walk.id, screen)
    await pass_time(scene.database, scene.clock, GONE - 15)
    assert await live.stay(scene.team.second, screen)
    await pass_time(scene.database, scene.clock, GONE - 15)
    assert len(await live.others(scene.team.tech, walk.id)) == 1
    await pass_time(scene.database, scene.clock, 30)
    assert await live.others(scene.team.tech, walk.id) == ()
    assert not await live.stay(scene.team.second, uuid4())


async def test_on_a_server_who_has_a_wrong_clock_is_seen_and_sees_the_others(migrated_postgres_url: str) -> None:
    scene = await Scene.set(migrated_postgres_url)
    walk, wrong = await scene.start_flow(), ManualClock()
    wrong.forward(hours=-1)
    here, there = Live(scene.database, scene.clock), Live(scene.database, wrong)
    await there.arrive(scene.team.second, walk.id, uuid4())
    await here.arrive(scene.team.tech, walk.id, uuid4())
    assert await here.others(scene.team.tech, walk.id) == (scene.team.second.name,)
    assert await there.others(scene.team.second, walk.id) == (scene.team.tech.name,)
    wrong.forward(hours=2)
    assert await there.others(scene.team.second, walk.id) == (scene.team.tech.name,)
    await scene.database.dispose()


async def test_the_state_of_a_call_is_told_without_reading_it(scene: Scene, live: Live) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(0))
    assert await live.version(scene.team.second, walk.id) == walk.state_version
    assert await live.version(scene.team.their_tech, walk.id) == 0
