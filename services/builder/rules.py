"""What every built node has to keep, whoever built it."""

from services.builder.guardrails import unsafe
from services.builder.protocol import BuildContext, Built
from services.errors import Unsafe
from services.flows.nodes import Answer, Instruction, Node, Outcome, Question

AT_THE_CAP = Built(
    Outcome(
        text="This call has taken as many steps as are sensible at level 1. Pass it on with what was tried.",
        result="escalate",
        reason_category="exhausted_safe_steps",
    ),
    "limit",
)
NOT_SAFE = Built(
    Outcome(
        text="No safe next step was found. Pass the call on with what was tried.",
        result="escalate",
        reason_category="exhausted_safe_steps",
    ),
    "limit",
)


def check(built: Built, context: BuildContext) -> None:
    """Raises Unsafe for a node that must not be shown: the technician never sees it."""
    for text in _texts(built.node):
        if reason := unsafe(text):
            raise Unsafe(str(reason))
    match built.node:
        case Question(answers=answers):
            _check_labels(answers)
        case Outcome(result="resolved") if not _just_verified(context):
            raise Unsafe("it calls the problem solved before anybody has looked")
        case Instruction() | Outcome():
            pass
        case other:
            raise Unsafe(f"a built walk has no {other.type} nodes")
    if not built.node.text.strip():
        raise Unsafe("it says nothing")


def _texts(node: Node) -> list[str]:
    texts = [node.text, node.say, node.expect, node.caution, node.scope, node.undo]
    if isinstance(node, Question):
        texts += [answer.label for answer in node.answers]
    return [text for text in texts if text]


def _check_labels(answers: tuple[Answer, ...]) -> None:
    labels = {" ".join(answer.label.casefold().split()) for answer in answers}
    if len(labels) != len(answers) or len(labels) == 1 or "" in labels:
        raise Unsafe("its answers cannot be told apart")


def _just_verified(context: BuildContext) -> bool:
    """Something was asked and answered since the last thing that was done."""
    return bool(context.steps) and isinstance(context.steps[-1].pending.node, Question)
