"""Ways of laying out text that Textual has no visual for: columns of one line, and lanes with a label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual, VisualType
from textual.widgets import Static

_GAP = "  "
LIT = "-lit"


class Steady(Static):
    """Text that is drawn again only where it is another one, and laid out again only where it takes other lines."""

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        before, taken = self.content, self._lines
        if isinstance(content, Content) and isinstance(before, Content) and content.is_same(before):
            return
        super().update(content, layout=False)
        if layout and (not taken or self._lines != taken):
            self.refresh(layout=True)

    @property
    def _lines(self) -> int:
        """0 while it has no place."""
        width = self.content_size.width
        return self.visual.get_height(self.styles.get_rules(), width) if width else 0


class Pane(Vertical):
    """A frame that is lit while something in it has the focus. By a class and not by `:focus-within`, for which the
    styles of all that stands in it would be looked up again with every move of the focus."""

    def on_descendant_focus(self) -> None:
        self._light()

    def on_descendant_blur(self) -> None:
        self._light()

    def _light(self) -> None:
        if self.has_focus_within != self.has_class(LIT):
            self.set_class(self.has_focus_within, LIT, update=False)
            self.app.stylesheet.update_nodes([self])


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a line."""

    content: Content
    width: int | None = None
    """In terminal cells; None takes what the others leave."""
    right: bool = False
    most: int = 0
    """Where it takes what the others leave: no more than this, where it is said."""
    needs: int = 0
    """Left out where the whole line is narrower."""


class Row(Visual):
    """Cells side by side on one line, cut where they are too long."""

    def __init__(self, *cells: Cell) -> None:
        self.cells = cells

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        cells = [cell for cell in self.cells if width >= cell.needs]
        fixed = sum(cell.width or 0 for cell in cells) + len(_GAP) * (len(cells) - 1)
        rest = max(1, (width - fixed) // max(1, sum(cell.width is None for cell in cells)))
        laid = Content(_GAP).join([_fitted(cell, _width(cell, rest)) for cell in cells])
        return laid.truncate(width).render_strips(width, 1, style, options)


def _width(cell: Cell, rest: int) -> int:
    return cell.width if cell.width is not None else min(rest, cell.most or rest)


def _fitted(cell: Cell, width: int) -> Content:
    cut = cell.content.truncate(width, ellipsis=True)
    return cut.pad_left(width - cut.cell_length) if cell.right else cut.truncate(width, pad=True)


@dataclass(frozen=True, slots=True)
class Lane:
    label: Content
    text: Content
    weight: int = 1
    """Where lanes share their room: how many lines it may have for one of another's."""

    def is_same(self, other: "Lane") -> bool:
        """Also in its styles, which `==` of contents leaves out."""
        return self is other or (self.label.is_same(other.label) and self.text.is_same(other.text))


def wrapped(lane: Lane, width: int, label: int, most: int = 0) -> list[Content]:
    """The lines of a lane. `label`: cells of the label column; `most`: lines it may take, 0 for all it needs."""
    room = max(4, width - label)
    lines = lane.text.wrap(room) or [Content()]
    if 0 < most < len(lines):
        lines = _cut(lane.text, lines, room, most)
    first = lane.label.truncate(label, ellipsis=True, pad=True)
    rest = Content(" " * label)
    return [(rest if number else first) + line for number, line in enumerate(lines)]


_GAP_IN_TEXT = "[…] "
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?!›)")


def _cut(text: Content, lines: list[Content], width: int, most: int) -> list[Content]:
    """The beginning and, since what matters is often said last, the end: in whole sentences where they fit, so that
    no two halves are read as one."""
    if most == 1:
        begin = lines[0].truncate(max(1, width - 2))
        words = begin.plain.rpartition(" ")[0] if begin.cell_length < lines[0].cell_length else ""
        return [Content.assemble(begin[: len(words)] if words else begin, " …")]
    if (whole := _sentences(text, width, most)) is not None:
        return whole
    last = Content.assemble(_GAP_IN_TEXT, _end(text, max(1, width - len(_GAP_IN_TEXT))))
    return [*lines[: most - 1], last.truncate(width)]


def _sentences(text: Content, width: int, most: int) -> list[Content] | None:
    """The first one and the last, and in turns as many more from the end and the beginning as fit; None where not even
    these do."""
    bounds = [0, *(each.end() for each in _SENTENCE_END.finditer(text.plain)), len(text)]

    def told(begin: int, end: int) -> list[Content]:
        return Content.assemble(text[: bounds[begin]], _GAP_IN_TEXT, text[bounds[end] :]).wrap(width)

    begin, end = 1, len(bounds) - 2
    if begin >= end or len(told(begin, end)) > most:
        return None
    growing = True
    while growing:
        growing = False
        if begin < end - 1 and len(told(begin, end - 1)) <= most:
            end, growing = end - 1, True
        if begin < end - 1 and len(told(begin + 1, end)) <= most:
            begin, growing = begin + 1, True
    return told(begin, end)


def _end(text: Content, width: int) -> Content:
    """The last words that fit."""
    start, taken = len(text), 0
    while start and taken + (cells := cell_len(text.plain[start - 1])) <= width:
        start, taken = start - 1, taken + cells
    if start and not text.plain[start - 1].isspace() and (space := text.plain.find(" ", start)) >= 0:
        start = space + 1
    return text[start:]


def shares(needed: Sequence[int], weights: Sequence[int], room: int) -> list[int]:
    """How many of `room` lines each gets: one at least, then by the highest quotient (D'Hondt), so that what some do
    not need is the others'."""
    given = [1] * len(needed)
    for _ in range(room - len(needed)):
        short = [each for each, number in enumerate(needed) if given[each] < number]
        if not short:
            break
        given[max(short, key=lambda each: weights[each] / given[each])] += 1
    return given


class Lanes(Visual):
    """Labels in a column, their texts wrapped beside them."""

    def __init__(self, lanes: Sequence[Lane], *, label: int = 8, gap: int = 0, room: int = 0) -> None:
        """`label`: cells of the label column; `gap`: empty lines between two lanes; `room`: lines that all of them
        have together, 0 where they take what they need."""
        self._lanes = lanes
        self._label = label
        self._gap = gap
        self._room = room
        self._laid: tuple[int, Content] | None = None

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._at(width).get_height(rules, width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self._at(width).render_strips(width, height, style, options)

    def lines(self, width: int) -> list[Content]:
        laid = [wrapped(lane, width, self._label) for lane in self._lanes]
        if self._room:
            most = shares([len(lines) for lines in laid], [lane.weight for lane in self._lanes], self._room)
            laid = [wrapped(lane, width, self._label, each) for lane, each in zip(self._lanes, most, strict=True)]
        told: list[Content] = []
        for number, lines in enumerate(laid):
            told += [Content()] * (self._gap if number else 0)
            told += lines
        return told

    def _at(self, width: int) -> Content:
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, Content("\n").join(self.lines(width)))
        return self._laid[1]
