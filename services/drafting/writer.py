"""The drafts of a model, and what it is told for them."""

from functools import cache
from importlib import resources

from services.access import Actor
from services.ai.prompt import block
from services.ai.speaker import Ask, Speaker
from services.ai.spending import Purpose
from services.drafting.model import DraftKind
from services.walks.model import Step, Walk

LIMIT = 25.0
"""Seconds; the template's draft is on the screen meanwhile."""
MOST_TOKENS = 1500
_PURPOSE: dict[DraftKind, Purpose] = {"resolution_note": "note", "escalation_package": "package"}


class Writer:
    def __init__(self, speaker: Speaker, model: str) -> None:
        self._speaker = speaker
        self._model = model

    async def write(self, actor: Actor, walk: Walk, kind: DraftKind) -> str:
        """Markdown as the model wrote it, not checked yet. Raises ModelFailed."""
        ask = Ask(
            purpose=_PURPOSE[kind],
            model=self._model,
            system=_instructions(kind),
            data=records(walk),
            names=tuple(name for name in (walk.customer, walk.contact, walk.technician.name) if name.strip()),
            most=MOST_TOKENS,
            limit=LIMIT,
            session_id=walk.id,
        )
        return (await self._speaker.text(actor, ask)).strip() + "\n"


@cache
def _instructions(kind: DraftKind) -> str:
    return (resources.files("services.drafting") / "prompts" / f"{kind}.md").read_text(encoding="utf-8")


def records(walk: Walk) -> str:
    """Everything on record about a call, in tagged blocks."""
    steps = "\n".join(_step(step) for step in walk.steps)
    notes = "\n".join(note.text for note in walk.notes)
    parts = [
        block("problem", walk.problem_text),
        block("caller", f"{walk.contact}, {walk.customer}".strip(", ")),
        block("steps", steps or "none", 30_000),
        block("notes", notes or "none", 30_000),
        block("state", _state(walk)),
    ]
    return "\n".join(parts)


def _step(step: Step) -> str:
    note = f" Note: {step.note}" if step.note else ""
    return f"{step.seq}. {step.pending.node.type}: {step.pending.node.text} -> {step.answer_label}.{note}"


def _state(walk: Walk) -> str:
    lines = [f"The call is {walk.status.replace('_', ' ')}."]
    if walk.pending is not None:
        lines.append(f"The step on the screen, not done yet: {walk.pending.node.text}")
    if walk.resolution is not None:
        helped = "What was done helped." if walk.resolution.helpful else "What was done did not help."
        lines.append(f"{helped} {walk.resolution.notes}")
    if walk.escalation is not None:
        lines.append(f"Passed on because: {walk.escalation.category}. {walk.escalation.reason}")
    return "\n".join(lines)
