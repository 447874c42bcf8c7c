"""The server goes away in the middle of a call: the technician goes on, and nothing is lost or doubled."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from rfl1 import behind
from rfl1.compose import Services
from rfl1.settings import load
from services.away import service
from services.flows.format import read_flows
from services.intake.model import Call, Matched, TakeFlow
from services.walks.glance import Opening
from services.walks.model import Walk
from storage.database import Database
from tests.network import Network, network
from tests.services.people import ManualClock, Team, make_team
from tests.stage import FLOWS, Stage, TickingClock, stage

SILENCE = 10.0
"""Seconds after which a network that says nothing is gone: a third of what people wait, as these tests wait for it."""


@pytest.fixture
async def between(migrated_postgres_url: str) -> AsyncIterator[Network]:
    async with network(migrated_postgres_url) as cable:
        yield cable


@asynccontextmanager
async def terminal(url: str, home: Path, clock: ManualClock) -> AsyncIterator[Services]:
    settings = load({"database_url": url}, {"RFL1_HOME": str(home), "RFL1_MATCH_EMBEDDER": "off"})
    opened = Services(settings, Database.open(url, silence=SILENCE), clock)
    try:
        yield opened
    finally:
        await opened.database.dispose()


@pytest.fixture
async def office(migrated_postgres_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    """A colleague's terminal, whose network is fine."""
    async with terminal(migrated_postgres_url, tmp_path / "office", TickingClock()) as services:
        yield services


@pytest.fixture
async def team(office: Services) -> Team:
    everybody = await make_team(office.database, TickingClock())
    await office.library.bring_in(everybody.owner, read_flows([FLOWS]))
    return everybody


async def begun(office: Services, team: Team) -> Walk:
    call = Call(problem="printer", customer="Acme")
    outcome = await office.intake.take(team.tech, call, TakeFlow("printer-offline"))
    assert isinstance(outcome, Matched)
    return outcome.walk


async def labels(office: Services, team: Team, call: UUID) -> list[str]:
    return [step.answer_label for step in (await office.walks.open(team.second, call)).steps]


@asynccontextmanager
async def at_home(between: Network, team: Team, folder: Path, seen: Opening | None = None) -> AsyncIterator[Stage]:
    """The technician's own terminal, on the other side of the network."""
    async with (
        terminal(between.url, folder / "home", TickingClock()) as services,
        stage(services, team.tech, seen=seen) as on,
    ):
        yield on


@pytest.mark.parametrize("lost", [Network.cut, Network.hold], ids=["refuses", "swallows"])
async def test_a_call_goes_on_while_the_server_is_away(  # noqa: PLR0917
    between: Network,
    office: Services,
    team: Team,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lost: Callable[[Network], None],
) -> None:
    monkeypatch.setattr(service, "LIMIT", 1.0)
    walk = await begun(office, team)
    async with at_home(between, team, tmp_path) as on:
        await on.press("enter")
        await on.sees("Is the green light on?")
        lost(between)
        await on.press("n")
        await on.sees("The store is away", "1 kept on this machine", "Switch the printer on.")
        await on.press("enter")
        await on.sees("2 kept on this machine", "Does the queue print now?")
        await on.press("t")
        await on.press(*"angry")
        await on.sees("3 kept on this machine")
        await on.press("escape")
        assert await labels(office, team, walk.id) == []
        between.mend()
        await on.sees("The store is back: all 3 entries that were kept here are stored.")
        assert "The store is away" not in on.words
        assert await labels(office, team, walk.id) == ["No", "Done"]
        await on.press("y")
        await on.sees("Resolve")
    stored = await office.walks.open(team.second, walk.id)
    assert [step.answer_label for step in stored.steps] == ["No", "Done", "Yes"]
    assert [note.text for note in stored.notes] == ["angry"]


async def test_what_was_kept_when_the_app_ended_is_stored_when_it_begins_again(
    between: Network, office: Services, team: Team, tmp_path: Path
) -> None:
    walk = await begun(office, team)
    async with at_home(between, team, tmp_path) as on:
        await on.press("enter")
        await on.sees("Is the green light on?")
        between.cut()
        await on.press("n")
        await on.sees("1 kept on this machine")
    between.mend()
    async with at_home(between, team, tmp_path, seen=Opening(team.tech, (), (), False)) as on:
        await on.sees("is stored now")
    assert await labels(office, team, walk.id) == ["No"]


@pytest.mark.parametrize(("seconds", "said"), [(0.5, "is stored now"), (3600, "The store is back")])
async def test_what_was_kept_of_a_call_that_was_left_is_stored_by_itself_or_on_opening(  # noqa: PLR0917
    between: Network,
    office: Services,
    team: Team,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    said: str,
) -> None:
    monkeypatch.setattr(behind, "KEPT_SECONDS", seconds)
    walk = await begun(office, team)
    async with at_home(between, team, tmp_path) as on:
        await on.press("enter")
        await on.sees("Is the green light on?")
        between.cut()
        await on.press("n")
        await on.sees("1 kept on this machine")
        await on.press("f2")
        await on.sees("In progress")
        between.mend()
        if seconds > 1:
            await on.press("enter")
        await on.sees(said)
    assert await labels(office, team, walk.id) == ["No"]
