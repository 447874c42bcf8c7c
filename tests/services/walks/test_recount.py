"""Counting all calls again: beside others who count, hand back and open again, and where it was cut short."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.stats import counting as module
from services.stats.counting import Counting
from storage.counts import add
from storage.database import Database, Transaction
from storage.recount import unmark
from tests.logins import open_for_people
from tests.services.walks.scene import Scene
from tests.services.walks.test_counting import NO, counts, passed_on, solved


@pytest.fixture
async def elsewhere(scene: Scene, migrated_url: str) -> AsyncIterator[Database]:
    """The same store, as another terminal has it open."""
    opened = open_for_people(migrated_url)
    yield opened
    await opened.dispose()


async def some_calls(scene: Scene) -> None:
    """One that ends at the first node, one that comes to more nodes than it."""
    await solved(scene, await scene.start_flow())
    await Counting(scene.database, scene.clock).up_to_date(scene.team.tech)
    await solved(scene, await scene.answer(await scene.start_flow(), NO))


async def waits_for_a_lock(database: Database) -> None:
    """Until somebody does; on a file, where whoever writes has it alone, there is nothing to see."""
    while database.dialect == "postgresql":
        async with database.session() as session:
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if (await session.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.01)


async def test_who_counts_while_all_is_counted_again_counts_no_call_twice(
    scene: Scene, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_calls(scene)
    counted, go_on = asyncio.Event(), asyncio.Event()

    async def add_and_wait(tx: Transaction, *numbers: Mapping[Any, int]) -> None:
        await add(tx, *numbers)
        if tx.session.get_bind() is scene.database.engine.sync_engine:
            counted.set()
            await go_on.wait()

    monkeypatch.setattr(module, "add", add_and_wait)
    mine = asyncio.create_task(Counting(scene.database, scene.clock).some(scene.team.tech))
    await counted.wait()
    again = asyncio.create_task(Counting(elsewhere, scene.clock).again(scene.team.owner))
    await waits_for_a_lock(elsewhere)
    go_on.set()
    await mine
    await again
    await Counting(elsewhere, scene.clock).up_to_date(scene.team.owner)
    found = await counts(scene)
    await Counting(elsewhere, scene.clock).again(scene.team.owner)
    await Counting(elsewhere, scene.clock).up_to_date(scene.team.owner)
    assert found == await counts(scene)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FORGOTTEN_AT_ONCE", 1)


async def cut_short(scene: Scene, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is to be counted again; after so many portions whoever does it is gone."""
    portions = 0

    async def killed(tx: Transaction, last: UUID | None, limit: int) -> UUID | None:
        nonlocal portions
        portions += 1
        if portions > after:
            raise asyncio.CancelledError
        return await unmark(tx, last, limit)

    with monkeypatch.context() as patch:
        patch.setattr("storage.recount.unmark", killed)
        with pytest.raises(asyncio.CancelledError):
            await Counting(scene.database, scene.clock).again(scene.team.owner)


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("after", [0, 1, 3])
async def test_what_was_cut_short_is_gone_on_with_by_whoever_may(
    scene: Scene, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_calls(scene)
    ended = await passed_on(scene, await scene.start_flow())
    counting = Counting(scene.database, scene.clock)
    await counting.up_to_date(scene.team.tech)
    before = await counts(scene)
    await cut_short(scene, after, monkeypatch)
    assert await counting.up_to_date(scene.team.tech) == after  # who may not throw counts away waits for who may
    assert await counts(scene) == before
    await scene.escalations.hand_back(scene.team.engineer, ended, "Try once more")
    await passed_on(scene, await scene.walks.open(scene.team.tech, ended.id))
    assert await counting.up_to_date(scene.team.owner) == 0
    assert await counts(scene) == before


@pytest.mark.usefixtures("one_by_one")
async def test_two_who_throw_the_counts_away_at_once_and_two_who_count_come_to_the_same(
    scene: Scene, elsewhere: Database
) -> None:
    for _ in range(3):
        await some_calls(scene)
    here, there = Counting(scene.database, scene.clock), Counting(elsewhere, scene.clock)
    await here.up_to_date(scene.team.tech)
    before = await counts(scene)
    again = [each.again(who) for each, who in ((here, scene.team.owner), (there, scene.team.admin))]
    await asyncio.gather(*again, here.up_to_date(scene.team.tech), there.up_to_date(scene.team.second))
    assert await here.up_to_date(scene.team.owner) == 0
    assert await counts(scene) == before
