"""What a walked step says about the case, in a sentence that a customer may read too."""

from dataclasses import dataclass

from services.fixes.model import FactKind, Source
from services.flows.nodes import Input, Instruction, Question, Verify
from services.walks.model import Step, Walk


@dataclass(frozen=True, slots=True)
class Told:
    kind: FactKind
    source: Source
    text: str


def told(walk: Walk, step: Step) -> Told | None:
    """None for a step that only led on. What a technician noted on it is for colleagues and stays with the step."""
    match step.pending.node:
        case Question(text=text):
            return Told("known", "question", f"{plain(text)} {step.answer_label}")
        case Input(name=name):
            return Told("known", "question", f"{name}: {step.answer_label}")
        case Verify():
            proved = "could not be" if step.answer == "red_flag" else "was"
            return Told("known", "check", f"Who was calling {proved} proved.")
        case Instruction(text=text):
            return Told("tried", "check", f"{plain(text)}{_result(walk, step)}")
    return None


def _result(walk: Walk, step: Step) -> str:
    """The answer that came after it."""
    after = next((each for each in walk.steps if each.seq > step.seq), None)
    if after is None or not isinstance(after.pending.node, Question):
        return ""
    return f" Afterwards: {plain(after.pending.node.text)} {after.answer_label}"


def plain(text: str) -> str:
    """On one line."""
    return " ".join(text.split())
