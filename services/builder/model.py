"""The builder that asks a model for the next node of a call."""

from functools import cache
from importlib import resources
from typing import Any

from services.ai.failures import ModelFailed
from services.ai.prompt import block
from services.ai.reading import Fields
from services.ai.speaker import Ask, Speaker
from services.ai.spending import Purpose
from services.builder.guardrails import unsafe
from services.builder.playbook import PlaybookBuilder, by_playbook
from services.builder.protocol import BuildContext, BuildFailed, Built, Show, Taken, Unusable
from services.builder.rules import touches_access
from services.flows.nodes import Answer, Instruction, Node, Outcome, Question

ORIGIN = "model"
LIMIT = 10.0
"""Seconds for one node."""
MOST_TOKENS = 700
TEXT_LIMIT, LABEL_LIMIT = 400, 60

REASONS = (
    "exhausted_safe_steps",
    "needs_access",
    "needs_onsite",
    "suspected_security",
    "outage_or_many_users",
    "other",
)

_TEXT = {"type": "string"}
_YES_OR_NO = {"type": "boolean"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    # In the order in which they are written: the text streams as early as it can.
    "properties": {
        "kind": {"enum": ["question", "instruction", "resolved", "escalate"]},
        "needs_identity": _YES_OR_NO,  # before the text: what needs it is not shown as it is written
        "text": _TEXT,
        "answers": {"type": "array", "items": _TEXT},
        "say": _TEXT,
        "expect": _TEXT,
        "caution": _TEXT,
        "confirm": _YES_OR_NO,
        "scope": _TEXT,
        "undo": _TEXT,
        "reason": {"enum": list(REASONS)},
    },
    "required": [
        "kind",
        "needs_identity",
        "text",
        "answers",
        "say",
        "expect",
        "caution",
        "confirm",
        "scope",
        "undo",
        "reason",
    ],
}


class ModelBuilder:
    """Once a walk has turned to the playbook it stays with it: the technician has chosen so."""

    def __init__(
        self, speaker: Speaker, model: str, playbooks: PlaybookBuilder, purpose: Purpose = "next_node"
    ) -> None:
        self._speaker = speaker
        self._model = model
        self._playbooks = playbooks
        self._purpose: Purpose = purpose

    def at_hand(self, context: BuildContext) -> Built | None:
        return self._playbooks.at_hand(context) if by_playbook(context) else None

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        try:
            given = await self._speaker.fields(
                context.actor, self._ask(context), show=None if show is None else _showing(show, context)
            )
        except ModelFailed as failed:
            if failed.why == "invalid":
                raise Unusable(failed.detail, failed.hint) from failed
            raise BuildFailed(failed.detail, failed.hint) from failed
        return Built(node_of(given), ORIGIN)

    def _ask(self, context: BuildContext) -> Ask:
        return Ask(
            purpose=self._purpose,
            model=self._model,
            system=_instructions(),
            data=told(context),
            names=context.names,
            schema=SCHEMA,
            most=MOST_TOKENS,
            limit=LIMIT,
            session_id=context.session_id,
        )


@cache
def _instructions() -> str:
    return (resources.files("services.builder") / "prompts" / "next_node.md").read_text(encoding="utf-8")


def told(context: BuildContext) -> str:
    """The call as the model is told of it; what changes stands last."""
    steps = "\n".join(_step(number, step) for number, step in enumerate(context.steps, 1))
    identity = "proved" if context.verified else "not proved"
    parts = [
        block("problem", context.problem),
        block("steps", steps or "none yet", 30_000),
        f"Category: {context.category}. Identity: {identity}. Give the next step.",
    ]
    if context.complaint:
        parts.append(f"The step you gave before cannot be used: {block('complaint', context.complaint)} Give another.")
    return "\n".join(parts)


def _step(number: int, step: Taken) -> str:
    note = f" Note: {step.note}" if step.note else ""
    return f"{number}. {step.node.type}: {step.node.text} -> {step.label}.{note}"


def _showing(show: Show, context: BuildContext) -> Any:
    """Whole words of the text only, and none that the technician must not read, or not yet, however it may go on."""
    shown = ""

    def grown(fields: Fields) -> None:
        nonlocal shown
        text = fields.get("text")
        if not isinstance(text, str) or (fields.get("needs_identity") is True and not context.verified):
            return
        words, _, _ = text.rpartition(" ")
        seen = (text if "answers" in fields else words)[:TEXT_LIMIT]
        gated = touches_access(seen) and not context.verified
        if seen != shown and not gated and unsafe(seen) is None:
            shown = seen
            show(seen)

    return grown


def node_of(given: Fields) -> Node:
    """A node of what the model gave. Raises Unusable, with what is wrong said so that the model can mend it."""
    common: dict[str, Any] = {
        "text": _clipped(given, "text", TEXT_LIMIT),
        "say": _clipped(given, "say", TEXT_LIMIT) or None,
        "expect": _clipped(given, "expect", TEXT_LIMIT) or None,
        "caution": _clipped(given, "caution", TEXT_LIMIT) or None,
        "needs_identity": given.get("needs_identity") is True,
    }
    if given.get("confirm") is True:
        scope, undo = _clipped(given, "scope", TEXT_LIMIT), _clipped(given, "undo", TEXT_LIMIT)
        common |= {"risk": "confirm", "scope": scope or None, "undo": undo or None}
    match given.get("kind"):
        case "question":
            return Question(**common, answers=_answers(given))
        case "instruction":
            return Instruction(**common, next="")
        case "resolved":
            return Outcome(text=common["text"], say=common["say"], result="resolved")
        case "escalate":
            reason = given.get("reason")
            return Outcome(
                text=common["text"],
                say=common["say"],
                result="escalate",
                reason_category=reason if reason in REASONS else "exhausted_safe_steps",
            )
        case other:
            raise Unusable(f"there is no kind {str(other)[:40]!r}")


def _answers(given: Fields) -> tuple[Answer, ...]:
    labels = given.get("answers")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise Unusable("a question needs its answers as texts")
    kept = [" ".join(label.split())[:LABEL_LIMIT] for label in labels]
    return tuple(Answer(label=label, next="") for label in kept)


def _clipped(given: Fields, name: str, most: int) -> str:
    """On one line, cut at the end of a sentence where it is too long."""
    text = given.get(name)
    if not isinstance(text, str):
        return ""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[:most]
    return cut[: cut.rfind(". ") + 1] or cut
