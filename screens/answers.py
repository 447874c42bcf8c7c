"""The answers of the moment, each with its keys, always in the same place."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.widget import Widget

from screens.actions import Keys
from screens.layout import Lane, Lanes
from screens.offers import Offer
from screens.text import line

_GAP = 3
_ACROSS = 3
"""At most so many stand beside each other."""
_MOST_LINES = 12
"""Of all answers together, where they stand below each other."""


class Answers(Widget):
    def __init__(self, keys: Keys) -> None:
        super().__init__(id="answers")
        self._keys = keys
        self._offers: Sequence[Offer] = ()
        self._given: int | None = None

    def put(self, offers: Sequence[Offer], *, given: int | None = None) -> None:
        """`given` is the one that was pressed and is being stored."""
        width = self.content_size.width
        before = self._height(width)
        self._offers, self._given = offers, given
        self.refresh(layout=not width or self._height(width) != before)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height(width)

    def _height(self, width: int) -> int:
        return sum(len(row) for row in self._grid(width))

    def render(self) -> Content:
        return Content("\n").join([line for row in self._grid(self.size.width) for line in row])

    def on_click(self, event: events.Click) -> None:
        for place, offer in zip(self._places(self.size.width), self._offers, strict=False):
            if place.contains(event.x, event.y):
                self.app.simulate_key(self._keys.press(offer.actions[0]))
                return

    def _grid(self, width: int) -> list[list[Content]]:
        """Lines, a list for each row of answers: a long answer takes several lines of its own."""
        columns, wide = self._columns(width)
        if columns == 1:
            return [self._wrapped(n, width) for n in range(len(self._offers))]
        down = -(-len(self._offers) // columns)
        rows = [range(row, len(self._offers), down) for row in range(down)]
        gap = Content(" " * _GAP)
        return [[gap.join([self._cell(n).truncate(wide, pad=True) for n in row])] for row in rows]

    def _places(self, width: int) -> list[Region]:
        columns, wide = self._columns(width)
        if columns == 1:
            heights = [len(self._wrapped(n, width)) for n in range(len(self._offers))]
            return [Region(0, sum(heights[:n]), width, height) for n, height in enumerate(heights)]
        down = -(-len(self._offers) // columns)
        return [Region((n // down) * (wide + _GAP), n % down, wide, 1) for n in range(len(self._offers))]

    def _columns(self, width: int) -> tuple[int, int]:
        """How many stand beside each other, and how wide each is."""
        longest = max((self._cell(n).cell_length for n in range(len(self._offers))), default=0)
        for columns in range(min(_ACROSS, len(self._offers)), 1, -1):
            wide = (width - _GAP * (columns - 1)) // columns
            if longest <= wide and (columns < _ACROSS or len(self._offers) <= _ACROSS):
                return columns, wide
        return 1, width

    def _cell(self, number: int) -> Content:
        return self._chip(number).pad_right(1) + self._words(number)

    def _wrapped(self, number: int, width: int) -> list[Content]:
        """Cut where it would leave no room for the step; whole it stands in the path once it is given."""
        chip = self._chip(number)
        lines = Lanes([Lane(chip, self._words(number))], label=chip.cell_length + 1).lines(width)
        most = max(1, _MOST_LINES // len(self._offers))
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], (lines[most - 1] + Content("…" * width)).truncate(width, ellipsis=True)]

    def _chip(self, number: int) -> Content:
        wide = max(len(pressed) for pressed in self.pressed)
        sign = "›" if number == self._given else " "
        style = "$text-disabled" if self._given not in {None, number} else "bold $text-accent"
        keys = f" {self.pressed[number]}".ljust(wide + 2)
        return Content.assemble((sign, "bold $text-success"), (keys, style))

    def _words(self, number: int) -> Content:
        style = "$text-disabled" if self._given not in {None, number} else "bold"
        return line(self._offers[number].words, style)

    @property
    def pressed(self) -> list[str]:
        """The keys of each answer, as a person reads them."""
        return [" ".join(self._keys.of(action) for action in offer.actions) for offer in self._offers]
