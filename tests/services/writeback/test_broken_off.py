"""A terminal that dies between any two steps, another one that goes on, and two that want to at once."""

import asyncio
import random

import pytest

from services.errors import NotAllowed, Refused
from services.writeback import held
from services.writeback.held import Held
from services.writeback.journal import Journal
from storage.database import Database
from tests.psa_servers.server import Fault
from tests.services.writeback.scene import Psa, journal


class Killed(BaseException):
    """Nothing more is done, not even in a `finally` that stores."""


def dies_before(monkeypatch: pytest.MonkeyPatch, step: int, *, after: bool) -> None:
    """At the so manieth step that is stored: before it is, or right after."""
    count = 0
    stored = Held.store_with

    async def store_with(self: Held, *args: object, **values: object) -> object:
        nonlocal count
        count += 1
        if count == step and not after:
            raise Killed
        changed = await stored(self, *args, **values)  # type: ignore[arg-type]
        if count == step:
            raise Killed
        return changed

    monkeypatch.setattr(Held, "store_with", store_with)


@pytest.mark.parametrize("escalation", [False, True])
async def test_a_terminal_that_dies_between_any_two_steps(
    psa: Psa, escalation: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is rolled back with it was not stored: so it is before the step, whether it dies before or within it."""
    for step in range(1, 12):
        ticket = str(step)
        walk = await (psa.escalated(ticket) if escalation else psa.resolved(ticket, log_time=True))
        with monkeypatch.context() as patched:
            dies_before(patched, step, after=bool(step % 2))
            try:
                await psa.run(walk)
            except Killed:
                assert (await psa.now(walk)).status != "resolved"
        await psa.until_over(walk)
        await psa.holds(walk)
        assert (await psa.now(walk)).writebacks[-1].state == "verified"


@pytest.mark.parametrize("seed", range(3))
async def test_two_terminals_at_once_write_one_note(psa: Psa, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    walk = await psa.resolved()
    other = Database.open(str(psa.scene.database.location)) if psa.scene.database.dialect == "sqlite" else None
    second = journal(psa.scene, lambda: psa.provider, other)
    terminals: list[Journal] = [psa.journal, second, psa.journal]

    async def later(terminal: Journal) -> None:
        await asyncio.sleep(chance.random() / 20)
        await terminal.run(psa.scene.team.tech, walk.writebacks[-1].id)

    await asyncio.gather(*(later(terminal) for terminal in terminals))
    await psa.until_over(walk)
    await psa.holds(walk)
    assert psa.server.count(psa.office.note_line) == 1
    if other is not None:
        await other.dispose()


async def test_a_lease_that_was_lost_writes_nothing_more(psa: Psa) -> None:
    """The terminal was asleep for a minute; another one has gone on meanwhile."""
    walk = await psa.resolved()
    gate = asyncio.Event()
    around = psa.server.around
    note = psa.server.count(psa.office.note_line)

    async def asleep(work: object) -> None:
        if psa.server.count(psa.office.note_line) > note:
            await gate.wait()
        await work()  # type: ignore[operator]

    psa.server.around = asleep
    first = asyncio.create_task(psa.run(walk))
    while psa.server.count(psa.office.note_line) == note:  # noqa: ASYNC110  # until it has been asked
        await asyncio.sleep(0.01)
    await psa.later(walk)
    psa.server.around = around
    gate.set()
    await psa.run(walk)
    await first
    await psa.until_over(walk)
    await psa.holds(walk)
    assert psa.server.count(psa.office.note_line) == 1


async def test_a_call_that_waits_for_the_psa_is_left_alone(psa: Psa) -> None:
    walk, tech = await psa.resolved(), psa.scene.team.tech
    with pytest.raises(Refused, match="waits for the PSA"):
        await psa.scene.walks.pause(tech, walk)
    psa.scene.clock.forward(hours=30)
    await psa.scene.queue.listed(tech)
    assert (await psa.now(walk)).status == "active"


async def test_escalating_takes_back_what_was_not_sent_yet_and_nothing_else(psa: Psa) -> None:
    tech = psa.scene.team.tech
    walk = await psa.resolved("1")
    up = await psa.scene.walks.escalate(tech, walk, category="other", reason="after all")
    assert [each.state for each in up.writebacks] == ["failed", "waiting"]
    assert up.writebacks[0].why == "taken back by tina"
    walk = await psa.resolved("2")
    for _ in range(2):
        psa.server.fail(psa.office.change_line, Fault("bad_gateway"))
    await psa.run(walk)
    with pytest.raises(Refused, match="its note is in the PSA"):
        await psa.scene.walks.escalate(tech, await psa.now(walk), category="other", reason="after all")


async def test_resolving_again_goes_on_where_it_stopped(psa: Psa) -> None:
    tech = psa.scene.team.tech
    await psa.set("psa.resolved_status_id", "4040")
    walk = await psa.resolved(said="first words")
    assert (await psa.run(walk)).state == "failed"
    now = await psa.now(walk)
    assert (now.awaits_psa, now.status, psa.notes()) == (False, "active", [])
    await psa.set("psa.resolved_status_id", psa.office.resolved.status)
    walk = await psa.scene.walks.resolve(tech, now, helpful=True, notes="better words")
    done = await psa.run(walk)
    assert (done.state, done.mark, done.text) == ("verified", now.writebacks[0].mark, "better words")
    assert len((await psa.now(walk)).writebacks) == 1
    await psa.holds(walk)


async def test_what_is_older_about_a_ticket_comes_first(psa: Psa) -> None:
    up = await psa.escalated("2")
    await psa.set(
        "psa.resolved_status_id", "Solved" if psa.office.name == "connectwise" else psa.office.resolved.status
    )
    walk = await psa.scene.walks.resolve(psa.scene.team.engineer, up, helpful=True, notes="done")
    await psa.journal.run(psa.scene.team.engineer, walk.writebacks[-1].id)
    assert [each.state for each in (await psa.now(walk)).writebacks] == ["verified", "verified"]
    first, second = (note for note in psa.notes())
    assert ("-escalate" in first, "-resolve" in second) == (True, True)


async def test_without_a_status_the_note_is_posted_and_the_reason_shown(psa: Psa) -> None:
    await psa.set("psa.resolved_status_id", "")
    walk = await psa.resolved()
    done = await psa.run(walk)
    assert (done.state, "psa.resolved_status_id is not set" in done.why) == ("skipped", True)
    assert ((await psa.now(walk)).status, len(psa.notes()), psa.server.count(psa.office.change_line)) == (
        "resolved",
        1,
        0,
    )


async def test_nobody_sends_what_they_could_not_have_ended(psa: Psa) -> None:
    walk = await psa.resolved()
    with pytest.raises(NotAllowed):
        await psa.journal.run(psa.scene.team.engineer, walk.writebacks[-1].id)
    assert (await psa.outbox.drain(psa.scene.team.engineer, everything=True)).waiting == 1
    assert psa.notes() == []


async def test_the_lease_is_kept_while_a_request_takes_long(psa: Psa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "HEARTBEAT", 0.01)
    walk = await psa.resolved()
    beats = 0
    stored = Held.store_with

    async def counted(self: Held, tx: object, **values: object) -> object:
        nonlocal beats
        beats += not values
        return await stored(self, tx, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Held, "store_with", counted)

    async def slowly(work: object) -> None:
        await asyncio.sleep(0.05)
        await work()  # type: ignore[operator]

    psa.server.around = slowly
    assert (await psa.run(walk)).state == "verified"
    assert beats
