"""Past calls: typed words find them; one is read, or taken to the desk."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens import queue_lines as lines
from screens.actions import bindings
from screens.autosave import Debounce
from screens.fields import Line
from screens.layout import Cell
from screens.messages import AtTheDesk, Read
from screens.page import Desk, Page
from screens.rows import Rows
from screens.words import state
from services.access import Act
from services.walks.lines import QueueEntry

if TYPE_CHECKING:
    from services.walks.past import Ended, Past
    from services.walks.service import Walks

FILTER_SECONDS = 0.3
LIMIT = 100
STATUSES: "tuple[Ended | None, ...]" = (None, "resolved", "escalated", "abandoned")


class PastScreen(Page[None]):
    CSS_PATH = "past.tcss"
    BINDINGS = bindings("past")
    AUTO_FOCUS = "#filter"
    TYPING = True

    def __init__(self, desk: Desk, past: "Past", walks: "Walks") -> None:
        super().__init__(desk)
        self._past = past
        self._walks = walks
        self._status: Ended | None = None
        self._filter = Line(id="filter", placeholder="Words, the technician's name, #number of a ticket")
        self._rows = Rows(id="calls")
        self._below = Static(id="status")
        self._pause = Debounce(self, FILTER_SECONDS, self.reload)

    def content(self) -> Iterable[Widget]:
        return (self._filter, self._rows, self._below)

    def on_mount(self) -> None:
        self._title()

    def _title(self) -> None:
        which = "all" if self._status is None else state(self._status)
        self.title_bar.show(Content("Past calls"), Cell(Content(which), 14, right=True), self.badge)

    def reload(self) -> None:
        self.load("past", self._read, self._show)

    async def _read(self) -> tuple[QueueEntry, ...]:
        words = self._filter.value
        return await self._past.listed(self.desk.actor, words=words, status=self._status, limit=LIMIT)

    def _show(self, found: tuple[QueueEntry, ...]) -> None:
        now = self.desk.clock()
        self._rows.put([Option(lines.past(entry, now), id=str(entry.session_id)) for entry in found])
        more = ": the newest; another word finds older ones" if len(found) >= LIMIT else ""
        told = f"{len(found)} calls{more}" if found else "No past call has these words."
        self._below.update(Content.styled(told, "$text-muted"))
        self.refresh_bindings()

    def on_input_changed(self) -> None:
        self._pause.touch()

    def on_input_submitted(self) -> None:
        self.set_focus(self._rows)

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        match action:
            case "list":
                return self.focused is self._filter
            case "open":
                return self._chosen is not None and self.focused is self._rows
            case "at_the_desk":
                able = self.desk.engineering is not None and self.desk.actor.may(Act.WORK_ESCALATIONS)
                return able and self._chosen is not None
        return True

    @property
    def _chosen(self) -> UUID | None:
        chosen = self._rows.chosen
        return None if chosen is None else UUID(chosen)

    def action_filter(self) -> None:
        self.set_focus(self._filter)

    def action_list(self) -> None:
        self.set_focus(self._rows)

    def action_status(self) -> None:
        """The next ending, and after the last all of them."""
        self._status = STATUSES[(STATUSES.index(self._status) + 1) % len(STATUSES)]
        self._title()
        self.reload()

    def action_open(self) -> None:
        if (chosen := self._chosen) is not None:
            self.save("open", self._open(chosen))

    async def _open(self, session_id: UUID) -> None:
        self.app.post_message(Read(await self._walks.open(self.desk.actor, session_id)))

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def action_at_the_desk(self) -> None:
        if (chosen := self._chosen) is not None:
            self.app.post_message(AtTheDesk(chosen))
