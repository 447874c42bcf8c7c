"""A proposal as a branch of a flow that is in use: which flow, which of its questions, under which answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.deciding import tell_above
from screens.fields import Line
from screens.form import KeptForm
from screens.layout import Cell, Row
from screens.page import Desk, Page
from screens.reviewing import Change, Reviewing
from screens.rows import Rows
from screens.text import line
from services.errors import Refused
from services.flows.merging import instead
from services.flows.nodes import Question
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.flows.library import FlowDetail, FlowSummary
    from services.flows.proposal import ProposalDetail

LIMIT = 200
"""Lines shown, as in the library: each letter typed makes them anew."""


class MergeScreen(Page[None]):
    """Which flow: those of the same category first."""

    CSS_PATH = "merge.tcss"
    BINDINGS = bindings("merge")
    AUTO_FOCUS = "#words"
    TYPING = True

    def __init__(self, desk: Desk, reviewing: Reviewing, detail: "ProposalDetail", change: Change) -> None:
        super().__init__(desk)
        self._with = reviewing
        self._detail = detail
        self._change = change
        self._flows: tuple[FlowSummary, ...] = ()
        self._words = Line(placeholder="Words of its title", id="words")
        self._rows = Rows(id="lines")
        self._empty = Static(Content("Reading the flows."), id="empty")
        self._more = Static(id="more")

    def content(self) -> Iterable[Widget]:
        yield self._words
        yield Vertical(self._rows, self._empty)
        yield self._more

    def on_mount(self) -> None:
        self._more.display = False
        self.title_bar.show(line(f"Merge into which flow: {self._detail.flow.title}"))

    def reload(self) -> None:
        self.load("flows", self._read, self._show)

    async def _read(self) -> tuple["FlowSummary", ...]:
        return await self._with.library.listed(self.desk.actor, status="published")

    def _show(self, flows: tuple["FlowSummary", ...]) -> None:
        near = self._detail.flow.category
        self._flows = tuple(sorted(flows, key=lambda each: (each.category != near, each.title.casefold())))
        self._list()

    def on_input_changed(self) -> None:
        self._list()

    def _list(self) -> None:
        wanted = self._words.value.casefold().split()
        found = [each for each in self._flows if all(word in f"{each.title} {each.slug}".casefold() for word in wanted)]
        self._rows.put([Option(_entry(each), id=each.slug) for each in found[:LIMIT]])
        self._more.display = len(found) > LIMIT
        self._more.update(
            Content.styled(f"{LIMIT} of {len(found):,} are shown, a word more finds the others.", "$text-muted")
        )
        self._empty.display = not found
        self._empty.update(Content("No flow has these words." if self._flows else "No flow is published yet."))
        self.refresh_bindings()

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        if action == "list":
            return self.focused is self._words
        return action != "take" or self._rows.chosen is not None

    def action_list(self) -> None:
        self.set_focus(self._rows)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    def on_option_list_option_selected(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        self.load("flow", self._open, self._take)

    async def _open(self) -> "FlowDetail":
        slug = self._rows.chosen
        if slug is None:
            raise Refused("no flow is chosen", "Type other words.")
        return await self._with.library.show(self.desk.actor, slug)

    def _take(self, into: "FlowDetail") -> None:
        self.app.pop_screen()
        self.app.push_screen(MergeForm(self.desk, self._with, self._detail, into, self._change))


class MergeForm(KeptForm):
    """Where in it, and what is pressed there."""

    CSS_PATH = ["form.tcss", "merge.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#questions"
    HEADING = "Merge into"
    TYPING = False

    def __init__(
        self, desk: Desk, reviewing: Reviewing, detail: "ProposalDetail", into: "FlowDetail", change: Change
    ) -> None:
        super().__init__(desk, None, into.flow.title, keeps=(detail.summary.id, f"merge {into.flow.slug}"))
        self._with = reviewing
        self._change = change
        self._into = into
        self._questions = Rows(id="questions")
        self._label = Line(self.kept("")[0], placeholder="such as: Neither of these", id="label")
        self._place = Static(id="place")
        self._made = 0
        """The number of the version with the branch."""

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._label.value,)

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("The branch begins at this question"))
        yield self._questions
        yield Label(Content("Under this answer"))
        yield self._label
        yield self._place

    def on_mount(self) -> None:
        asked = {key: node for key, node in self._into.flow.nodes.items() if isinstance(node, Question)}
        self._questions.put([Option(_row(node), id=key) for key, node in asked.items()])
        if not asked:
            self.notice.ask("This flow asks nothing, so no branch can begin in it: choose another one.")
        elif (newest := self._into.versions[0]).number > self._into.number:
            by = newest.created_by or "somebody"
            self.notice.ask(f"v{newest.number}, a draft by {by}, waits: it will be older than this, and without it.")
        self._tell()

    def on_input_changed(self) -> None:
        self._tell()

    def on_option_list_option_highlighted(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """What becomes of the question, while one types."""
        at, label = self._questions.chosen, self._label.value.strip()
        question = None if at is None else self._into.flow.nodes.get(at)
        if at is None or not isinstance(question, Question):
            self._place.update(Content())
            return
        there = " · ".join(each.label for each in question.answers)
        try:
            end = instead(self._into.flow, at=at, label=label) if label else None
        except Refused as refused:
            self._place.update(line(f"{refused.detail}. {refused.hint}", "$text-error"))
            return
        said = f"It has: {there}" if end is None else f"Takes the place of: {end.text}"
        self._place.update(line(said, "$text-muted" if end is None else "$text-warning"))

    async def send(self) -> None:
        proposals, actor, into = self._with.proposals, self.desk.actor, self._into
        at, label = self._questions.chosen, self._label.value.strip()
        if at is None:
            raise Refused("no question is chosen", "Choose the one that the branch begins at.")

        async def merge(seen: "ProposalDetail") -> None:
            version = seen.summary.state_version
            made = await proposals.merge(
                actor, seen.summary.id, into=into.flow.slug, at=at, label=label, number=into.number, version=version
            )
            self._made = made.number

        await self._change(merge)

    def sent(self, walk: Walk | None) -> None:
        super().sent(walk)
        tell_above(self.app, f"{self._into.flow.slug} v{self._made} is published, with this as a branch.")


def _entry(each: "FlowSummary") -> Row:
    return Row(
        Cell(line(each.title, "bold")),
        Cell(line(each.category, "$text-muted"), 24, needs=100),
        Cell(line(each.slug, "$text-muted"), 30, needs=76),
        Cell(Content(f"v{each.number}"), 4, right=True),
    )


def _row(node: Question) -> Row:
    answers = " · ".join(each.label for each in node.answers)
    return Row(Cell(line(node.text, "bold")), Cell(line(answers, "$text-muted"), needs=100))
