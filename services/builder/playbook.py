"""The builder that needs no model: walks the bundled playbook of the session's category."""

from services.builder.playbooks import playbook
from services.builder.protocol import BuildContext, Built, Show, Taken
from services.flows.nodes import Answer, Flow, Instruction, Outcome, Question

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
            if step.origin is not None and step.origin.startswith(place):
                key = _after(book, step.origin.removeprefix(place), step)
        if key is None or key not in book.nodes:
            return Built(_OUT_OF_STEPS, place + "end")
        return Built(book.nodes[key], place + key)

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        return self.at_hand(context)


def by_playbook(context: BuildContext) -> bool:
    """Whether the walk goes by the playbook now: it goes on with it once it has turned to it."""
    return bool(context.steps) and (context.steps[-1].origin or "").startswith("playbook:")


def _prefix(category: str) -> str:
    return f"playbook:{category}/"


def _after(book: Flow, key: str, step: Taken) -> str | None:
    match book.nodes.get(key):
        case Question(answers=answers, unsure=unsure):
            return unsure if step.answer == "unsure" else _chosen(answers, step.answer)
        case Instruction(next=next_key):
            return next_key
        case _:
            return None


def _chosen(answers: tuple[Answer, ...], answer: str) -> str | None:
    return answers[int(answer) - 1].next if answer.isdecimal() and 0 < int(answer) <= len(answers) else None
