"""kill -9 while notes are on their way: whoever drains the outbox afterwards leaves one note for each call."""

import asyncio
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.psa_servers.offices import CONNECTWISE
from tests.psa_servers.server import running
from tests.services.walks.scene import Scene
from tests.services.writeback.scene import Psa

ROOT = Path(__file__).parents[3]
CALLS = 6


@pytest.fixture
async def psa(migrated_sqlite_url: str) -> object:
    async with running(CONNECTWISE.server(tickets=20)) as server:
        scene = await Scene.set(migrated_sqlite_url)
        provider = CONNECTWISE.provider(server)
        made = Psa(scene, CONNECTWISE, server, provider)
        await made.set_up()
        yield made
        await provider.close()
        await scene.database.dispose()


async def drained(psa: Psa, *, killed_after: int | None = None) -> int:
    """`rfl1 outbox drain` as a process of its own, killed when the PSA has been asked so many times more."""
    where = {"RFL1_PSA_PROVIDER": "connectwise", "RFL1_PSA_URL": psa.server.url, **CONNECTWISE.environment}
    drain = [sys.executable, "-m", "rfl1", "--db", str(psa.scene.database.location), "--as", "tina", "outbox", "drain"]
    before = len(psa.server.asked)
    start = partial(subprocess.Popen, drain, cwd=ROOT, env={**os.environ, **where}, stdout=subprocess.DEVNULL)
    process = await asyncio.to_thread(start)
    while (ended := process.poll()) is None:  # until it is asked often enough, or done
        if killed_after is not None and len(psa.server.asked) - before >= killed_after:
            process.kill()
        await asyncio.sleep(0.002)
    return ended


async def test_what_a_killed_process_leaves_is_finished_by_another(psa: Psa) -> None:
    chance = random.Random(9)  # noqa: S311
    walks = [await psa.resolved(str(number)) for number in range(1, CALLS + 1)]
    for _ in range(3):
        assert await drained(psa, killed_after=chance.randint(2, 12)) in {0, -SIGKILL}
        for walk in walks:
            await psa.later(walk)
    assert len(psa.server.asked) > 0
    psa.scene.clock.now = datetime.now(UTC) + timedelta(minutes=1)  # after what the processes have stored, by real time
    for walk in walks:
        assert (await psa.until_over(walk)).state == "verified"
        await psa.holds(walk)
    assert len(psa.notes()) == CALLS
