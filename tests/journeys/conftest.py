"""Whole calls: an account with its people and a small library, on stores of both kinds."""

from collections.abc import AsyncIterator

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from services.flows.format import read_flows
from tests.logins import append_as_themselves, open_for_people
from tests.services.people import ManualClock, Team, make_team
from tests.stage import FLOWS, TickingClock


@pytest.fixture
def clock() -> ManualClock:
    return TickingClock()


@pytest.fixture(autouse=True)
def _steps_by_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.walks.answering.append_step", append_as_themselves)


@pytest.fixture
async def services(migrated_url: str, clock: ManualClock) -> AsyncIterator[Services]:
    opened = Services(load({"database_url": migrated_url}), open_for_people(migrated_url), clock)
    yield opened
    await opened.database.dispose()


@pytest.fixture
async def team(services: Services, clock: ManualClock) -> Team:
    """Everybody, and the flows that the calls of these tests are about."""
    everybody = await make_team(services.database, clock)
    await services.library.bring_in(everybody.owner, read_flows([FLOWS]))
    return everybody
