"""Changing one node of a flow, from what a person has typed about it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from services.errors import Refused
from services.flows.graph import ways
from services.flows.nodes import Flow, Json, Node, NodeType, Outcome, Question, node_from_json, node_to_json
from services.flows.shape import reachable
from services.flows.visible import blank

KINDS: tuple[NodeType, ...] = ("question", "instruction", "input", "verify", "link", "outcome")
ARROW = "->"

_ANSWER = re.compile(r"(?P<label>.*)(?:->|→)(?P<to>.*)")
_STUB = "Not written yet: say what to do here."
_LONGEST_SLUG = 60
_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A node as somebody writes it: what its kind has, each as text, empty where there is nothing."""

    kind: NodeType
    text: str
    answers: str = ""
    """Of a question, a line each: `label -> node`; where no node is named, a new stub."""
    unsure: str = ""
    """Where "can't tell" leads; empty: it is not offered."""
    next: str = ""
    """Empty: a new stub."""
    failed: str = ""
    """Of a verify, the same."""
    name: str = ""
    pattern: str = ""
    flow: str = ""
    result: str = "resolved"
    reason_category: str = ""
    say: str = ""
    expect: str = ""
    caution: str = ""
    risk: str = "safe"
    scope: str = ""
    undo: str = ""
    needs_identity: bool = False


_SHOWN = ("say", "expect", "caution", "scope", "undo")


def written(node: Node) -> Written:
    """What stands in the form for a node; a stub's own text does not."""
    given = {name: each for name, each in node_to_json(node).items() if name not in {"type", "needs_review"}}
    if isinstance(node, Question):
        given["answers"] = "\n".join(f"{' '.join(each.label.split())} {ARROW} {each.next}" for each in node.answers)
    return Written(kind=node.type, **(given | ({"text": ""} if node.needs_review else {})))


def with_node(flow: Flow, key: str, written: Written) -> Flow:
    """The flow with that node as it is written now, a stub no more. A way that names no node leads to a new stub; stubs
    that nothing leads to any more go. Raises Refused."""
    if key not in flow.nodes:
        raise Refused(f"there is no step {key!r} any more", "Somebody has changed the tree: go back and look.")
    if blank(written.text):
        raise Refused("the text is empty", "Write what the technician is to read.")
    names = _Names(flow, key)
    node = node_from_json(dict(_fields(written, names)))
    return _tidy(flow, replace(flow, nodes={**flow.nodes, key: node, **names.stubs}))


def without(flow: Flow, key: str) -> Flow:
    """The flow without a node that no other leads to. Raises Refused."""
    leading = [each for each, node in flow.nodes.items() if each != key and any(to == key for _, to in ways(node))]
    if leading or key == flow.start:
        what = f"{', '.join(map(repr, leading[:_LISTED]))} leads here" if leading else "the flow begins here"
        raise Refused(what, "Lead that elsewhere first.")
    return _tidy(flow, replace(flow, nodes={name: node for name, node in flow.nodes.items() if name != key}))


def slug_of(title: str) -> str:
    """A slug that says what the title says, as far as a slug can."""
    plain = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    if len(plain) > _LONGEST_SLUG:
        plain = plain[: _LONGEST_SLUG + 1].rpartition("-")[0] or plain[:_LONGEST_SLUG]
    return plain or "captured-flow"


@dataclass(slots=True)
class _Names:
    """Where ways lead."""

    flow: Flow
    key: str
    stubs: dict[str, Node] = field(default_factory=dict)

    def to(self, typed: str, what: str) -> str:
        """The node that is named, or a new stub where none is."""
        name = typed.strip()
        if name in self.flow.nodes:
            return name
        if name:
            others = [each for each in self.flow.nodes if each != self.key]
            listed = ", ".join(others[:_LISTED]) + (", ..." if len(others) > _LISTED else "")
            raise Refused(f"no node is named {name!r}", f"There are {listed}; leave it empty for a new stub.")
        taken = {*self.flow.nodes, *self.stubs}
        names = (f"{self.key}-{what}" if n == 1 else f"{self.key}-{what}-{n}" for n in count(1))
        name = next(each for each in names if each not in taken)
        self.stubs[name] = Outcome(text=_STUB, result="escalate", needs_review=True)
        return name


def _fields(written: Written, names: _Names) -> Iterator[tuple[str, Json]]:
    """As a flow file writes them."""
    yield "type", written.kind
    yield "text", written.text.strip()
    yield from ((name, text.strip()) for name in _SHOWN if not blank(text := getattr(written, name)))
    yield "risk", written.risk
    yield "needs_identity", written.needs_identity
    match written.kind:
        case "question":
            yield "answers", _answers(written.answers.splitlines(), names)
            if not blank(written.unsure):
                yield "unsure", names.to(written.unsure, "unsure")
        case "outcome":
            yield "result", written.result
            if written.result == "escalate" and not blank(written.reason_category):
                yield "reason_category", written.reason_category.strip()
        case kind:
            yield "next", names.to(written.next, "then")
            if kind == "verify":
                yield "failed", names.to(written.failed, "not-proved")
            if kind == "link":
                yield "flow", written.flow.strip()
            if kind == "input":
                yield "name", written.name.strip()
                yield "pattern", written.pattern.strip() or None


def _answers(lines: Sequence[str], names: _Names) -> list[Json]:
    given = []
    for number, line in enumerate([each for each in lines if not blank(each)], 1):
        parts = _ANSWER.fullmatch(line)
        label, to = (line, "") if parts is None else (parts["label"], parts["to"])
        given.append({"label": label.strip(), "next": names.to(to, f"other-{number}")})
    return given


def _tidy(before: Flow, after: Flow) -> Flow:
    """Without the stubs that were led to before and are not any more; whatever somebody wrote stays."""
    gone = _reached(before) - _reached(after)
    nodes = {key: node for key, node in after.nodes.items() if not (key in gone and node.needs_review)}
    return replace(after, nodes=nodes)


def _reached(flow: Flow) -> frozenset[str]:
    there = {key: [to for _, to in ways(node) if to in flow.nodes] for key, node in flow.nodes.items()}
    return reachable([flow.start], there) if flow.start in flow.nodes else frozenset()
