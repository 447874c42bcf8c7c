"""The builder that needs no model: walks the bundled playbook of the session's category."""

from services.builder.playbooks import playbook
from services.builder.protocol import BuildContext, Built
from services.flows.nodes import Answer, Flow, Instruction, Outcome, Question
from services.walks.model import Step

_OUT_OF_STEPS = Outcome(
    text="The safe steps for this are used up. Pass the call on with what was tried.",
    result="escalate",
    reason_category="exhausted_safe_steps",
)


class PlaybookBuilder:
    def at_hand(self, context: BuildContext) -> Built:
        """The node after the last step that came out of this playbook; from its start where none did."""
        book = playbook(context.category)
        place = _prefix(context.category)
        key: str | None = book.start
        for step in context.steps:
            if step.pending.origin is not None and step.pending.origin.startswith(place):
                key = _after(book, step.pending.origin.removeprefix(place), step)
        if key is None or key not in book.nodes:
            return Built(_OUT_OF_STEPS, place + "end")
        return Built(book.nodes[key], place + key)

    async def build(self, context: BuildContext) -> Built:
        return self.at_hand(context)


def _prefix(category: str) -> str:
    return f"playbook:{category}/"


def _after(book: Flow, key: str, step: Step) -> str | None:
    match book.nodes.get(key):
        case Question(answers=answers, unsure=unsure):
            return unsure if step.answer == "unsure" else _chosen(answers, step.answer)
        case Instruction(next=next_key):
            return next_key
        case _:
            return None


def _chosen(answers: tuple[Answer, ...], answer: str) -> str | None:
    return answers[int(answer) - 1].next if answer.isdecimal() and 0 < int(answer) <= len(answers) else None
