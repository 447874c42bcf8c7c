from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.logins import append_as_themselves, open_for_people
from tests.services.making import Files
from tests.services.people import ManualClock, Team, make_team


@pytest.fixture(autouse=True)
def _steps_by_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.walks.answering.append_step", append_as_themselves)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated store without rows, of either kind."""
    opened = open_for_people(migrated_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def team(database: Database, clock: ManualClock) -> Team:
    """An account with everybody in it, and people of another."""
    return await make_team(database, clock)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Makes flow files of flows."""
    return Files(tmp_path)
