"""Two terminals on one store: each sees the other's work without pressing a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from services.access import Actor
from services.flows.format import read_flows
from services.intake.model import Call, Matched, TakeFlow
from services.walks.model import Choose, Walk
from storage.database import Database
from tests.services.people import Team, make_team
from tests.stage import FLOWS, Stage, TickingClock, stage


class Office:
    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder

    @asynccontextmanager
    async def services(self, name: str) -> AsyncIterator[Services]:
        settings = load(
            {"database_url": self._url}, {"RFL1_HOME": str(self._folder / name), "RFL1_MATCH_EMBEDDER": "off"}
        )
        opened = Services(settings, Database.open(self._url), TickingClock())
        try:
            yield opened
        finally:
            await opened.close()

    @asynccontextmanager
    async def terminal(self, actor: Actor) -> AsyncIterator[Stage]:
        async with self.services(actor.name) as services, stage(services, actor) as on:
            yield on


@pytest.fixture
def office(migrated_url: str, tmp_path: Path) -> Office:
    return Office(migrated_url, tmp_path)


@pytest.fixture
async def theirs(office: Office) -> AsyncIterator[Services]:
    """What a colleague does, who is not looked at."""
    async with office.services("colleague") as services:
        yield services


@pytest.fixture
async def team(theirs: Services) -> Team:
    everybody = await make_team(theirs.database, TickingClock())
    await theirs.library.bring_in(everybody.owner, read_flows([FLOWS]))
    return everybody


async def begin(services: Services, actor: Actor) -> Walk:
    call = Call(problem="nothing comes out", customer="Acme")
    outcome = await services.intake.take(actor, call, TakeFlow("printer-offline"))
    assert isinstance(outcome, Matched)
    return outcome.walk


async def test_a_new_call_of_a_colleague_comes_into_the_queue(office: Office, theirs: Services, team: Team) -> None:
    async with office.terminal(team.tech) as on:
        await on.sees("Welcome")
        await begin(theirs, team.second)
        await on.sees("nothing comes out", team.second.name)


async def test_the_steps_of_a_colleague_are_seen_as_they_are_taken(
    office: Office, theirs: Services, team: Team
) -> None:
    walk = await begin(theirs, team.second)
    async with office.terminal(team.tech) as on:
        await on.sees("nothing comes out")
        await on.press("enter")
        await on.sees(f"{team.second.name} has this call")
        await theirs.walks.answer(team.second, walk, Choose(1))
        await on.sees("Is the green light on?", "No")


async def test_each_sees_that_the_other_has_the_call_open(office: Office, theirs: Services, team: Team) -> None:
    await begin(theirs, team.tech)
    async with office.terminal(team.tech) as mine:
        await mine.press("enter")
        await mine.sees("Is the green light on?")
        async with office.terminal(team.second) as hers:
            await hers.sees("nothing comes out")
            await hers.press("enter")
            await hers.sees(f"{team.tech.name} has this call")
            await mine.sees(f"{team.second.name} has this call open too")
            await hers.press("escape")
            await mine.until(lambda: "open too" not in mine.words, "alone again")


async def test_who_loses_a_call_is_told_who_has_it_now(office: Office, theirs: Services, team: Team) -> None:
    walk = await begin(theirs, team.tech)
    async with office.terminal(team.tech) as on:
        await on.press("enter")
        await on.sees("Is the green light on?")
        await theirs.walks.take(team.second, walk)
        await on.sees(f"{team.second.name} has this call")


async def test_an_engineer_is_told_of_an_escalation_and_sees_it(office: Office, theirs: Services, team: Team) -> None:
    walk = await begin(theirs, team.tech)
    async with office.terminal(team.engineer) as on:
        await on.sees("Nothing waits")
        await theirs.walks.escalate(team.tech, walk, category="needs_onsite", reason="it smells burnt")
        await on.sees("nothing comes out", "nobody")
        assert f"{team.tech.name} escalated" not in on.words, "the list says so"


async def test_who_is_elsewhere_is_told_in_one_line(office: Office, theirs: Services, team: Team) -> None:
    walks = [await begin(theirs, team.tech) for _ in range(2)]
    async with office.terminal(team.owner) as on:
        await on.sees("nothing comes out")
        for walk in walks:
            await theirs.walks.escalate(team.tech, walk, category="needs_onsite", reason="it smells burnt")
        await on.sees(f"{team.tech.name} escalated “nothing comes out”: Somebody")
        await on.press("f1")
        assert "esc back" in on.text, "the keys are not covered"


async def test_what_is_being_typed_stays_while_others_work(office: Office, theirs: Services, team: Team) -> None:
    await begin(theirs, team.tech)
    async with office.terminal(team.tech) as on:
        await on.sees("nothing comes out")
        await on.press("slash", *"comes")
        for _ in range(3):
            await begin(theirs, team.second)
        await on.sees(team.second.name)
        await on.press(*" out")
        assert "comes out" in on.text
