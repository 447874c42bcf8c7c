"""What stands on the screen at this moment: rows of text in the colours that a terminal would show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color

DIMMED = 0.5
"""How much of its colour dim text keeps."""

_BLACK, _WHITE = Color(0, 0, 0), Color(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side that look alike."""

    text: str
    ink: Color
    paper: Color
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    width: int
    rows: tuple[tuple[Run, ...], ...]

    @property
    def text(self) -> str:
        """A line for each row, without the spaces at its end."""
        return "\n".join("".join(run.text for run in row).rstrip() for row in self.rows)


def look(app: App[Any]) -> Look:
    """Of a running app. A dialog stands on what is behind it."""
    compositor = app.screen._compositor
    compositor.render_update(screen_stack=app._background_screens)  # lets it know what is behind
    rows = compositor.render_full_update().strips
    return Look(app.size.width, tuple(_row(chain.from_iterable(row)) for row in rows))


def _row(segments: Iterable[Segment]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for segment in segments:
        run = _run(segment.text, segment.style or Style.null())
        if runs and replace(runs[-1], text=run.text) == run:
            runs[-1] = replace(run, text=runs[-1].text + run.text)
        else:
            runs.append(run)
    return tuple(runs)


def _run(text: str, style: Style) -> Run:
    ink = Color.from_rich_color(style.color) if style.color else _WHITE
    paper = Color.from_rich_color(style.bgcolor) if style.bgcolor else _BLACK
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = paper.blend(ink, DIMMED)
    return Run(text, ink, paper, bool(style.bold), bool(style.italic), bool(style.underline), bool(style.strike))
