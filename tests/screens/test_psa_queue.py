"""The PSA's tickets in the app: there by themselves, opened with their text, never begun on a colleague's unawares."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from screens.intake import IntakeScreen
from screens.queue import QueueScreen
from screens.session import SessionScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.intake.model import AdHoc, AdHocStarted, Call
from services.walks.model import Walk
from storage.database import Database
from tests.psa_servers.halopsa import HaloServer
from tests.psa_servers.offices import HALOPSA
from tests.psa_servers.server import Fault, PsaServer, running
from tests.services.people import HOSTILE, ManualClock, Team
from tests.stage import SMALL, stage

TEXT = "<p>It asks <b>every</b> two minutes.</p><script>x()</script>"


@pytest.fixture
async def server() -> AsyncIterator[PsaServer]:
    async with running(HaloServer()) as psa:
        psa.desk.tickets[3]["details"] = TEXT
        yield psa


@pytest.fixture
async def services(
    migrated_sqlite_url: str, clock: ManualClock, tmp_path: Path, server: PsaServer
) -> AsyncIterator[Services]:
    environment = {"RFL1_HOME": str(tmp_path / "home"), "RFL1_PSA_PROVIDER": "halopsa", "RFL1_PSA_URL": server.url}
    environment |= {
        **HALOPSA.environment,
        "RFL1_MATCH_EMBEDDER": "off",
        "RFL1_PSA_USER": HALOPSA.tina,
        "RFL1_PSA_BOARD": "Service Desk",
    }
    settings = load({"database_url": migrated_sqlite_url}, environment)
    opened = Services(settings, Database.open(migrated_sqlite_url), clock)
    yield opened
    await opened.close()


async def begun(services: Services, actor: Actor, number: str) -> Walk:
    outcome = await services.intake.take(actor, Call(problem="x", psa_ticket=number), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    return outcome.walk


async def test_tickets_of_the_psa_come_by_themselves_and_one_opens_with_its_text(
    services: Services, team: Team
) -> None:
    async with stage(services, team.tech) as on:
        await on.sees("#3 Outlook asks for a password (3)", "#1 Outlook", "○ New", "3 waiting", "PSA read just now")
        assert on.text.index("#3") < on.text.index("#2") < on.text.index("#1")
        await on.press("home", "enter")
        page = on.page(IntakeScreen)
        await on.sees("It asks every two minutes.", "Northwind", "Ann Lee")
        assert page.call.psa_ticket == "3"
        await on.press("f6")
        on.page(WalkScreen)
        await on.press("f2")
        await on.sees("In progress", "2 waiting")
    (walk,) = await services.walks.resumable(team.tech)
    assert (walk.ticket.kind, walk.ticket.external_id) == ("psa", "3")


async def test_the_filter_finds_tickets_of_the_psa(services: Services, team: Team) -> None:
    async with stage(services, team.tech, SMALL) as on:
        await on.sees("#3")
        await on.press("slash", *"(2)")
        await on.until(lambda: "#3" not in on.text, "the filtered list")
        await on.sees("#2 Outlook")


async def test_a_ticket_that_a_colleague_has_begun_meanwhile_is_read_not_begun(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.sees("#3")
        await begun(services, team.second, "3")
        await on.press("home", "enter")
        on.page(SessionScreen)
        await on.sees("tom has this call; enter takes it over.")


async def test_who_began_a_moment_later_is_told_and_offered_the_colleagues_call_and_keeps_what_was_typed(
    services: Services, team: Team
) -> None:
    async with stage(services, team.tech) as on:
        await on.sees("#3")
        await on.press("home", "enter")
        on.page(IntakeScreen)
        theirs = await begun(services, team.second, "3")
        await on.press(*"Ring back. ", "f6")
        on.page(SessionScreen)
        await on.sees("tom has this call; enter takes it over.")
        await on.press("escape")
        assert on.page(IntakeScreen).call.problem.endswith("Ring back. ")
        await on.sees("Somebody works on this ticket", "tom has a call about it since")
        await on.press("f6")
        await on.press("enter")
        on.page(WalkScreen)
        await on.sees("The call is yours now")
    assert (await services.walks.open(team.tech, theirs.id)).technician.id == team.tech.user_id


async def test_the_queue_says_why_it_is_old_and_reads_again_when_it_is_asked(
    services: Services, team: Team, server: PsaServer
) -> None:
    for _ in range(8):
        server.fail("/api/", Fault("bad_gateway"))
    async with stage(services, team.tech) as on:
        await on.sees("PSA not read yet", "502 Bad Gateway")
        server.faults.clear()
        await on.press("f5")
        await on.sees("#3 Outlook", "PSA read just now")


async def test_a_psa_that_is_half_set_up_says_what_is_missing(
    team: Team, services: Services, migrated_sqlite_url: str, tmp_path: Path
) -> None:
    environment = {"RFL1_HOME": str(tmp_path / "home"), "RFL1_PSA_PROVIDER": "halopsa", "RFL1_MATCH_EMBEDDER": "off"}
    half = Services(load({"database_url": migrated_sqlite_url}, environment), services.database, services.clock)
    async with stage(half, team.tech) as on:
        await on.sees("halopsa needs more than is set", "RFL1_PSA_URL")


async def test_keys_are_taken_while_the_psa_takes_its_time(services: Services, team: Team, server: PsaServer) -> None:
    let_go = asyncio.Event()
    server.around = lambda work: _after(let_go, work)
    async with stage(services, team.tech) as on:
        await on.press("n", *"no ink")
        on.page(IntakeScreen)
        await on.sees("no ink")
        await on.press("escape", "escape")
        on.page(QueueScreen)
        let_go.set()
        await on.sees("#3 Outlook")


async def _after(let_go: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
    await let_go.wait()
    await work()


async def test_hostile_tickets_are_shown_as_text(services: Services, team: Team, server: PsaServer) -> None:
    said = HOSTILE.replace("\ud800", "").replace("\udcff", "")
    server.desk.tickets[3].update(summary=said, client_name=said, user_name=said, details=said * 2000)
    server.desk.tickets[2].update(team="Service Desk", summary="")
    async with stage(services, team.tech) as on:
        await on.sees("[red]x[/]", "#2")
        assert not {"\x1b", "\u202e", "\x00"} & set(on.text)
        await on.press("home", "enter")
        on.page(IntakeScreen)
        assert not {"\x1b", "\u202e", "\x00"} & set(on.text)
