"""Lanes that scroll. A lane is wrapped when it comes, a line is drawn when it is seen, and nothing is laid out for it:
what a change costs does not grow with what stands there."""

from collections.abc import Sequence
from itertools import chain, takewhile

from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from screens.layout import Lane, wrapped


class Scroll(ScrollView, can_focus=True):
    """As wide and high as its place allows."""

    ALLOW_SELECT = False  # the lines are made for this width

    DEFAULT_CSS = """
    Scroll {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
    }
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)  # of lines that are its own business

    def __init__(self, *, label: int, margin: int = 0, id: str | None = None) -> None:  # noqa: A002
        """`label`: cells of the label column; `margin`: cells left free at the right."""
        super().__init__(id=id)
        self._label = label
        self._margin = margin
        self._gap = 0
        self._lanes: Sequence[Lane] = ()
        self._wrapped: list[list[Content]] = []
        """Of the first lanes, for `_width`; those that are missing here are still to be wrapped."""
        self._lines: list[Content] = []
        self._drawn: dict[int, Strip] = {}
        self._width = 0
        self._place = (Size(), Size())

    @property
    def lanes(self) -> Sequence[Lane]:
        return self._lanes

    def show(self, lanes: Sequence[Lane], *, gap: int = 0) -> None:
        """`gap`: empty lines between two lanes. What is as before is neither wrapped nor drawn again."""
        common = takewhile(lambda pair: pair[0].is_same(pair[1]), zip(self._lanes, lanes, strict=False))
        same = sum(1 for _ in common) if gap == self._gap else 0
        self._lanes, self._gap = lanes, gap
        del self._wrapped[same:]
        self._wrap()

    def on_mount(self) -> None:
        self.watch(self, "show_vertical_scrollbar", self._wrap, init=False)

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        """Wraps what is not wrapped yet; while it is not to be seen nothing is."""
        width = self.scrollable_content_region.width - self._margin
        if width <= 0:
            return
        if width != self._width:
            self._width = width
            self._wrapped.clear()
        before, kept = len(self._lines), sum(map(len, self._wrapped))
        for number, lane in enumerate(self._lanes[len(self._wrapped) :], len(self._wrapped)):
            gap = [Content()] * (self._gap if number else 0)
            self._wrapped.append([*gap, *wrapped(lane, width, self._label)])
        self._lines = list(chain.from_iterable(self._wrapped))
        end = max(before, len(self._lines))
        for y in range(kept, end):
            self._drawn.pop(y, None)
        changed = Region(0, kept - self.scroll_offset.y, self.size.width, end - kept)
        if seen := changed.intersection(self.size.region):
            self.refresh(seen)
        self.virtual_size = Size(width, len(self._lines))
        self._scroll_update(self.virtual_size)

    def _scroll_update(self, virtual_size: Size) -> None:
        """At every layout, of which few concern it."""
        place = virtual_size, self.container_size
        if place != self._place:
            self._place = place
            super()._scroll_update(virtual_size)

    def notify_style_update(self) -> None:
        self._drawn.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        if at >= len(self._lines):
            return Strip.blank(self._width, self.rich_style)
        if at not in self._drawn:
            self._drawn[at] = Visual.to_strips(self, self._lines[at], self._width, 1, self.visual_style, pad=True)[0]
        return self._drawn[at]
