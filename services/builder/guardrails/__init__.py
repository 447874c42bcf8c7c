"""The hard floor: what level 1 may never be told to do, whoever wrote the text, and what no note may keep.

A text is folded (look-alike letters, invisible characters, hyphens) and cut into clauses. A rule speaks when something
forbidden is done to something protected within one clause, in either order. It is silent where the clause forbids it
("never turn off ..."), asks or reports ("was the firewall turned off?"), or leaves it to somebody who may ("an engineer
has to ...").
"""

from dataclasses import dataclass

from services.builder.guardrails.scrubbing import scrub

__all__ = ["Reason", "read_rules", "scrub", "unsafe"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text must not be shown: the forbidden category (or `secrets`) and the words that gave it away."""

    category: str
    words: str

    def __str__(self) -> str:
        return f"{self.category.replace('_', ' ')}: {self.words!r}"


def read_rules() -> None:
    """They are read when first used, which takes a tenth of a second; after that this does nothing."""
    from services.builder.guardrails import excuses, finding, reading, rules  # noqa: F401


def unsafe(text: str) -> Reason | None:
    """The first thing in `text` that level 1 may never do; None where there is none. Time grows with the length."""
    from services.builder.guardrails.excuses import excused
    from services.builder.guardrails.finding import find
    from services.builder.guardrails.reading import clauses, sentences
    from services.builder.guardrails.rules import RULES

    before = ""
    for sentence in sentences(text):
        for clause in clauses(sentence):
            for rule in RULES:
                for found in find(rule, clause, before):
                    if not excused(found, sentence):
                        return Reason(rule.category, found.words)
            if " " in clause.strip():  # of `go and release it`, the first names nothing
                before = clause
    return None
