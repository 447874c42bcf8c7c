"""A step is heard by the others though the database itself stays quiet about it."""

import asyncio

import asyncpg

from services.walks.model import Choose
from tests.services.walks.scene import Scene


async def test_a_step_and_one_that_is_taken_back_ring_for_the_account(migrated_postgres_url: str) -> None:
    scene = await Scene.set(migrated_postgres_url)
    listening = await asyncpg.connect(migrated_postgres_url)
    try:
        channel = await listening.fetchval(
            "SELECT channel FROM private.bells WHERE account_id = $1", scene.team.owner.account_id
        )
        rung = asyncio.Event()
        await listening.add_listener(channel, lambda *_: rung.set())
        walk = await scene.start_flow()
        await asyncio.wait_for(rung.wait(), 20)
        rung.clear()
        walk = await scene.walks.answer(scene.team.tech, walk, Choose(0))
        await asyncio.wait_for(rung.wait(), 20)
        await asyncio.sleep(1)  # what the step rang has been heard
        rung.clear()
        await scene.walks.back(scene.team.tech, walk)
        await asyncio.wait_for(rung.wait(), 20)
    finally:
        await listening.close()
        await scene.database.dispose()
