"""One step of a flow, to be written: what kind it is, its words, where it leads."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Label, Static

from screens.fields import Choice, Line
from screens.form import KeptForm
from screens.layout import Lane, Lanes
from screens.page import Desk
from screens.text import line, one_line
from screens.writing import Writing
from services.flows.editing import ARROW, KINDS, Written, with_node, written
from services.flows.graph import ways
from services.flows.nodes import Flow

if TYPE_CHECKING:
    from services.flows.proposal import ProposalDetail

Keep = Callable[[Callable[[Flow], Flow]], Awaitable[None]]
"""Stores what is done to the newest state of the flow."""

_RESULTS = ("resolved", "escalate")
_RISKS = ("safe", "confirm")
_KINDS = ("question", "do", "type in", "verify", "link", "end")
"""The words for `KINDS`, which begin with different letters."""
_BEFORE = 3


class NodeForm(KeptForm):
    CSS_PATH = ["form.tcss", "node_form.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#does"
    HEADING = "Step"

    def __init__(self, desk: Desk, detail: "ProposalDetail", key: str, keep: Keep) -> None:
        super().__init__(desk, None, key, keeps=(detail.summary.id, key))
        self._key = key
        self._flow = detail.flow
        self._keep = keep
        self._stub = detail.flow.nodes[key].needs_review
        now = _read(self.kept(*_texts(written(detail.flow.nodes[key]))))
        self._kind = Choice(*_KINDS, chosen=KINDS.index(now.kind), id="kind")
        self._text = Writing(now.text, hint="What the technician reads", id="does")
        self._answers = Writing(now.answers, hint=f"Yes {ARROW} the step it leads to, or nothing: a new stub")
        self._unsure, self._next, self._failed = self._way(now.unsure), self._way(now.next), self._way(now.failed)
        self._unsure.placeholder = "empty: not offered"
        self._value, self._pattern = Line(one_line(now.name)), Line(one_line(now.pattern))
        self._linked = Line(one_line(now.flow), placeholder="the slug of a published flow")
        self._result = Choice(*_RESULTS, chosen=_RESULTS.index(now.result))
        self._reason = Line(one_line(now.reason_category), placeholder="such as needs_access")
        self._say, self._expect, self._caution = (Writing(text) for text in (now.say, now.expect, now.caution))
        self._risk = Choice(*_RISKS, chosen=_RISKS.index(now.risk), id="risk")
        self._scope, self._undo = Line(one_line(now.scope)), Line(one_line(now.undo))
        self._identity = Choice("anybody", "proved callers", chosen=int(now.needs_identity))

    def _way(self, to: str) -> Line:
        keys = [key for key in self._flow.nodes if key != self._key]
        return Line(
            one_line(to), placeholder="empty: a new stub", suggester=SuggestFromList(keys, case_sensitive=False)
        )

    @property
    def _fields(self) -> tuple[tuple[str, Widget, bool], ...]:
        """Label, field, and whether it belongs to what the step is now."""
        kind, risky = KINDS[self._kind.chosen], self._risk.chosen == 1
        onward = kind in {"instruction", "input", "verify", "link"}
        return (
            ("Kind", self._kind, True),
            ("Text", self._text, True),
            ("Answers", self._answers, kind == "question"),
            ("Can't tell", self._unsure, kind == "question"),
            ("Value", self._value, kind == "input"),
            ("Pattern", self._pattern, kind == "input"),
            ("Flow", self._linked, kind == "link"),
            ("Proved" if kind == "verify" else "Leads to", self._next, onward),
            ("Not proved", self._failed, kind == "verify"),
            ("Result", self._result, kind == "outcome"),
            ("Reason", self._reason, kind == "outcome" and self._result.chosen == 1),
            ("Say", self._say, True),
            ("Expect", self._expect, True),
            ("Caution", self._caution, True),
            ("Risk", self._risk, True),
            ("Touches", self._scope, risky),
            ("Undone by", self._undo, risky),
            ("For", self._identity, True),
        )

    def content(self) -> Iterable[Widget]:
        written = {key: node for key, node in self._flow.nodes.items() if not node.needs_review}
        lanes = [Lane(line(key, "bold"), line(node.text)) for key, node in written.items()]
        others = VerticalScroll(Static(Lanes(lanes, label=18)), id="others")
        others.border_title = Content("Steps to lead to")
        with Horizontal(id="form"):
            with Vertical(id="fields"):
                yield Static(Lanes(_before(self._flow, self._key), label=7), id="before")
                yield from self.fields()
            yield others

    def fields(self) -> Iterable[Widget]:
        for label, field, _ in self._fields:
            with Horizontal(classes="field"):
                yield Label(Content(label))
                yield field

    def on_mount(self) -> None:
        self._arrange()
        if self._stub:
            self.set_focus(self._kind)
            self.notice.ask("What kind of step is it, what is to be done, and where does it lead?")

    def on_choice_changed(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        for label, field, wanted in self._fields:
            row = field.parent
            if isinstance(row, Widget):
                row.display = wanted
                row.query_one(Label).update(Content(label))

    # What is typed

    @property
    def _written(self) -> Written:
        return Written(
            kind=KINDS[self._kind.chosen],
            text=self._text.text,
            answers=self._answers.text,
            unsure=self._unsure.value,
            next=self._next.value,
            failed=self._failed.value,
            name=self._value.value,
            pattern=self._pattern.value,
            flow=self._linked.value,
            result=_RESULTS[self._result.chosen],
            reason_category=self._reason.value,
            say=self._say.text,
            expect=self._expect.text,
            caution=self._caution.text,
            risk=_RISKS[self._risk.chosen],
            scope=self._scope.value,
            undo=self._undo.value,
            needs_identity=self._identity.chosen == 1,
        )

    @property
    def texts(self) -> tuple[str, ...]:
        return _texts(self._written)

    async def send(self) -> None:
        now, key = self._written, self._key
        await self._keep(lambda flow: with_node(flow, key, now))


def _before(flow: Flow, key: str) -> list[Lane]:
    """What is asked or done just before, and what was answered."""
    found = [(node.text, label) for node in flow.nodes.values() for label, to in ways(node) if to == key]
    told = [_after(text, label) for text, label in found[:_BEFORE]]
    return told if key != flow.start else [Lane(Content.styled("first", "$text-muted"), Content("of all steps")), *told]


def _after(text: str, label: str) -> Lane:
    said = Content.assemble(line(text), " › ", line(label or "done", "$text-accent"))
    return Lane(Content.styled("after", "$text-muted"), said)


def _texts(now: Written) -> tuple[str, ...]:
    return tuple(str(getattr(now, each.name)) for each in fields(now))


def _read(texts: tuple[str, ...]) -> Written:
    """The inverse."""
    given = dict(zip((each.name for each in fields(Written)), texts, strict=True))
    typed = given.pop("kind")
    kind = next(each for each in KINDS if each == typed)
    return Written(kind=kind, needs_identity=given.pop("needs_identity") == str(True), **given)
