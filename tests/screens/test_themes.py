"""Whether every word on the screens can be read, in each of our themes."""

import pytest
from textual.color import Color

from rfl1.compose import Services
from rfl1.pictures.look import Run
from screens.themes import THEMES
from tests.screens.looks import clock, looks, utc  # noqa: F401  # fixtures are among them
from tests.services.people import ManualClock, Team

LEAST = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0}
"""Contrast of a text to what is behind it: what WCAG 2.2 asks for at its levels AA and AAA."""

FRAMES = " ▎▊█▁▔─│╭╮╰╯┌┐└┘▕▏━┃"
"""Signs that are no text."""


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("theme", THEMES)
async def test_every_word_can_be_read(services: Services, team: Team, clock: ManualClock, theme: str) -> None:  # noqa: F811
    seen = await looks(services, team, clock, theme=theme)
    weak = {
        (name, run.text.strip()): round(contrast(run), 2)
        for name, each in seen.items()
        for row in each.rows
        for run in row
        if run.text.strip(FRAMES) and contrast(run) < LEAST[theme]
    }
    assert weak == {}


def contrast(run: Run) -> float:
    darker, lighter = sorted((luminance(run.ink), luminance(run.paper)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    """Relative, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#fff", "#fff", 1)]
)
def test_the_measure_is_the_one_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(Run("x", Color.parse(one), Color.parse(other))) == pytest.approx(ratio, abs=0.01)
