"""A flow as data: the one definition of nodes, for files, for the store and for the screen.

Plain frozen dataclasses, so that a walk costs no import. `services.flows.format` derives the file format and the
JSON Schema from these same classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias

from storage.written import Unreadable

Risk = Literal["safe", "confirm"]
Result = Literal["resolved", "escalate"]
NodeType = Literal["question", "instruction", "input", "verify", "link", "outcome"]

_STRICT: Mapping[str, object] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What any node may carry beside its text."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    text: str
    say: str | None = None
    """Words for the caller."""
    expect: str | None = None
    """What should be seen."""
    caution: str | None = None
    """What to know before doing it."""
    risk: Risk = "safe"
    """`confirm` shows scope and undo and asks once more."""
    scope: str | None = None
    """With risk confirm: what it touches."""
    undo: str | None = None
    """With risk confirm: how it is undone."""
    needs_identity: bool = False
    """Never shown before a verify was passed."""
    needs_review: bool = False
    """A stub that a reviewer has to fill in before the flow can be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    label: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Shown):
    type: Literal["question"] = "question"
    answers: tuple[Answer, ...]
    """2 to 9, labels distinct."""
    unsure: str | None = None
    """Where "can't tell" leads; None where it is not offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction(Shown):
    type: Literal["instruction"] = "instruction"
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Shown):
    """`pattern` is a regular expression that the whole value has to match; None takes anything but nothing."""

    type: Literal["input"] = "input"
    name: str
    pattern: str | None = None
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(Shown):
    type: Literal["verify"] = "verify"
    next: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Shown):
    """Walks the flow with the slug `flow` up to its resolved outcome, then goes on at `next`."""

    type: Literal["link"] = "link"
    flow: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Shown):
    type: Literal["outcome"] = "outcome"
    result: Result
    reason_category: str | None = None


Node: TypeAlias = Question | Instruction | Input | Verify | Link | Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One flow file. Node ids are the keys of `nodes`; every `next`, `failed`, `unsure` and `start` names one."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    slug: str
    """Its name for links and commands, such as outlook-password-prompt."""
    title: str
    category: str
    start: str
    nodes: Mapping[str, Node]
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """Callers' own words, which the matcher learns from."""
    summary: str | None = None


_BY_TYPE: Mapping[str, type[Node]] = {
    "question": Question,
    "instruction": Instruction,
    "input": Input,
    "verify": Verify,
    "link": Link,
    "outcome": Outcome,
}

MISSHAPEN = (AttributeError, LookupError, TypeError, ValueError)
"""What a document raises that was written by somebody else."""

Json: TypeAlias = Any
"""What `json.loads` gives: the shape is checked when a file comes in, and known to us when the store gives it back."""


def node_to_json(node: Node) -> dict[str, Json]:
    """The node as a flow file writes it: `type` first, nothing that is at its default."""
    written: dict[str, Json] = {"type": node.type}
    for each in fields(node):
        value = getattr(node, each.name)
        if each.name != "type" and value != each.default:
            written[each.name] = _plain(value)
    return written


def node_from_json(written: Mapping[str, Json]) -> Node:
    """The inverse of `node_to_json`. What has passed the format, or was written by us, has the right shape; anything
    else raises one of MISSHAPEN, or is refused where it is used."""
    given = dict(written)
    kind = _BY_TYPE[given.pop("type")]
    if kind is Question:
        given["answers"] = tuple(Answer(**each) for each in given["answers"])
    return kind(**given)


def flow_to_json(flow: Flow) -> dict[str, Json]:
    written: dict[str, Json] = {"slug": flow.slug, "title": flow.title, "category": flow.category}
    for name, value in (("keywords", flow.keywords), ("examples", flow.examples)):
        if value:
            written[name] = list(value)
    if flow.summary is not None:
        written["summary"] = flow.summary
    written["start"] = flow.start
    written["nodes"] = {key: node_to_json(node) for key, node in flow.nodes.items()}
    return written


def flow_from_json(written: Mapping[str, Json]) -> Flow:
    """The inverse of `flow_to_json`. Raises Unreadable for what nobody here has written."""
    try:
        flow = Flow(
            slug=written["slug"],
            title=written["title"],
            category=written["category"],
            start=written["start"],
            nodes={key: node_from_json(node) for key, node in written["nodes"].items()},
            keywords=tuple(written.get("keywords", ())),
            examples=tuple(written.get("examples", ())),
            summary=written.get("summary"),
        )
    except MISSHAPEN as error:
        raise Unreadable(f"{_named(written)} in it cannot be read") from error
    if not all(isinstance(node.text, str) for node in flow.nodes.values()):
        raise Unreadable(f"{_named(written)} in it cannot be read")
    return flow


def _named(written: object) -> str:
    slug = written.get("slug") if isinstance(written, Mapping) else None
    return f"the flow {slug!r}" if isinstance(slug, str) else "a flow"


def leads_to(node: Node) -> tuple[str, ...]:
    """Every node id in the same flow that this node can lead to, in the order they are offered."""
    match node:
        case Question():
            return (*(each.next for each in node.answers), *(() if node.unsure is None else (node.unsure,)))
        case Verify():
            return (node.next, node.failed)
        case Instruction() | Input() | Link():
            return (node.next,)
        case Outcome():
            return ()


def _plain(value: Json) -> Json:
    match value:
        case tuple():
            return [_plain(each) for each in value]
        case Answer(label=label, next=next_id):
            return {"label": label, "next": next_id}
        case _:
            return value
