"""Where an answer leads. Pure: no store, no clock, no model.

A position is what is on the screen and the flows that lie below it. An AI-built walk has no tree: where the next node
has to be made first, the position comes back without a pending node.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from services.errors import Refused
from services.flows.nodes import Flow, Input, Instruction, Link, Node, Outcome, Question, Verify
from services.flows.patterns import fits
from services.flows.visible import blank
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Frame, Pending, RedFlag, Reply, Verified

VALUE_LIMIT = 1000
"""Characters that an input node takes."""

GATE = Verify(
    text="Make sure who is calling before going on.",
    say="Before I change anything on the account I have to make sure that it is you.",
    next="",
    failed="",
)
"""Stands in front of a node that needs identity; its ways are the engine's, not ids of a tree."""

STOP = Outcome(
    text="Stop here: who is calling is not proved. Change nothing, promise nothing, pass the call on.",
    say="I cannot go on with this over the phone. A colleague will contact you on the number we have on record.",
    result="escalate",
    reason_category="suspected_security",
)


@dataclass(frozen=True, slots=True)
class Position:
    pending: Pending | None
    """None: the next node of an AI-built walk has to be made."""
    frames: tuple[Frame, ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is recorded."""

    answer: str
    label: str


def start(tree: str, flows: Mapping[str, Flow], *, verified: bool = False) -> Position:
    """The first position of a walk of `flows[tree]`."""
    return _arrive(flows[tree].start, (Frame(tree),), flows, verified)


def gated(pending: Pending, *, verified: bool) -> Pending:
    """`pending`, or the identity gate in front of it."""
    if verified or not pending.node.needs_identity:
        return pending
    return Pending(f"{pending.id}:identity", GATE, origin=pending.origin, behind=pending)


def said(pending: Pending, reply: Reply, *, methods: Mapping[str, str], built: bool, behind: bool = False) -> Said:
    """The answer in words, taken from the stored node and never from the caller. Raises Refused where it does not fit.

    `methods` are the identity methods the account accepts, key to words; `built` is whether the walk is AI-built,
    `behind` whether there is something behind a link.
    """
    match pending.node, reply:
        case Question(answers=answers), Choose(index) if 0 <= index < len(answers):
            return Said(str(index + 1), answers[index].label)
        case Question(unsure=unsure), CannotTell() if unsure is not None or built:
            return Said("unsure", "Can't tell")
        case Link(flow=flow), Acknowledge() if not behind:
            return Said("ack", f"Skipped: the flow {flow} is retired")
        case Instruction() | Link(), Acknowledge():
            return Said("ack", "Done")
        case Input() as node, Enter(value):
            return _entered(node, value)
        case Verify(), Verified(method, evidence):
            if method not in methods:
                raise Refused(f"{method!r} is no way of proving a caller here", f"Use one of: {', '.join(methods)}.")
            if blank(evidence):
                raise Refused("how the caller was proved is missing", "Write what you did and what came back.")
            return Said(method, f"{methods[method]}: {evidence.strip()}")
        case Verify(), RedFlag(text):
            return Said("red_flag", f"Not proved: {text.strip()}" if text.strip() else "Not proved")
        case Outcome(), _:
            raise Refused("this is the end of the flow", "Resolve the call or escalate it.")
        case node, _:
            raise Refused(f"that does not answer this {node.type}", _how(node))


def _entered(node: Input, value: str) -> Said:
    value = value.strip()
    if blank(value):
        raise Refused(f"{node.name} is empty", "Type the value, or turn to free notes if there is none.")
    if len(value) > VALUE_LIMIT:
        raise Refused(f"{node.name} is longer than {VALUE_LIMIT} characters", "Put long text into the notes.")
    if not fits(node.pattern, value):
        raise Refused(f"this does not look like {node.name}", "Read it again; or turn to free notes.")
    return Said(value, value)


def _how(node: Node) -> str:
    match node:
        case Question():
            return "Choose one of its answers."
        case Instruction() | Link():
            return "Acknowledge it."
        case Input():
            return f"Type {node.name}."
        case Verify():
            return "Prove who is calling, or raise a red flag."
        case Outcome():
            return "Resolve the call or escalate it."
        case _:
            assert_never(node)


def advance(
    here: Position, reply: Reply, flows: Mapping[str, Flow], *, linked: tuple[str, Flow] | None = None
) -> Position:
    """The position after a reply that `said` has accepted.

    `flows` holds the trees of all frames; `linked` is the tree behind a link that is being acknowledged, None where
    that flow is gone, which passes the link over.
    """
    pending = here.pending
    if pending is None:
        raise Refused("there is no node to answer", "Wait for the next step.")
    if pending.behind is not None:
        if isinstance(reply, RedFlag):
            return replace(here, pending=Pending(f"{pending.id}:stop", STOP, origin=pending.origin))
        return Position(pending.behind, here.frames, verified=True)
    # A red flag takes back what was proved before.
    verified = isinstance(reply, Verified) or (here.verified and not isinstance(reply, RedFlag))
    if not here.frames:
        return Position(None, (), verified)
    if isinstance(pending.node, Link) and linked is not None:
        tree, flow = linked
        frames = (*here.frames, Frame(tree, return_to=pending.node.next))
        return _arrive(flow.start, frames, {**flows, tree: flow}, verified)
    return _arrive(target(pending.node, reply), here.frames, flows, verified)


def target(node: Node, reply: Reply) -> str:
    """The id of the node that the reply leads to in the node's own tree."""
    match node, reply:
        case Question(answers=answers), Choose(index):
            return answers[index].next
        case Question(unsure=str(unsure)), CannotTell():
            return unsure
        case Verify(failed=failed), RedFlag():
            return failed
        case Instruction(next=next_id) | Input(next=next_id) | Verify(next=next_id) | Link(next=next_id), _:
            return next_id
        case _:
            raise Refused(f"that does not answer this {node.type}", _how(node))


def _arrive(node_id: str, frames: tuple[Frame, ...], flows: Mapping[str, Flow], verified: bool) -> Position:
    """At a node, or, where it is the good end of a linked flow, at the node that the link returns to."""
    node = flows[frames[-1].tree].nodes[node_id]
    while isinstance(node, Outcome) and node.result == "resolved" and frames[-1].return_to is not None:
        node_id, frames = frames[-1].return_to, frames[:-1]
        node = flows[frames[-1].tree].nodes[node_id]
    return Position(gated(Pending(node_id, node), verified=verified), frames, verified)
