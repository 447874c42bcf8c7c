"""Working through many: as many at once as the PSA allows, each once, and an end when it does not answer."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.psa_servers.server import Fault
from tests.services.writeback.scene import Psa


async def test_as_many_are_under_way_as_the_psa_allows(psa: Psa) -> None:
    walks = [await psa.resolved(str(number)) for number in range(1, 19)]
    await psa.provider.ticket("1")
    under_way = most = 0
    gate = asyncio.Event()

    async def counted(work: Callable[[], Awaitable[None]]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if most == psa.provider.at_once:
            gate.set()
        await gate.wait()
        await work()
        under_way -= 1

    psa.server.around = counted
    done = await psa.outbox.drain(psa.scene.team.tech, everything=True)
    assert (done.verified, done.waiting, done.stopped, most) == (18, 0, None, psa.provider.at_once)
    for walk in walks:
        await psa.holds(walk)


async def test_everything_is_tried_once_whatever_its_back_off(psa: Psa) -> None:
    walk, tech = await psa.resolved(), psa.scene.team.tech
    for _ in range(2):
        psa.server.fail(psa.office.read_line, Fault("bad_gateway"))
    assert (await psa.run(walk)).state == "waiting"
    assert not await psa.outbox.due(tech) or psa.scene.database.dialect == "postgresql"
    done = await psa.outbox.drain(tech, everything=True)
    assert (done.verified, done.waiting) in {(1, 0), (0, 1)}
    assert (await psa.until_over(walk)).state == "verified"
    await psa.holds(walk)


async def test_a_psa_that_does_not_answer_is_left_alone_after_a_few(psa: Psa) -> None:
    for number in range(1, 12):
        await psa.resolved(str(number))
    for _ in range(100):
        psa.server.fail(".", Fault("bad_gateway"))
    done = await psa.outbox.drain(psa.scene.team.tech, everything=True, workers=1)
    assert (done.waiting, done.stopped is not None, psa.notes()) == (11, True, [])
    tried = [each for each in await psa.outbox.listed(psa.scene.team.tech) if each.writeback.tries]
    assert len(tried) == 5


async def test_counts_are_those_that_somebody_has_to_know_of(psa: Psa) -> None:
    tech = psa.scene.team.tech
    await psa.set("psa.resolved_status_id", "4040")
    failed = await psa.resolved("1")
    await psa.run(failed)
    await psa.resolved("2")
    counts = await psa.outbox.counts(tech)
    assert (counts.waiting, counts.failed) == (1, 1)
    await psa.scene.walks.escalate(tech, await psa.now(failed), category="other", reason="cannot be closed")
    assert (await psa.outbox.counts(tech)).failed == 0
