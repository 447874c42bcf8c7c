"""The scenes as they look in a size and in colours, at an hour that stands still."""

import time
from collections.abc import Iterator

import pytest
from textual.color import Color

from rfl1.compose import Services
from rfl1.pictures.look import Look, Run, look
from rfl1.settings import load
from tests.screens.scenes import play
from tests.services.people import ManualClock, Team
from tests.stage import USUAL, Stage

LEAST = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0}
"""Contrast of a text to what is behind it: what WCAG 2.2 asks for at its levels AA and AAA."""


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


def contrast(run: Run) -> float:
    darker, lighter = sorted((_luminance(run.ink), _luminance(run.paper)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Relative, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
