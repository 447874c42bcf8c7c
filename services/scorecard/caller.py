"""The simulated caller, with the technician between: answers by the facts of the case, always in the same way."""

import re
from dataclasses import dataclass

from services.flows.nodes import Instruction, Question
from services.scorecard.case import Case, Fact, everywhere

_MEANING = {
    "yes": r"^(?:(?:yes|yep|works|working|fine|all (?:good|fine|well))\b"
    r"|(?:it|they) (?:does|is|has|works?|do|are|can|have)\b(?! not| ?n't))",
    "no": r"^(?:no|not|none|nothing|nobody|still|same|does(?:n't| not)|is(?:n't| not)"
    r"|(?:it|they) (?:does|is|has|do|are|can|have)(?: ?not|n't))\b",
}


@dataclass(frozen=True, slots=True)
class Said:
    index: int | None
    """Of the answer, from 0; None is "can't tell"."""
    foreseen: bool
    """The case has something to say to this question, and be it that the caller does not know."""


class Caller:
    def __init__(self, case: Case) -> None:
        common = everywhere()
        self._facts = (*common.before, *case.facts, *common.after)
        self._fix = case.fix
        self.gone = False
        """The trouble is."""

    def answer(self, question: Question) -> Said:
        asked = f"{question.text} {question.say or ''}"
        for fact in self._facts:
            if _finds(fact.asked, asked):
                wanted = self._wanted(fact)
                if wanted is None:
                    return Said(None, foreseen=True)
                for index, answer in enumerate(question.answers):
                    if any(_finds(_MEANING.get(each, rf"\b{each}"), answer.label) for each in wanted.split("|")):
                        return Said(index, foreseen=True)
        return Said(None, foreseen=False)

    def do(self, instruction: Instruction) -> None:
        """Only an instruction mends anything: what a question hides in its text is not done."""
        self.gone = self.gone or (self._fix is not None and _finds(self._fix, instruction.text))

    def _wanted(self, fact: Fact) -> str | None:
        return fact.then if self.gone and fact.then is not None else fact.says


def _finds(pattern: str, text: str) -> bool:
    return re.search(pattern, text.strip(), re.IGNORECASE) is not None
