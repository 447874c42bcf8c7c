"""A call as a model is told of it: everything on record, in tagged blocks."""

from services.ai.prompt import block
from services.walks.model import Step, Walk


def told(walk: Walk) -> list[str]:
    steps = "\n".join(_step(step) for step in walk.steps)
    notes = "\n".join(note.text for note in walk.notes)
    return [
        block("problem", walk.problem_text),
        block("caller", f"{walk.contact}, {walk.customer}".strip(", ")),
        block("steps", steps or "none", 30_000),
        block("notes", notes or "none", 30_000),
        block("state", _state(walk)),
    ]


def names(walk: Walk) -> tuple[str, ...]:
    """Whose names must not leave this machine."""
    return tuple(name for name in (walk.customer, walk.contact, walk.technician.name) if name.strip())


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
