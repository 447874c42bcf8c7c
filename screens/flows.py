"""The account's flows: searched while one types, each with its state and how its calls went."""

from collections.abc import Iterable, Mapping, Sequence
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
        self._said: Mapping[str, str] | None = None
        """What each flow says and asks, by slug; None before a word is searched for."""
        self._folded: Mapping[str, str] = {}
        self._seen = -1
        """How often what is published had changed when it was read."""
        self._search = Search(id="search", placeholder="Words in its title, category or state, or in whatever it asks")
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
        if self._said is not None:
            self._look()
        self._find()

    def _look(self) -> None:
        self.load("words", lambda: self._with.words.of(self.desk.actor, self._flows), self._keep)

    def _keep(self, said: "Mapping[str, str]") -> None:
        self._said, self._folded = said, {slug: text.casefold() for slug, text in said.items()}
        self._find()

    def _find(self) -> None:
        """At once by what each line shows; by what the flows say as soon as that is read."""
        words = self._search.value.lstrip("/").casefold().split()  # elsewhere that key opens the search
        if words and self._said is None and self._flows:
            self._look()
        pairs = zip(self._flows, self._texts, strict=True)
        found = [(flow, _place(words, flow, text, self._folded.get(flow.slug, ""))) for flow, text in pairs]
        shown = sorted([(flow, place) for flow, place in found if place is not None], key=lambda each: each[1])
        self._rows.put(
            [
                Option(Row(*listed(flow, self._passage(flow, words) if place == _SAID else "")), id=flow.slug)
                for flow, place in shown[:LIMIT]
            ]
        )
        self._tell([flow for flow, _ in shown], searching=bool(words))

    def _passage(self, flow: "FlowSummary", words: Sequence[str]) -> str:
        """The line of the flow that has the most of the words."""
        lines = (self._said or {}).get(flow.slug, "").split("\n")
        return max(lines, key=lambda each: sum(word in each.casefold() for word in words), default="")

    def _tell(self, found: "Sequence[FlowSummary]", *, searching: bool) -> None:
        self._rows.display, self._empty.display = bool(found), not found
        looking = "Reading what the flows ask ..." if self._said is None else "No flow has these words."
        self._empty.update(Content(looking if searching and self._flows else "There are no flows yet."))
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


_TITLE, _LINE, _SAID = range(3)
"""Where words stand, the best first."""


def _place(words: Sequence[str], flow: "FlowSummary", text: str, said: str) -> int | None:
    """None where some of them stand nowhere."""
    if all(word in flow.title.casefold() for word in words):
        return _TITLE
    if all(word in text for word in words):
        return _LINE
    return _SAID if said and all(word in text or word in said for word in words) else None


def _searched(each: "FlowSummary") -> str:
    waiting = "" if each.waiting is None else "draft"
    return " ".join((each.title, each.slug, each.category, each.status, waiting)).casefold()
