"""What is looked at before writing, and the proof afterwards: no status is believed, no note is made twice."""

import copy
import random

import pytest

from services.psa import moving
from services.psa.failures import PASSING, PsaFailed
from services.psa.provider import Provider
from tests.psa_servers.offices import Office
from tests.psa_servers.server import Fault, Kind, PsaServer
from tests.services.psa.calls import MARK, NOTE, failed

KINDS: tuple[Kind, ...] = ("cut", "limited", "broken", "bad_gateway", "truncated", "empty", "expired", "ignored")


@pytest.mark.parametrize("fault", [Fault("ignored"), Fault("reverted")], ids=lambda fault: fault.kind)
async def test_a_status_that_did_not_stay_is_never_a_success(
    office: Office, psa: Provider, server: PsaServer, fault: Fault
) -> None:
    server.fail(office.change_line, fault)
    await psa.change("1", office.resolved)
    with pytest.raises(moving.NotSettled) as caught:
        await moving.settled(psa, "1", office.resolved, pause=0)
    assert "New" in str(caught.value)


async def test_a_status_that_comes_late_settles(office: Office, psa: Provider, server: PsaServer) -> None:
    before = copy.deepcopy(server.desk.tickets)
    await psa.change("1", office.resolved)
    after, server.desk.tickets = server.desk.tickets, before
    server.fail(office.read_line, Fault("meanwhile"))
    server.fail(office.read_line, Fault("meanwhile", act=lambda: setattr(server.desk, "tickets", after)))
    asked = server.count(office.read_line)
    assert (await moving.settled(psa, "1", office.resolved, pause=0)).status.id == office.resolved.status
    assert server.count(office.read_line) == asked + 3


async def test_a_ticket_that_is_closed_while_it_is_written_to_is_seen(
    office: Office, psa: Provider, server: PsaServer
) -> None:
    await moving.ready(psa, "1", office.escalated)
    server.fail(office.note_line, Fault("meanwhile", act=lambda: server.desk.tickets[1].update(office.closed)))
    await psa.add_note("1", NOTE)
    assert (await failed(moving.ready(psa, "1", office.escalated))).why == "closed"


async def test_a_ticket_that_is_moved_after_the_change_is_not_settled(
    office: Office, psa: Provider, server: PsaServer
) -> None:
    await psa.change("1", office.resolved)
    server.desk.tickets[1].update(office.moved)
    assert "Level 2" in str(await failed(moving.settled(psa, "1", office.resolved, pause=0)))


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_fails_in_whatever_order_there_is_one_note_and_the_status_in_the_end(
    office: Office, psa: Provider, server: PsaServer, seed: int
) -> None:
    """The steps of `moving`, begun again after each failure, until all that breaks has broken."""
    chance = random.Random(seed)  # noqa: S311  # repeats itself
    for _ in range(30):
        kind: Kind = chance.choice(
            ["cut", "limited", "broken", "bad_gateway", "truncated", "empty", "expired", "ignored"]
        )
        server.fail(".", Fault(kind, applied=chance.random() < 0.5))
    for _ in range(60):
        try:
            ready = await moving.ready(psa, "1", office.resolved)
            if await moving.noted(psa, "1", MARK) is None:
                await psa.add_note("1", NOTE)
            if not ready.there:
                await psa.change("1", office.resolved)
            await moving.settled(psa, "1", office.resolved, pause=0)
            if await moving.noted(psa, "1", MARK) is not None:
                break
        except PsaFailed as told:
            if not isinstance(told, moving.NotSettled) and told.why not in {*PASSING, "lost", "denied"}:
                raise
    assert len(server.desk.notes) == 1
    assert (await psa.ticket("1")).status.id == office.resolved.status
