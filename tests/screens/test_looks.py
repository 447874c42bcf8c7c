"""The screens as they were when somebody last looked at them, and whether every word on them can be read.

`make pictures` renews the snapshots; what it changed is to be looked at before it is committed.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from textual.color import Color

from rfl1.compose import Services
from rfl1.pictures.look import Look, Run
from screens.themes import THEMES
from tests.screens.looks import LEAST, clock, contrast, looks, utc  # noqa: F401  # fixtures are among them
from tests.services.people import ManualClock, Team
from tests.stage import LARGE, SMALL, USUAL

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = "RENEW_SNAPSHOTS"
MOST_LINES = 60
"""Of a difference; the first ones tell."""

FRAMES = " ▎▊█▁▔─│╭╮╰╯┌┐└┘▕▏━┃"
"""Signs that are no text."""

pytestmark = pytest.mark.usefixtures("utc")


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("theme", THEMES)
async def test_every_word_can_be_read_and_the_colours_are_as_they_were(
    services: Services,
    team: Team,
    clock: ManualClock,  # noqa: F811
    theme: str,
) -> None:
    seen = await looks(services, team, clock, USUAL, theme)
    weak = {
        (name, run.text.strip()): round(contrast(run), 2)
        for name, each in seen.items()
        for row in each.rows
        for run in row
        if run.text.strip(FRAMES) and contrast(run) < LEAST[theme]
    }
    assert weak == {}
    compare(_size(USUAL), {name: each.text for name, each in seen.items()})
    compare(theme, {name: "\n".join(colours(each)) for name, each in seen.items()})


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=_size)
async def test_the_layout_is_as_it_was(
    services: Services,
    team: Team,
    clock: ManualClock,  # noqa: F811
    size: tuple[int, int],
) -> None:
    seen = await looks(services, team, clock, size)
    compare(_size(size), {name: each.text for name, each in seen.items()})


def colours(seen: Look) -> Iterator[str]:
    """Each way of looking, with its contrast and the words that look so."""
    words: dict[str, dict[str, None]] = {}
    for run in (run for row in seen.rows for run in row):
        for text in filter(None, (part.strip(FRAMES) for part in run.text.split("  "))):
            styles = "".join(f" {name}" for name in ("bold", "italic", "underline", "strike") if getattr(run, name))
            kind = f"{run.ink.hex6} on {run.paper.hex6}, {contrast(run):.1f} : 1{styles}"
            words.setdefault(kind, {})[text] = None
    for kind in sorted(words):
        yield "\n    ".join([kind, *words[kind]])


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#fff", "#fff", 1.0)]
)
def test_the_measure_is_the_one_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(Run("x", Color.parse(one), Color.parse(other))) == pytest.approx(ratio, abs=0.01)


def compare(name: str, scenes: Mapping[str, str]) -> None:
    """With the snapshot of that name; where they are to be renewed, it is made first."""
    now = "\n".join(f"=== {scene} ===\n{text.rstrip()}\n" for scene, text in scenes.items())
    path = SNAPSHOTS / f"{name}.txt"
    if RENEW in os.environ:
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    changed = list(difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", lineterm=""))
    assert not changed, "\n".join(["`make pictures` renews this:", *changed[:MOST_LINES]])
