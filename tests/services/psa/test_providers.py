"""What a technician needs of a PSA, from each of the three."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.psa import moving, notes
from services.psa.failures import PsaFailed
from services.psa.model import Change, NewNote, Worked
from services.psa.provider import Provider
from tests.psa_servers.offices import Office
from tests.psa_servers.server import PsaServer, running

MARK = notes.reference("4711", "resolve")
NOTE = notes.signed("## Problem\nNo sound in C:\\my_files & <b>no</b> **picture**\n\n- one\n- two", MARK)


async def test_host_and_credentials_are_found(psa: Provider, server: PsaServer) -> None:
    assert (await psa.host()).startswith(server.url)
    assert await psa.sign_in()


async def test_boards_and_the_statuses_of_one(office: Office, psa: Provider) -> None:
    boards = await psa.boards()
    assert {each.name for each in boards} == {"Service Desk", "Level 2"}
    statuses = await psa.statuses((await psa.ticket("1")).board.id)
    assert office.resolved.status in {each.id for each in statuses}
    assert "Old" not in {each.name for each in statuses}


async def test_a_ticket_with_all_that_an_intake_begins_with(psa: Provider) -> None:
    ticket = await psa.ticket("1")
    assert (ticket.id, ticket.board.name, ticket.status.name) == ("1", "Service Desk", "New")
    assert (ticket.customer, ticket.contact, ticket.status.closes) == ("Northwind", "Ann Lee", False)
    assert ticket.summary == "Outlook asks for a password (1)"
    assert ticket.updated_at is not None
    assert (ticket.updated_at.tzinfo, ticket.updated_at.minute) == (UTC, 0)


async def test_a_ticket_that_is_not_there(psa: Provider) -> None:
    for missing in ("99", "../boards", ""):
        with pytest.raises(PsaFailed) as caught:
            await psa.ticket(missing)
        assert caught.value.why == "gone"


async def test_open_tickets_of_somebody_and_of_a_board(office: Office, psa: Provider, server: PsaServer) -> None:
    server.desk.tickets[2].update(office.closed)
    server.desk.tickets[3].update(office.moved)
    board = (await psa.ticket("1")).board.id
    assert [each.id for each in await psa.tickets()] == ["3", "1"]
    assert {each.id for each in await psa.tickets(board=board)} == {"1"}
    assert {each.id for each in await psa.tickets(owner=office.tina)} == {"1"}


async def test_a_long_queue_comes_page_by_page(office: Office) -> None:
    async with running(office.server(tickets=612)) as server:
        provider = office.provider(server)
        found = await provider.tickets(most=600)
        await provider.close()
    assert len({each.id for each in found}) == 600
    assert server.count(office.list_line.rstrip("$")) > 1


@pytest.mark.parametrize("internal", [True, False])
async def test_a_note_is_there_as_it_was_written(psa: Provider, internal: bool) -> None:
    made = await psa.add_note("1", NewNote(NOTE, internal, resolution=not internal, title="Resolution"))
    [note] = await psa.notes("1")
    assert (note.id, note.internal) == (made, internal)
    assert "No sound in C:\\my_files & <b>no</b> picture" in note.text
    assert note.text.rstrip().endswith(f"Ref {MARK}")
    assert await moving.noted(psa, "1", MARK) == note
    assert await moving.noted(psa, "1", MARK[:-1]) is None
    assert await psa.notes("2") == ()


async def test_a_resolution_is_one_change_and_settles(office: Office, psa: Provider) -> None:
    ready = await moving.ready(psa, "1", office.resolved)
    assert not ready.there
    await psa.change("1", office.resolved)
    ticket = await moving.settled(psa, "1", office.resolved, pause=0)
    assert (ticket.status.id, ticket.status.closes) == (office.resolved.status, True)
    assert (await moving.ready(psa, "1", office.resolved)).there


async def test_an_escalation_is_one_change_and_settles(office: Office, psa: Provider, server: PsaServer) -> None:
    await moving.ready(psa, "2", office.escalated)
    await psa.change("2", office.escalated)
    ticket = await moving.settled(psa, "2", office.escalated, pause=0)
    assert (ticket.board.name, ticket.status.name) == ("Level 2", "With an engineer")
    assert server.desk.tickets[2].items() >= office.owned.items()
    assert server.count(office.change_line) == 1


async def test_a_status_that_the_board_does_not_have_is_refused_before_anything_is_written(
    office: Office, psa: Provider, server: PsaServer
) -> None:
    with pytest.raises(PsaFailed) as caught:
        await moving.ready(psa, "1", Change(status="4040"))
    assert caught.value.why == "rejected"
    assert server.count(office.change_line + "|" + office.note_line) == 0


async def test_an_empty_change_writes_nothing(office: Office, psa: Provider, server: PsaServer) -> None:
    await psa.change("1", Change())
    assert server.count(office.change_line) == 0


async def test_time_is_logged_and_found_again(office: Office, psa: Provider) -> None:
    begun = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    worked = Worked(started_at=begun, ended_at=begun + timedelta(minutes=15), note=f"Helped.\n\nRef {MARK}", by="tina")
    made = await psa.log_time("1", worked)
    entry = notes.found(await psa.times("1"), MARK)
    assert entry is not None
    assert entry.id == made


async def test_the_permission_to_note_is_known_without_a_note(psa: Provider, server: PsaServer) -> None:
    assert await psa.may_note("1")
    assert server.desk.notes == []


async def test_only_so_many_requests_are_under_way_at_once(office: Office, psa: Provider, server: PsaServer) -> None:
    """A limit of our own keeps us within theirs, and is used to the full."""
    await psa.host()
    await psa.ticket("1")
    under_way = most = 0
    gate = asyncio.Event()

    async def counted(work: Callable[[], Awaitable[None]]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if most >= psa.at_once:
            gate.set()
        await gate.wait()
        await work()
        under_way -= 1

    server.around = counted
    await asyncio.gather(*(psa.ticket("1") for _ in range(20)))
    assert most == psa.at_once


async def test_a_change_by_somebody_else_meanwhile_is_seen(office: Office, psa: Provider, server: PsaServer) -> None:
    server.desk.tickets[1].update(office.closed)
    with pytest.raises(PsaFailed) as caught:
        await moving.ready(psa, "1", office.escalated)
    assert caught.value.why == "closed"
    server.desk.tickets[2].update(office.moved)
    assert (await moving.ready(psa, "2", Change())).ticket.board.name == "Level 2"
