"""A helpful AI-built call becomes a proposal: the walked path as a tree, with a stub on every branch not taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify, flow_to_json
from services.matching.words import words
from services.walks.engine import STOP
from services.walks.model import Step, Walk
from storage.accounts import bump_library
from storage.database import Transaction
from storage.tables import Proposal

TITLE_LIMIT = 255
KEYWORDS = 8

_STUB = "Not taken in the call this was captured from: say what to do here."
_SOLVED = "The problem is solved."


async def capture(tx: Transaction, walk: Walk, now: datetime) -> None:
    """Adds a pending proposal for a resolved walk; nothing where no step was taken."""
    if not walk.steps:
        return
    tree = as_flow(walk)
    await bump_library(tx)
    tx.add(
        Proposal(
            status="pending",
            type="new_flow",
            source="ai_realtime_l1",
            title=tree.title,
            category=tree.category,
            keywords=list(tree.keywords),
            tree=flow_to_json(tree),
            validated_by_outcome=True,
            worked=1,
            session_id=walk.id,
            ticket_id=walk.ticket.id,
            created_by=walk.technician.id,
            created_at=now,
        )
    )


def as_flow(walk: Walk) -> Flow:
    """The path as one valid tree from its root to a resolved outcome, labels as they were on the screen."""
    said = " ".join(walk.problem_text.split())
    return Flow(
        slug=f"captured-{walk.id.hex[:12]}",
        title=said[:TITLE_LIMIT],
        category=walk.category or "unknown",
        start="step-1",
        nodes=_nodes(walk.steps),
        keywords=_keywords(walk.problem_text),
        examples=(said,),
    )


def _keywords(problem: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.folded for word in words(problem)))[:KEYWORDS]


def _nodes(steps: Sequence[Step]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for number, step in enumerate(steps, 1):
        key, after = f"step-{number}", f"step-{number + 1}" if number < len(steps) else "solved"
        node = step.pending.node
        if isinstance(node, Question):
            answers, stubs = _answers(node, step, key, after)
            unsure = after if step.answer == "unsure" else None
            nodes[key] = replace(node, answers=answers, unsure=unsure)
            nodes |= stubs
        elif isinstance(node, Verify):
            nodes[key], others = _gate(node, step, key, after)
            nodes |= others
        else:
            nodes[key] = _straight(node, step, after)
    nodes["solved"] = Outcome(text=_SOLVED, result="resolved")
    return nodes


def _answers(node: Question, step: Step, key: str, after: str) -> tuple[tuple[Answer, ...], dict[str, Node]]:
    answers, stubs = [], dict[str, Node]()
    for number, answer in enumerate(node.answers, 1):
        taken = step.answer == str(number)
        to = after if taken else f"{key}-other-{number}"
        answers.append(Answer(label=answer.label, next=to))
        if not taken:
            stubs[to] = _stub()
    return tuple(answers), stubs


def _gate(node: Verify, step: Step, key: str, after: str) -> tuple[Node, dict[str, Node]]:
    """An identity gate: a caller who cannot be proved never gets onto the way of one who was, nor the reverse."""
    if step.answer == "red_flag":
        proved = f"{key}-proved"
        return replace(node, next=proved, failed=after), {proved: _stub()}
    return replace(node, next=after, failed="not-proved"), {"not-proved": STOP}


def _straight(node: Node, step: Step, after: str) -> Node:
    """A node with one way on."""
    if isinstance(node, Instruction | Input | Link):
        return replace(node, next=after)
    return Instruction(text=step.answer_label, next=after)


def _stub() -> Node:
    return Outcome(text=_STUB, result="escalate", needs_review=True)
