"""All of a call under way on one page: for where there is no room for it beside the step."""

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.page import Desk, Page
from screens.story import whole
from services.walks.model import Walk


class SoFarScreen(Page[None]):
    CSS_PATH = "help.tcss"
    BINDINGS = bindings("help")
    AUTO_FOCUS = "#keys"

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk)
        self._walk = walk

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="keys"):
            yield Static(whole(self._walk, self.desk.clock()))

    def on_mount(self) -> None:
        self.title_bar.show(Content("So far"))
