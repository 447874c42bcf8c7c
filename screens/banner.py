"""What has to be known all the time about a call: machine-made steps, coverage, what the engineer asked for."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from screens.layout import Steady
from screens.text import line
from services.access import Actor
from services.walks.model import Walk

_LINES, _BROAD, _LINES_BROAD = 3, 160, 7
"""Of an instruction that are seen beside the rest; from so many columns on, so many."""


class Banner(VerticalScroll):
    """As high as what it says, up to what the stylesheet leaves it; from there on it scrolls."""

    def __init__(self) -> None:
        super().__init__(id="banner")
        self._told = Steady(id="banner-text")
        self._shown: tuple[Walk, Actor, tuple[str, ...]] | None = None

    def compose(self) -> ComposeResult:
        yield self._told

    def allow_focus(self) -> bool:
        """No stop on the way through the screen where there is nothing to scroll."""
        return self.show_vertical_scrollbar and super().allow_focus()

    def show(self, walk: Walk, actor: Actor, others: Iterable[str] = ()) -> None:
        """`others` have the call open too."""
        self._shown = (walk, actor, tuple(others))
        wide = self.app.size.width
        room = wide * (_LINES_BROAD if wide >= _BROAD else _LINES)
        told = [line(text, "$text-warning") for text in _said(walk, actor, self._shown[2], room)]
        self._told.update(Content("\n").join(told))
        self.display = bool(told)

    def on_resize(self) -> None:
        """Whether all of it is seen may have changed."""
        if self._shown is not None:
            self.show(*self._shown)


def _said(walk: Walk, actor: Actor, others: Sequence[str], room: int) -> Iterable[str]:
    """`room`: characters of an instruction that are seen at once."""
    if others:
        yield f"● {' and '.join(others)} {'has' if len(others) == 1 else 'have'} this call open too"
    if walk.kept_here:
        yield f"○ The store is away. The call goes on: {walk.kept_here} kept on this machine until it is back"
    if walk.kind == "ai_build":
        yield "◆ AI-built, check before you act"
    elif walk.kind == "proposal":
        yield "◆ Not reviewed yet, check before you act"
    if walk.acting_as is not None and actor.acting_as is not None:
        yield "▲ You cover level 1: this is recorded"
    if walk.instruction:
        scrolls = " (shift+tab and ↓ read on)" if len(walk.instruction) > room else ""
        yield f"▸ From the engineer{scrolls}: {walk.instruction}"
