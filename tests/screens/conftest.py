"""The app on an embedded store, with the library and the people of the journeys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from services.flows.format import read_flows
from storage.database import Database
from tests.services.making import Files
from tests.services.people import ManualClock, Team, make_team
from tests.stage import FLOWS, TickingClock


@pytest.fixture
def clock() -> ManualClock:
    return TickingClock()


@pytest.fixture
async def services(migrated_sqlite_url: str, clock: ManualClock) -> AsyncIterator[Services]:
    settings = load({"database_url": migrated_sqlite_url})
    opened = Services(settings, Database.open(migrated_sqlite_url), clock)
    yield opened
    await opened.database.dispose()


@pytest.fixture
async def team(services: Services, clock: ManualClock) -> Team:
    everybody = await make_team(services.database, clock)
    await services.library.bring_in(everybody.owner, read_flows([FLOWS]))
    return everybody


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)
