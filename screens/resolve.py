"""The problem is solved: what it was, and whether the steps helped."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.drafted import Drafted, DraftedForm
from screens.fields import Choice
from screens.page import Desk
from screens.writing import Writing
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.drafting.service import Drafting

_HELPFUL = (True, False)


class ResolveScreen(DraftedForm):
    AUTO_FOCUS = "#text"
    HEADING = "Resolve"

    def __init__(
        self,
        desk: Desk,
        walk: Walk,
        resolve: Callable[[bool, str], Awaitable[Walk]],
        drafting: "Drafting",
        *,
        notes: str,
    ) -> None:
        """`notes` is a first draft of them."""
        super().__init__(desk, walk)
        self._walk = walk
        self._resolve = resolve
        self._notes = notes
        draft = desk.drafts.closing(walk.id)
        self._writing = Writing(notes if draft.notes is None else draft.notes, id="text")
        self.drafted = Drafted(self, drafting, walk, "resolution_note", self._writing)
        self._choice = Choice("yes", "no", chosen=_HELPFUL.index(draft.helpful))

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("What solved it?"))
        yield self._writing
        yield from self.draft_line()
        yield Label(Content("Did the steps help the caller?" if self._walk.steps else "Is the caller helped?"))
        yield self._choice

    def on_text_area_changed(self) -> None:
        text = self._writing.text
        self.desk.drafts.closing(self._walk.id).notes = None if text == self._notes else text

    def on_choice_changed(self) -> None:
        self.desk.drafts.closing(self._walk.id).helpful = self._helpful

    @property
    def _helpful(self) -> bool:
        return _HELPFUL[self._choice.chosen]

    async def send(self) -> Walk:
        return await self._resolve(self._helpful, self._writing.text.rstrip())

    def forget(self) -> None:
        self.desk.drafts.ended(self._walk.id)
