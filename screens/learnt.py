"""The end of the tutor: what has been practised, and how to begin for real."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.coach import with_keys
from screens.layout import Lane, Lanes
from screens.page import Desk, Page
from screens.text import line

if TYPE_CHECKING:
    from services.tutor.tutor import Tutor


class LearntScreen(Page[None]):
    CSS_PATH = "learnt.tcss"
    AUTO_FOCUS = "#learnt"

    def __init__(self, desk: Desk, tutor: "Tutor") -> None:
        super().__init__(desk)
        self._tutor = tutor
        self._list = Static()

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="learnt"):
            yield self._list

    def on_mount(self) -> None:
        self.title_bar.show(Content("What you can do now"))

    def reload(self) -> None:
        self.load("learnt", self._tutor.learnt, self._show)

    def _show(self, learnt: Sequence[tuple[str, bool]]) -> None:
        done = [Lane(Content.styled("✓", "$text-success"), line(words)) for words, met in learnt if met]
        missed = [Lane(Content("○"), line(words)) for words, met in learnt if not met]
        if missed:
            missed.insert(0, Lane(Content(), Content.styled("\nNot tried yet", "$text-muted")))
        begin = Lane(Content(), Content("\n") + with_keys(self._tutor.course.for_real, self.desk.keys))
        self._list.update(Lanes([*done, *missed, begin], label=3))
