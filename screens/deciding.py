"""How a proposal is decided: published as a flow of its own, or turned down."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.fields import Line
from screens.form import KeptForm
from screens.page import Desk, Page
from screens.reviewing import Change, Reviewing
from screens.text import one_line
from screens.writing import Writing
from services.flows.editing import slug_of
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.flows.proposal import ProposalDetail


class ApproveForm(KeptForm):
    CSS_PATH = ["form.tcss", "deciding.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#name"
    HEADING = "Publish"

    def __init__(self, desk: Desk, reviewing: Reviewing, detail: "ProposalDetail", change: Change) -> None:
        super().__init__(desk, None, detail.flow.title, keeps=(detail.summary.id, "approve"))
        self._with = reviewing
        self._change = change
        flow = detail.flow
        slug = slug_of(flow.title) if flow.slug == detail.captured.slug else flow.slug
        begun = self.kept(one_line(flow.title), slug, ", ".join(flow.keywords), "\n".join(flow.examples))
        self._title, self._slug, self._keywords = Line(begun[0], id="name"), Line(begun[1]), Line(one_line(begun[2]))
        self._examples = Writing(begun[3], id="examples")

    @property
    def texts(self) -> tuple[str, ...]:
        return self._title.value, self._slug.value, self._keywords.value, self._examples.text

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("Title: what a technician reads among the matches"))
        yield self._title
        yield Label(Content("Name of the flow, for links and commands"))
        yield self._slug
        yield Label(Content("Keywords"))
        yield self._keywords
        yield Label(Content("What callers say, a line each: whoever says the like is led here"))
        yield self._examples

    async def send(self) -> None:
        title, slug, keywords, examples = self.texts
        proposals, actor = self._with.proposals, self.desk.actor
        words = tuple(each.strip() for each in keywords.split(",") if each.strip())
        said = tuple(each.strip() for each in examples.splitlines() if each.strip())

        async def approve(seen: "ProposalDetail") -> None:
            flow = replace(seen.flow, title=title.strip(), keywords=words, examples=said)
            summary = seen.summary
            await proposals.approve(actor, summary.id, slug=slug.strip(), edited=flow, version=summary.state_version)

        await self._change(approve)

    def sent(self, walk: Walk | None) -> None:
        super().sent(walk)
        tell_above(self.app, f"{self._slug.value.strip()} is published: who says the like is led there.")


def tell_above(app: App[object], text: str) -> None:
    """On the screen that a form went back to."""
    if isinstance(app.screen, Page):
        app.screen.notice.say(text)


class RejectForm(KeptForm):
    AUTO_FOCUS = "#text"
    HEADING = "Reject"

    def __init__(self, desk: Desk, reviewing: Reviewing, detail: "ProposalDetail", change: Change) -> None:
        super().__init__(desk, None, detail.flow.title, keeps=(detail.summary.id, "reject"))
        self._with = reviewing
        self._change = change
        self._reason = Writing(self.kept("")[0], hint="One sentence is enough", id="text")

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._reason.text,)

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("Why? Whoever took the call can read it; the proposal stays on record."))
        yield self._reason

    async def send(self) -> None:
        proposals, actor, reason = self._with.proposals, self.desk.actor, self._reason.text

        async def reject(seen: "ProposalDetail") -> None:
            await proposals.reject(actor, seen.summary.id, reason, version=seen.summary.state_version)

        await self._change(reject)
