"""A flow for the eye: its line in a list, its tree, one node whole, what is different, what recorded calls say."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from screens.beside import fared
from screens.layout import Cell, Lane, Lanes
from screens.text import line, plain
from screens.tree_lines import stub, way
from services.flows.graph import ways
from services.flows.nodes import Input, Link, Node, Outcome
from services.flows.outline import Branch

if TYPE_CHECKING:
    from services.flows.difference import Difference, FieldChange, NodeChange
    from services.flows.library import FlowDetail, FlowSummary
    from services.flows.recorded import Checked
    from services.stats.records import Record

_CHANGES = {"added": ("+", "$text-success"), "removed": ("-", "$text-error"), "changed": ("~", "$text-warning")}
_STATES = {"published": ("●", "published"), "draft": ("○", "draft"), "retired": ("×", "retired")}
WHOLE = 9
"""Cells of the labels beside all that a node says."""


def state(status: str, number: int, waiting: int | None = None) -> str:
    sign, word = _STATES[status]
    return f"{sign} v{number} {word}" if waiting is None else f"{sign} v{number}, draft v{waiting}"


def record(resolved: int, calls: int) -> str:
    return f"{resolved} of {calls}" if calls else ""


def listed(each: "FlowSummary", passage: str = "") -> tuple[Cell, ...]:
    """A flow in a list, with its record; `passage` is the line of it that has what was searched for."""
    title = line(each.title, "" if each.status == "published" else "$text-muted")
    return (
        Cell(Content.assemble(title, "  ", line(passage, "$text-muted italic")) if passage else title),
        Cell(line(each.category, "$text-muted"), 22, needs=110),
        Cell(line(record(each.resolved, each.calls), "$text-muted"), 9, right=True),
        Cell(line(state(each.status, each.number, each.waiting)), 17),
    )


def about(detail: "FlowDetail", waiting: int | None, *, begun: bool) -> Content:
    """How a flow stands, in one line; `begun`: the person has typed something of it that is not stored."""
    told = [
        line(state(detail.status, detail.number)),
        line(f"resolved here {record(detail.resolved, detail.calls)} calls" if detail.calls else "not walked yet"),
        line(detail.flow.slug, "$text-muted"),
        line(detail.flow.category, "$text-muted"),
    ]
    if waiting is not None:
        told.insert(1, Content.styled(f"a draft waits: v{waiting}", "$text-warning"))
    if begun:
        told.insert(1, Content.styled("you have begun a change", "$text-warning"))
    return Content.styled(" · ", "$text-muted").join(told)


def branch(each: Branch, known: "Record | None") -> tuple[Cell, ...]:
    """A line of the tree; `known` is the node's record, told where it stands with all that comes behind it."""
    beside = "" if known is None or each.again else record(known.resolved, known.reached)
    return Cell(way(each)), Cell(stub(each.node) or line(beside, "$text-muted"), 9, right=True)


def whole(key: str, node: Node, known: "Record | None") -> Lanes:
    """All that a node says, and how calls fared there."""
    calls = Lane(Content.styled("calls", "$text-muted"), line(", ".join(fared(known)) if known is not None else ""))
    return Lanes([*said(key, node), *([calls] if calls.text else [])], label=WHOLE)


def said(key: str, node: Node) -> list[Lane]:
    """All that a node says."""
    lanes = [("", line(f"{node.type} {key}", "$text-muted")), ("do", plain(node.text, "bold"))]
    for name in ("say", "expect", "caution", "scope", "undo"):
        lanes.append((name, plain(getattr(node, name) or "")))
    if isinstance(node, Input):
        lanes += [("value", line(node.name)), ("pattern", line(node.pattern or ""))]
    elif isinstance(node, Link):
        lanes.append(("flow", line(node.flow)))
    elif isinstance(node, Outcome):
        lanes.append(("ends", line(f"{node.result} {node.reason_category or ''}")))
    for label, to in ways(node):
        lanes.append((("then" if not label else "answer"), line(f"{label} → {to}" if label else to)))
    extra = [*(["confirm"] if node.risk == "confirm" else []), *(["needs identity"] if node.needs_identity else [])]
    lanes.append(("", line(", ".join(extra), "$text-warning")))
    return [Lane(Content.styled(label, "$text-muted"), text) for label, text in lanes if text]


def different(difference: "Difference") -> Iterator[Lane]:
    """Node by node, what came, what went, what is another."""
    if difference.nothing:
        yield Lane(Content(), Content("They say the same."))
    for field in difference.flow:
        yield from _field(field)
    for node in difference.nodes:
        yield _changed(node)
        for field in node.fields:
            yield from _field(field)


def _changed(node: "NodeChange") -> Lane:
    sign, style = _CHANGES[node.change]
    return Lane(Content.styled(sign, style), Content.assemble(line(node.node, "bold"), "  ", line(node.text)))


def _field(field: "FieldChange") -> Iterator[Lane]:
    for sign, style, value in (("-", "$text-error", field.before), ("+", "$text-success", field.after)):
        if value is not None:
            yield Lane(
                Content.styled(f"   {sign}", style),
                Content.assemble(line(field.field, "$text-muted"), "  ", plain(value)),
            )


def tried(checked: "Checked") -> Iterator[Lane]:
    """What recorded calls say of a change."""
    if not checked.calls:
        yield Lane(Content(), Content("No call has walked this flow yet."))
        return
    newest = "newest " if checked.more else ""
    paths = f"{checked.paths} path{'' if checked.paths == 1 else 's'}"
    told = [f"{_calls(checked.calls, newest)} by {paths}: {checked.same} as before"]
    told += [f"{checked.otherwise} come to the same end by other steps"] if checked.otherwise else []
    told += [f"{checked.before} fit the version in use no more than this"] if checked.before else []
    sign = Content.styled("✗", "$text-error") if checked.breaks else Content.styled("✓", "$text-success")
    broken = f"; {checked.broken} break:" if checked.breaks else ". None breaks."
    yield Lane(sign, Content(", ".join(told) + broken))
    for each in checked.breaks:
        yield Lane(Content.styled("   ▲", "$text-error"), line(f"{_calls(each.calls)} at {each.node}: it {each.says}"))
        for step in each.example:
            yield Lane(Content(), line(f"  {step}", "$text-muted"))


def _calls(number: int, which: str = "") -> str:
    return f"{number:,} {which}call{'' if number == 1 else 's'}"


def told(lines: Iterable[str], style: str) -> Iterator[Lane]:
    for each in lines:
        yield Lane(Content.styled("✗", style), plain(each))


def heading(text: str) -> Lane:
    return Lane(Content(), Content.styled(text, "bold $text-accent"))
