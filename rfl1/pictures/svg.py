"""A look as an SVG that is whole by itself: nothing is fetched to show it, no font, no style, no script."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from rich.cells import cell_len
from textual.color import Color

from rfl1.pictures.look import Look, Run

WIDE, HIGH = 8.4, 18
"""A cell, in the SVG's units. Text is fitted into its cells, whatever the width of the reader's font."""
FONT_SIZE = 14
BASE = 13.2
"""From the top of a cell down to the line that letters stand on."""
MARGIN = 10
FONTS = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"

_SIDES = {
    "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu",
    "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
}  # fmt: skip
"""Frames are drawn: in many fonts their lines do not meet. A sign goes from the middle of its cell to these sides."""
_FRAME = re.compile(f"─+|[{''.join(_SIDES)}]")
_STROKES = {"u": f"v{-HIGH / 2:g}", "d": f"v{HIGH / 2:g}", "l": f"h{-WIDE / 2:g}", "r": f"h{WIDE / 2:g}"}
_WORDS = re.compile(r"\S+(?: \S+)*")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(seen: Look) -> str:
    """The whole document; its texts stand in it row by row."""
    width, height = seen.width * WIDE + 2 * MARGIN, len(seen.rows) * HIGH + 2 * MARGIN
    ground = _ground(seen)
    classes: dict[str, str] = {}
    rows = ["".join(_row(row, y, ground, classes)) for y, row in enumerate(seen.rows)]
    rules = "".join(f".{name}{{{rule}}}" for rule, name in classes.items())
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">',
            f"<style>text{{font:{FONT_SIZE}px {FONTS};white-space:pre}}path{{fill:none}}{rules}</style>",
            f'<rect width="100%" height="100%" rx="8" fill="{ground.hex6}"/>',
            f'<g transform="translate({MARGIN} {MARGIN})">',
            *filter(None, rows),
            "</g>",
            "</svg>\n",
        ]
    )


def _ground(seen: Look) -> Color:
    """What most of the screen is painted with."""
    papers: Counter[Color] = Counter()
    for run in (run for row in seen.rows for run in row):
        papers[run.paper] += len(run.text)
    return max(papers, key=lambda paper: papers[paper], default=Color(0, 0, 0))


def _row(row: Sequence[Run], y: int, ground: Color, classes: dict[str, str]) -> Iterable[str]:
    """Papers before signs, so that no paper covers half a sign of its neighbour."""
    signs: list[str] = []
    x = 0
    for run in row:
        frame = "".join(_frame(run.text, x, y))
        if frame:
            signs.append(f'<path d="{frame}" stroke="{run.ink.hex6}"/>')
        words = _FRAME.sub(lambda found: " " * len(found[0]), run.text)
        for found in _WORDS.finditer(words):
            left, name = x + cell_len(words[: found.start()]), _class(run, classes)
            place = f'x="{left * WIDE:g}" y="{y * HIGH + BASE:g}" textLength="{cell_len(found[0]) * WIDE:g}"'
            signs.append(f'<text class="{name}" {place}>{escape(_NOT_XML.sub("�", found[0]), quote=False)}</text>')
        x += cell_len(run.text)
    return (*_papers(row, y, ground), *signs)


def _papers(row: Sequence[Run], y: int, ground: Color) -> Iterable[str]:
    x = 0
    for paper, runs in groupby(row, key=lambda run: run.paper):
        cells = sum(cell_len(run.text) for run in runs)
        if paper != ground:
            place = f'x="{x * WIDE:g}" y="{y * HIGH}" width="{cells * WIDE:g}" height="{HIGH}"'
            yield f'<rect {place} fill="{paper.hex6}"/>'
        x += cells


def _frame(text: str, x: int, y: int) -> Iterable[str]:
    middle = (y + 0.5) * HIGH
    for found in _FRAME.finditer(text):
        left = (x + cell_len(text[: found.start()])) * WIDE
        if found[0] in _SIDES:
            yield from (f"M{left + WIDE / 2:g} {middle:g}{_STROKES[side]}" for side in _SIDES[found[0]])
        else:
            yield f"M{left:g} {middle:g}h{len(found[0]) * WIDE:g}"


def _class(run: Run, classes: dict[str, str]) -> str:
    lines = [line for line, drawn in (("underline", run.underline), ("line-through", run.strike)) if drawn]
    rule = f"fill:{run.ink.hex6}" + ";font-weight:700" * run.bold + ";font-style:italic" * run.italic
    rule += f";text-decoration:{' '.join(lines)}" if lines else ""
    return classes.setdefault(rule, f"c{len(classes)}")
