"""A proposal in words: where it comes from, its tree line by line, one step in full."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from screens.flow_lines import WHOLE, said
from screens.layout import Cell, Lane, Lanes, Row
from screens.text import line, plain
from screens.times import ago
from screens.tree_lines import stub, way
from services.flows.nodes import Node, Outcome
from services.flows.outline import Branch

if TYPE_CHECKING:
    from services.flows.lint import Fault
    from services.flows.proposal import ProposalDetail

STATES: Mapping[str, tuple[str, str, str]] = {
    "pending": ("○", "waiting", "$text-warning"),
    "modified": ("◐", "begun", "$text-warning"),
    "approved": ("✓", "approved", "$text-success"),
    "rejected": ("×", "rejected", "$text-error"),
    "dismissed": ("–", "put aside", "$text-muted"),
}
"""A proposal's status: its sign, its word, its style."""

_LABEL = 14


def count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def about(detail: "ProposalDetail", now: datetime) -> Lanes:
    """Where it comes from, and what has become of it."""
    return Lanes(list(_about(detail, now)), label=_LABEL)


def _about(detail: "ProposalDetail", now: datetime) -> Iterable[Lane]:
    summary = detail.summary
    yield _lane("Title", plain(summary.title, "bold"))
    sign, word, style = STATES[summary.status]
    yield _lane("State", Content.assemble((f"{sign} {word}", style), _by_whom(detail, now)))
    if detail.review is not None and detail.review.reason:
        yield _lane("Reason", plain(detail.review.reason))
    by = summary.created_by or "somebody"
    yield _lane("From", line(f"a call of {by}, {ago(summary.created_at, now)}"))
    yield _lane("Worked", Content(f"in {count(summary.worked, 'call')}, and was not passed on afterwards"))
    yield _lane("Category", line(summary.category))
    if detail.flow.examples:
        yield _lane("Callers said", plain("\n".join(f"“{each}”" for each in detail.flow.examples)))
    if summary.keywords:
        yield _lane("Keywords", line(", ".join(summary.keywords), "$text-muted"))
    left = f", {count(summary.stubs, 'stub')} to fill in" if summary.stubs and detail.open else ""
    yield _lane("Steps", Content(f"{len(detail.flow.nodes)}{left}"))


def _by_whom(detail: "ProposalDetail", now: datetime) -> Content:
    review = detail.review
    return Content() if review is None else Content(" ") + line(f"by {review.by}, {ago(review.at, now)}", "$text-muted")


def brief(detail: "ProposalDetail", faults: "Sequence[Fault]", now: datetime) -> Content:
    """One line on where it stands, and one for each thing that is wrong with the flow as a whole."""
    summary = detail.summary
    sign, word, style = STATES[summary.status]
    parts = [Content.assemble((f"{sign} {word}", style), _by_whom(detail, now))]
    if detail.review is not None and detail.review.reason:
        parts.append(line(detail.review.reason))
    parts.append(Content(f"worked {summary.worked} {'time' if summary.worked == 1 else 'times'}"))
    if summary.stubs and detail.open:
        parts.append(Content.styled(f"▲ {count(summary.stubs, 'stub')} to fill in", "$text-warning"))
    others = [each for each in faults if each.rule != "review"]
    if others:
        parts.append(Content.styled(f"✗ {count(len(others), 'mistake')}", "$text-error"))
    elif detail.open and not summary.stubs:
        parts.append(Content.styled("✓ ready to publish", "$text-success"))
    whole = [line(f"✗ {each}", "$text-error") for each in others if each.node is None]
    return Content("\n").join([Content("  ·  ").join(parts), *whole])


def options(branches: Sequence[Branch], faults: "Sequence[Fault]") -> list[Option]:
    """The tree, a line for each way."""
    wrong: dict[str, int] = {}
    for each in faults:
        if each.node is not None and each.rule != "review":
            wrong[each.node] = wrong.get(each.node, 0) + 1
    return [Option(_row(each, wrong.get(each.key, 0)), id=each.id) for each in branches]


def _row(branch: Branch, wrong: int) -> Row:
    node = branch.node
    mark = Content.styled("✗ mend", "$text-error") if wrong and not branch.again else stub(node)
    return Row(
        Cell(Content.styled("nowhere" if node is None else "" if node.needs_review else kind(node), "$text-muted"), 11),
        Cell(way(branch)),
        Cell(line(branch.key, "$text-muted"), 20, needs=110),
        Cell(mark, 6),
    )


def kind(node: Node) -> str:
    """What it is, in a word."""
    return node.result if isinstance(node, Outcome) else node.type


def step(branch: Branch | None, faults: "Sequence[Fault]") -> Lanes | Content:
    """One step in full, with what is wrong with it first."""
    if branch is None or branch.node is None:
        return Content()
    wrong = [each for each in faults if each.node == branch.key]
    return Lanes([*_wrong(wrong), *said(branch.key, branch.node)], label=WHOLE)


def _wrong(faults: "Sequence[Fault]") -> Iterable[Lane]:
    for each in faults:
        yield Lane(Content.styled("✗ mend", "$text-error"), line(f"{each.sentence}; {each.mend}"))


def _lane(label: str, text: Content) -> Lane:
    return Lane(Content.styled(label, "$text-muted"), text)
