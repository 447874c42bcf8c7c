"""Where the pictures of one call go: a file for each, named by its number and what it shows."""

import re
from pathlib import Path
from typing import Any

from textual.app import App
from textual.widgets import Input, TextArea

from rfl1.cli.output import write
from rfl1.pictures.look import look
from rfl1.pictures.svg import svg
from screens.walk import WalkScreen


class Album:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = ""
        self._count = 0

    def add(self, app: App[Any]) -> None:
        """A picture of the screen as it is, unless it is the one before. Raises NotWritten."""
        for field in app.screen.query(Input):
            field.cursor_blink = False
        for writing in app.screen.query(TextArea):
            writing.cursor_blink = False
        picture = svg(look(app))
        if picture != self._last:
            self._last = picture
            self._count += 1
            write(self._folder / f"{self._count:02}-{shown(app)}.svg", picture)


def shown(app: App[Any]) -> str:
    """What the screen is, in a word for a file name: `queue`, `hand-back`; in a walk the type of its node."""
    screen = app.screen
    if isinstance(screen, WalkScreen):
        walk = screen.live.walk
        return "notes" if walk.free_notes or walk.pending is None else walk.pending.node.type
    words = re.findall("[A-Z][a-z]*", type(screen).__name__.removesuffix("Screen"))
    return "-".join(words).lower()
