"""Flows that came out of calls: those that wait for a reviewer, and on demand those that were decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.layout import Cell, Row
from screens.page import Desk, Page
from screens.proposal_lines import STATES, about, count
from screens.reviewing import Reviewing
from screens.rows import Rows
from screens.text import line
from screens.times import ago
from services.errors import Trouble

if TYPE_CHECKING:
    from services.flows.proposal import ProposalDetail


class ProposalsScreen(Page[None]):
    CSS_PATH = "proposals.tcss"
    BINDINGS = bindings("proposals")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, reviewing: Reviewing) -> None:
        super().__init__(desk)
        self._with = reviewing
        self._found: dict[str, ProposalDetail] = {}
        self._all = False
        self._rows = Rows(id="lines")
        self._detail = Static(id="told")
        self._both = Horizontal(self._rows, VerticalScroll(self._detail, id="whole"))
        self._empty = Static(Content("Reading the proposals."), id="empty")

    def content(self) -> Iterable[Widget]:
        yield self._both
        yield self._empty

    def on_mount(self) -> None:
        self.title_bar.show(Content("Proposals"), self.badge)
        self._both.display = False

    def heard(self) -> None:
        self.reload()

    def reload(self) -> None:
        self.load("proposals", self._read, self._show)

    async def _read(self) -> tuple["ProposalDetail", ...]:
        proposals, actor = self._with.proposals, self.desk.actor
        try:
            return await (proposals.whole(actor) if self._all else proposals.waiting(actor))
        except Trouble:
            self._empty.update(Content("They could not be read."))
            raise

    def _show(self, found: tuple["ProposalDetail", ...]) -> None:
        now = self.desk.clock()
        self._found = {str(each.summary.id): each for each in found}
        self._rows.put([Option(_row(each, now), id=key) for key, each in self._found.items()])
        self._both.display, self._empty.display = bool(found), not found
        self._empty.update(_nothing(self.desk.keys.of("proposals.all"), everything=self._all))
        waiting = sum(each.open for each in found)
        title = Content("All proposals") if self._all else Content("Proposals")
        self.title_bar.show(title, Cell(Content(f"{waiting} waiting"), 12, right=True), self.badge)
        if found and self.focused is None:
            self.set_focus(self._rows)
        self.refresh_bindings()
        self._tell()

    @property
    def _chosen(self) -> "ProposalDetail | None":
        return self._found.get(self._rows.chosen or "")

    def on_option_list_option_highlighted(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        chosen = self._chosen
        self._detail.update(Content() if chosen is None else about(chosen, self.desk.clock()))

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "open" or self._chosen is not None

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        from screens.proposal import ProposalScreen

        if (chosen := self._chosen) is not None:
            self.app.push_screen(ProposalScreen(self.desk, self._with, chosen))

    def action_all(self) -> None:
        self._all = not self._all
        self.reload()


def _row(each: "ProposalDetail", now: datetime) -> Row:
    summary = each.summary
    sign, word, style = STATES[summary.status]
    left = count(summary.stubs, "stub") if each.open else ""
    return Row(
        Cell(Content.styled(ago(summary.created_at, now), "$text-muted"), 6, right=True),
        Cell(line(summary.title, "bold" if each.open else "")),
        Cell(line(left, "$text-warning"), 8, right=True),
        Cell(Content.styled(f"worked {summary.worked}", "$text-muted"), 10, needs=84, right=True),
        Cell(Content.styled(f"{sign} {word}", style), 12),
    )


def _nothing(key: str, *, everything: bool) -> Content:
    if everything:
        return Content("No call has become a proposal yet: one whose steps were built, and that ended well, will.")
    return Content.assemble("No proposal waits for a reviewer. ", (key, "bold $text-accent"), " shows all there were.")
