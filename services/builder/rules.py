"""What every built node has to keep, whoever built it."""

import re
from dataclasses import replace

from services.builder.guardrails import unsafe
from services.builder.protocol import BuildContext, Builder, BuildFailed, Built, Show, Unusable
from services.errors import Unsafe
from services.flows.nodes import Instruction, Node, Outcome, Question

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


TOO_EARLY = "it calls the problem solved before anybody has looked"
TRIES = 2
"""A node that cannot be used is asked for once more, with what was wrong with it."""

MOST_ANSWERS = 9
"""Each has a digit for its key."""

_TOUCHES_ACCESS = re.compile(
    r"\b(?:reset|unlock|re-?enrol|re-?register|recover|self-service|forgot)\w*\b[^.]*\b(?:password|account|pin|sign-?in"
    r"|mfa|authenticator|link)|\b(?:password|account|pin|mfa|authenticator)\b[^.]*\b(?:reset|unlock|recover|enrol)"
    r"|\b(?:chang|choos|renew|updat|set)\w*\b[^.]*\b(?:password|passcode|security info)",
    re.IGNORECASE,
)

ALIKE = 0.8
"""Two texts that share so much of their words say the same."""


async def usable(builder: Builder, context: BuildContext, show: Show | None = None) -> Built:
    """A node that may be shown; where none that is safe was made, the call is passed on. Raises BuildFailed."""
    trouble: Unsafe | Unusable | None = None
    for _ in range(TRIES):
        try:
            asked = replace(context, complaint=None if trouble is None else trouble.detail)
            built = with_identity(await builder.build(asked, show))
            check(built, context)
        except (Unsafe, Unusable) as found:
            trouble = found
        else:
            return built
    if isinstance(trouble, Unusable):
        raise BuildFailed(trouble.detail, "Try again, or go on with the playbook.")
    return NOT_SAFE


def check(built: Built, context: BuildContext) -> None:
    """Raises Unsafe for a node that must not be shown, Unusable for one that leads nowhere."""
    for text in _texts(built.node):
        if reason := unsafe(text):
            raise Unsafe(str(reason))
    match built.node:
        case Question() as node:
            check_labels(node)
        case Outcome(result="resolved") if not _just_verified(context):
            raise Unsafe(TOO_EARLY)
        case Instruction() | Outcome():
            pass
        case other:
            raise Unusable(f"a built walk has no {other.type} nodes")
    if not built.node.text.strip():
        raise Unusable("it says nothing")
    if _asked_before(built.node, context):
        raise Unusable("it was asked or done before, and nothing was done since")
    if with_identity(built) is not built:
        raise Unsafe("it touches an account, and nobody has to prove who is calling")


def with_identity(built: Built) -> Built:
    """What touches an account needs identity, whatever its builder thought; of a playbook's nodes its author knew."""
    node = built.node
    if node.needs_identity or isinstance(node, Outcome) or built.origin.startswith("playbook:"):
        return built
    touches = any(text and touches_access(text) for text in (node.text, node.say))
    return replace(built, node=replace(node, needs_identity=True)) if touches else built


def touches_access(text: str) -> bool:
    """Whether it is about somebody's account or ways of signing in."""
    return _TOUCHES_ACCESS.search(text) is not None


def _texts(node: Node) -> list[str]:
    texts = [node.text, node.say, node.expect, node.caution, node.scope, node.undo]
    if isinstance(node, Question):
        texts += [answer.label for answer in node.answers]
    return [text for text in texts if text]


def check_labels(node: Question) -> None:
    """Raises Unusable where the answers are not those of the question."""
    if not 2 <= len(node.answers) <= MOST_ANSWERS:  # noqa: PLR2004  # nothing to choose from with fewer
        raise Unusable(f"a question needs 2 to {MOST_ANSWERS} answers, this one has {len(node.answers)}")
    labels = [" ".join(answer.label.casefold().split()) for answer in node.answers]
    if len(set(labels)) != len(labels) or len(labels) == 1 or "" in labels:
        raise Unusable("its answers cannot be told apart")
    if set(labels) <= _YES_NO and _EITHER_OR.search(node.text):
        raise Unusable("an either-or needs its alternatives as answers, not yes and no")


_YES_NO = {"yes", "no"}
_EITHER_OR = re.compile(
    r"\b(?:is|are|was|were|does|do|did|has|have|can)\b[^.?!]* or (?!not\b|any|other|some|more)", re.IGNORECASE
)


def _asked_before(node: Node, context: BuildContext) -> bool:
    """An instruction may not come twice; a question may be asked again once something was done."""
    words = _words(node.text)
    for step in reversed(context.steps):
        before = step.node
        if isinstance(before, Instruction) and isinstance(node, Question):
            return False
        if before.type == node.type and _alike(words, _words(before.text)):
            return True
    return False


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > ALIKE * len(one | other)


def _just_verified(context: BuildContext) -> bool:
    """Something was asked since the last thing that was done, and the answer was not that nobody can tell."""
    last = context.steps[-1] if context.steps else None
    return last is not None and isinstance(last.node, Question) and last.answer != "unsure"
