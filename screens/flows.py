"""The account's flows: searched while one types, each with its state and how its calls went."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.fields import Line
from screens.flow_lines import listed
from screens.layout import Cell, Row
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line
from services.access import Act

if TYPE_CHECKING:
    from services.flows.authoring import Authoring
    from services.flows.library import FlowSummary

LIMIT = 200
"""Lines shown; more than that nobody reads, a word more finds."""


class Search(Line):
    """Enter in it opens what is highlighted in the list."""

    BINDINGS = bindings("search")


class FlowsScreen(Page[None]):
    CSS_PATH = "flows.tcss"
    BINDINGS = bindings("flows")
    AUTO_FOCUS = "#search"
    TYPING = True

    def __init__(self, desk: Desk, authoring: "Authoring") -> None:
        super().__init__(desk)
        self._with = authoring
        self._flows: tuple[FlowSummary, ...] = ()
        self._texts: list[str] = []
        self._seen = -1
        """How often what is published had changed when it was read."""
        self._search = Search(id="search", placeholder="Words in title, slug, category or state")
        self._rows = Rows(id="lines")
        self._empty = Static(id="empty")
        self._status = Static(id="status")

    def content(self) -> Iterable[Widget]:
        return (self._search, self._rows, self._empty, self._status)

    def on_mount(self) -> None:
        self.title_bar.show(Content("Flows"), Cell(line(self.desk.actor.name), 16, right=True, needs=60), self.badge)
        self._empty.display = False

    def reload(self) -> None:
        self.load("flows", self._read, self._show)

    def heard(self) -> None:
        self.load("heard", self._changes, self._changed)

    async def _changes(self) -> int:
        return await self._with.library.changes(self.desk.actor)

    def _changed(self, changes: int) -> None:
        """A large library is not read again for whatever else changes."""
        if changes != self._seen:
            self.reload()

    async def _read(self) -> "tuple[FlowSummary, ...]":
        self._seen = await self._changes()
        return await self._with.library.listed(self.desk.actor)

    def _show(self, flows: "tuple[FlowSummary, ...]") -> None:
        self._flows = tuple(sorted(flows, key=lambda each: (each.title.casefold(), each.slug)))
        self._texts = [_searched(each) for each in self._flows]
        self._find()

    def _find(self) -> None:
        words = self._search.value.casefold().split()
        pairs = zip(self._flows, self._texts, strict=True)
        found = [flow for flow, text in pairs if all(word in text for word in words)]
        found.sort(key=lambda flow: not all(word in flow.title.casefold() for word in words))
        self._rows.put([Option(Row(*listed(each)), id=each.slug) for each in found[:LIMIT]])
        self._rows.display, self._empty.display = bool(found), not found
        self._empty.update(Content("No flow has these words." if words else "There are no flows yet."))
        more = f"; the first {LIMIT} are shown, a word more finds the others" if len(found) > LIMIT else ""
        waiting = sum(each.waiting is not None or each.status == "draft" for each in found)
        drafts = f" · {waiting} with a draft that waits" if waiting else ""
        self._status.update(
            Content.styled(f"{len(found):,} of {len(self._flows):,} flows{more}{drafts}", "$text-muted")
        )
        self.refresh_bindings()

    def on_input_changed(self) -> None:
        self._find()
        self._rows.action_first()

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        match action:
            case "list":
                return self.focused is self._search
            case "open":
                return self._rows.chosen is not None
            case "new":
                return self.desk.actor.may(Act.REVIEW_FLOWS)
        return True

    def action_list(self) -> None:
        self.set_focus(self._rows)

    def action_open(self) -> None:
        from screens.flow import FlowScreen

        if (slug := self._rows.chosen) is not None:
            self.app.push_screen(FlowScreen(self.desk, self._with, slug))

    def action_new(self) -> None:
        from screens.revision import begin

        begin(self, self._with, self._with.revising.new())


def _searched(each: "FlowSummary") -> str:
    waiting = "" if each.waiting is None else "draft"
    return " ".join((each.title, each.slug, each.category, each.status, waiting)).casefold()
