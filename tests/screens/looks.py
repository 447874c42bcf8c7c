"""The scenes as they look in a size and in colours, at an hour that stands still."""

import time
from collections.abc import Iterator

import pytest

from rfl1.compose import Services
from rfl1.pictures.look import Look, look
from rfl1.settings import load
from tests.screens.scenes import play
from tests.services.people import ManualClock, Team
from tests.stage import USUAL, Stage


@pytest.fixture
def clock() -> ManualClock:
    """Stands still."""
    return ManualClock()


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hours on the screen are those of the store."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


async def looks(
    services: Services, team: Team, clock: ManualClock, size: tuple[int, int] = USUAL, theme: str = "dark"
) -> dict[str, Look]:
    """By the name of the scene."""
    settings = load({"database_url": services.settings.database_url}, {"RFL1_THEME": theme})
    seen: dict[str, Look] = {}

    def show(name: str, on: Stage) -> None:
        seen[name] = look(on.app)

    await play(Services(settings, services.database, clock), team, clock, size, show)
    return seen
