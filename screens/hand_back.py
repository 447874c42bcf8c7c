"""An escalated call goes back to the technician, with what to do or ask."""

from collections.abc import Awaitable, Callable, Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.form import Form
from screens.page import Desk
from screens.writing import Writing
from services.walks.model import Walk


class HandBackScreen(Form):
    AUTO_FOCUS = "#text"
    HEADING = "Hand back"

    def __init__(self, desk: Desk, walk: Walk, hand_back: Callable[[str], Awaitable[Walk]]) -> None:
        super().__init__(desk, walk)
        self._walk = walk
        self._hand_back = hand_back
        self._writing = Writing(desk.drafts.instructions.get(walk.id, ""), id="text")

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("What should the technician do or ask?"))
        yield self._writing

    def on_text_area_changed(self) -> None:
        self.desk.drafts.instructions[self._walk.id] = self._writing.text

    async def send(self) -> Walk:
        return await self._hand_back(self._writing.text)

    def forget(self) -> None:
        self.desk.drafts.ended(self._walk.id)
