"""Every fault at every request of every provider, and each of them on both stores: in the end one note, and a status
that is what it says, or somebody who was told."""

import random

import pytest

from services.psa import wire
from tests.psa_servers.offices import OFFICES
from tests.psa_servers.server import LOST, Fault, Kind
from tests.services.writeback.scene import Psa

LINES = ("found_line", "read_line", "statuses_line", "note_line", "notes_line", "change_line")
FAULTS = {
    **LOST,
    "time-out": Fault("hang"),
    "time-out after": Fault("hang", applied=True),
    "limited": Fault("limited"),
    "limited, not said how long": Fault("limited", retry_after=None),
    "expired": Fault("expired"),
    "accepted and not done": Fault("ignored"),
    "changed back": Fault("reverted"),
}

STORES = ("sqlite", "postgres")
BY_TURNS = [
    pytest.param(STORES[(number + place) % 2], office, line, id=f"{STORES[(number + place) % 2]}-{office.name}-{line}")
    for number, office in enumerate(OFFICES)
    for place, line in enumerate(LINES)
]
"""Every provider with every request; every provider, and every request, on both stores. A store is not told which
request of which provider failed, only what came of it."""


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "FIRST_PAUSE", 0.05)


@pytest.fixture
async def psa(psa: Psa) -> Psa:
    """With little patience."""
    psa.provider = psa.office.provider(psa.server, limit=0.2)
    return psa


@pytest.mark.parametrize(("migrated_url", "office", "line"), BY_TURNS, indirect=["migrated_url", "office"])
async def test_every_fault_there_and_nothing_is_done_twice(psa: Psa, line: str) -> None:
    """Each fault twice in a row, on a ticket of its own."""
    for number, (name, fault) in enumerate(FAULTS.items(), 1):
        walk = await psa.resolved(str(number))
        for _ in range(2):
            psa.server.fail(getattr(psa.office, line), fault)
        done = await psa.until_over(walk)
        assert done.state == "verified", (name, done.why)
        await psa.holds(walk)
        psa.server.faults.clear()
        await psa.provider.close()
        psa.provider = psa.office.provider(psa.server, limit=0.2)
    await psa.provider.close()


@pytest.mark.parametrize("fault", ["cut before", "cut after", "500 after", "nothing, done", "time-out after"])
async def test_time_is_logged_once_before_the_status_that_forbids_it(psa: Psa, fault: str) -> None:
    psa.server.fail(psa.office.time_line if psa.office.name != "halopsa" else "POST /api/Actions", FAULTS[fault])
    walk = await psa.resolved(log_time=True)
    done = await psa.until_over(walk)
    assert (done.state, done.timed_at is not None) == ("verified", True), done.why
    await psa.holds(walk)
    await psa.provider.close()


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_fails_in_whatever_order(psa: Psa, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # repeats itself
    kinds: list[Kind] = ["cut", "limited", "broken", "bad_gateway", "truncated", "empty", "expired", "ignored"]
    for _ in range(12):
        psa.server.fail(".", Fault(chance.choice(kinds), applied=chance.random() < 0.5))
    walk = await psa.escalated("2") if seed % 2 else await psa.resolved("1", log_time=True)
    await psa.until_over(walk, 40)
    await psa.holds(walk)
    await psa.provider.close()


async def test_a_ticket_that_somebody_closed_meanwhile_is_told(psa: Psa) -> None:
    walk = await psa.escalated("2")
    psa.server.desk.tickets[2].update(psa.office.closed)
    done = await psa.until_over(walk)
    assert (done.state, "closed" in done.why) == ("failed", True)
    await psa.holds(walk)
    assert set(await psa.told()) == {
        each.user_id for each in (psa.scene.team.owner, psa.scene.team.admin, psa.scene.team.tech)
    }


async def test_a_status_that_never_stays_is_told_loudly_after_five_times(psa: Psa) -> None:
    for _ in range(20):
        psa.server.fail(psa.office.change_line, Fault("ignored"))
    walk = await psa.resolved()
    done = await psa.until_over(walk)
    assert (done.state, done.unsettled) == ("failed", 5)
    assert "wanted status" in done.why
    await psa.holds(walk)
    assert (await psa.now(walk)).status == "active"
