"""A call on a PSA's ticket, from the queue to a ticket that says so, by the keys."""

from collections.abc import AsyncIterator

import pytest

from rfl1 import outbox_watch
from rfl1.compose import Services
from screens.queue import QueueScreen
from screens.session import SessionScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.intake.model import AdHoc, Call
from services.psa.connection import Connection
from services.walks.model import Walk
from services.writeback.journal import Journal
from services.writeback.outbox import Outbox
from tests.psa_servers.offices import CONNECTWISE
from tests.psa_servers.server import Fault, PsaServer, running
from tests.services.people import Team
from tests.stage import SMALL, Stage, stage


@pytest.fixture
async def server(services: Services) -> AsyncIterator[PsaServer]:
    """Set up in the services; two readings are a moment apart."""
    async with running(CONNECTWISE.server()) as psa:
        provider = CONNECTWISE.provider(psa)
        services.__dict__["psa"] = Connection(services.database, provider)
        usual = services.outbox.journal
        journal = Journal(services.database, services.clock, usual._closing, lambda: provider, pause=0.05)
        services.__dict__["outbox"] = Outbox(services.database, services.clock, journal)
        yield psa


async def set_up(services: Services, owner: Actor) -> None:
    await services.account_settings.set(owner, "psa.resolved_status_id", "Solved")


async def begun(services: Services, actor: Actor) -> Walk:
    outcome = await services.intake.take(actor, Call(problem="no sound", psa_ticket="1"), AdHoc())
    return outcome.walk  # type: ignore[union-attr]


async def to_the_form(on: Stage) -> None:
    await on.press("enter")
    await on.sees("no sound")
    on.page(WalkScreen)
    await on.press("escape", "r")
    await on.sees("What solved it?")
    await on.press(*"cable")


async def test_from_the_queue_to_a_verified_close(services: Services, server: PsaServer, team: Team) -> None:
    await set_up(services, team.owner)
    await begun(services, team.owner)
    async with stage(services, team.owner) as on:
        await on.sees("no sound")
        await to_the_form(on)
        await on.press("ctrl+g")
        await on.sees('The note is in the PSA, the status "Solved" was read back.')
        on.page(QueueScreen)
    assert len(server.desk.notes) == 1
    assert server.desk.tickets[1]["status"]["name"] == "Solved"


async def test_a_failure_stays_on_its_stage_and_is_tried_again(
    services: Services, server: PsaServer, team: Team
) -> None:
    await set_up(services, team.owner)
    walk = await begun(services, team.owner)
    for _ in range(2):
        server.fail("PATCH", Fault("bad_gateway"))
    async with stage(services, team.owner, SMALL) as on:
        await on.sees("no sound")
        await to_the_form(on)
        await on.press("ctrl+g")
        await on.sees("✓ note posted", '✗ status "Solved"', "502 Bad Gateway", "It is not in the PSA yet")
        assert (await services.walks.open(team.owner, walk.id)).awaits_psa
        await on.press("a")
        await on.sees("was read back")
    assert len(server.desk.notes) == 1


async def test_what_is_left_to_the_outbox_is_seen_to_wait_and_ends_by_itself(
    services: Services, server: PsaServer, team: Team
) -> None:
    await set_up(services, team.owner)
    walk = await begun(services, team.owner)
    for _ in range(2):
        server.fail("PATCH", Fault("bad_gateway"))
    async with stage(services, team.owner) as on:
        await on.sees("no sound")
        await to_the_form(on)
        await on.press("ctrl+g")
        await on.sees("It is not in the PSA yet")
        await on.press("l")
        await on.sees("waiting for PSA", "1 waits for the PSA", "is resolved as soon as its note is there")
        await on.press("enter")
        await on.sees("resolution: waits for the PSA")
        assert not on.page(SessionScreen).allows("go_on", ())
        assert (await services.outbox.drain(team.owner, everything=True)).verified == 1
        await on.press("f5")
        await on.sees("resolution: in the PSA, read back")
    assert (await services.walks.open(team.owner, walk.id)).status == "resolved"
    assert len(server.desk.notes) == 1


async def test_the_app_works_through_the_outbox_by_itself(
    services: Services, server: PsaServer, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_watch, "FIRST_SECONDS", 0)
    monkeypatch.setattr(outbox_watch, "LOOK_SECONDS", 0.05)
    await set_up(services, team.owner)
    walk = await begun(services, team.owner)
    await services.walks.resolve(team.owner, walk, helpful=True, notes="the cable")
    async with stage(services, team.owner) as on:
        await on.until(lambda: server.desk.tickets[1]["status"]["name"] == "Solved", "the close")
    assert len(server.desk.notes) == 1


async def test_the_working_time_is_offered_where_the_account_wants_it(
    services: Services, server: PsaServer, team: Team
) -> None:
    await set_up(services, team.owner)
    await services.account_settings.set(team.owner, "psa.log_time", "on")
    await begun(services, team.owner)
    async with stage(services, team.owner) as on:
        await on.sees("no sound")
        await to_the_form(on)
        await on.sees("min of work on the ticket in the PSA?")
        await on.press("ctrl+g")
        await on.sees("was read back")
    assert len(server.desk.times) == 1


async def test_a_note_that_was_not_posted_is_not_called_posted(
    services: Services, server: PsaServer, team: Team
) -> None:
    await set_up(services, team.owner)
    await begun(services, team.owner)
    for _ in range(4):
        server.fail("POST", Fault("bad_gateway"))
    async with stage(services, team.owner, SMALL) as on:
        await on.sees("no sound")
        await to_the_form(on)
        await on.press("ctrl+g")
        await on.sees("✗ note", "502 Bad Gateway", "It is not in the PSA yet")
        assert "posted" not in on.text
