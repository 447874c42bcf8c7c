"""What an engineer asks first of a call that is passed on, and which of it was not told.

Found by words, English ones: a hint for whoever passes on and whoever takes over, never a refusal.
"""

import re
from collections.abc import Iterable
from typing import get_args

from services.flows.nodes import Input, Instruction, Question
from services.walks.lines import Part
from services.walks.model import Walk

PARTS: tuple[Part, ...] = get_args(Part)

_HOW_MANY = re.compile(
    r"""\b(?:
        colleagues? | every(?:body|one) | any(?:body|one) | nobody | others | alone | both | users | people
        | (?:we|they)\ all | all\ (?:of\ )?(?:(?:the|our|my|his|her|their)\ )?
          (?:us|them|staff|office|team|floor|sites?|pcs|computers|laptops|machines|phones|printers|\d+)
        | only\ (?:he|she|they|him|her|them|me|i|one) | whole\ (?:office|team|floor|site|company|department)
        | (?:one|two|three|several|some|many|\d+)\ (?:of\ (?:us|them)|pcs?|computers?|laptops?|machines?|seats?)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SINCE = re.compile(
    r"""\b(?:
        since | began | begun | started | yesterday | today
        | (?:this|last|past)\ (?:morning|afternoon|evening|night|week(?:end)?|month|year) | ago | overnight
        | (?:mon|tues|wednes|thurs|fri|satur|sun)day | \d\ ?(?:am|pm) | at\ \d{1,2}\.\d{2}
        | \d{1,2}:\d{2} | \d{1,2}/\d{1,2} | \d{1,2}\.\d{1,2}\.\d{4} | \d{4}-\d{2}-\d{2}
        | (?:for|past)\ (?:an?|two|three|\d+)\ (?:minutes?|hours?|days?|weeks?|months?) | after\ (?:the|an?)\ \w+
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TRIED = re.compile(
    r"""\b(?:
        tried | re-?start(?:ed)? | reboot(?:ed)? | re-?set | re-?installed | switched | no\ (?:better|change|help)
        | same(?=[.,;!)\n]|$)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT = re.compile(
    r"""\b(?:
        next\ (?:step|thing|is) | please | pls | (?:can|could)\ (?:you|some(?:body|one)|we)
        | (?:you|some(?:body|one)|an?\ engineer|engineers|we)\ (?:must|should|ha(?:s|ve)\ to|needs?\ to)
        | (?:must|should|ha(?:s|ve)\ to|needs?\ to)\ (?:be|get)\ (?:\w+(?:ed|en|nt|lt|wn)|done|made|put|(?:re)?set)
        | (?:call|ring)(?:\ \w+)?\ back
    )\b | ^(?:next|needs?)\b | \?$
    | (?:^|[:;]\ )(?:check | look\ (?:at|into|for) | verify | replace | call | ring | try | ask | find | see )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SUSPECTS = re.compile(
    r"\b(?:suspect(?:s|ed)?|i think|looks like|could (?:be|it)|may ?be|might be|probably|perhaps|seems|wonder)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def untold(
    walk: Walk | None, *, reason: str, category: str | None, problem: str = "", caller: str = ""
) -> tuple[Part, ...]:
    """In the order of `PARTS`. `reason` and `category` are those of the escalation; `problem`, and the `caller` with
    their customer, are what is known where there is no call yet."""
    if walk is not None:
        problem, caller = walk.problem_text, walk.contact + walk.customer
    said = [problem, reason, *([] if walk is None else _recorded(walk))]
    missing: dict[Part, bool] = {
        "problem": len(said[0].split()) <= 1,
        "who": not caller.strip(),
        "how_many": not _in_any(_HOW_MANY, said),
        "since": not _in_any(_SINCE, said),
        # Nothing is tried where somebody may be in the system: it would only wipe the traces.
        "tried": category != "suspected_security" and not _was_tried(walk) and not _in_any(_TRIED, said),
        "next": asked(reason) is None,
    }
    return tuple(part for part in PARTS if missing[part])


def asked(reason: str) -> str | None:
    """The sentence in which an engineer is asked to do or find out something: the last one that does."""
    return _last(_NEXT, reason)


def suspected(reason: str) -> str | None:
    """The last sentence that says what it could be."""
    return _last(_SUSPECTS, reason)


def _last(words: re.Pattern[str], reason: str) -> str | None:
    sentences = (each.strip() for each in reversed(_SENTENCE.split(reason)))
    return next((each for each in sentences if words.search(each)), None)


def _recorded(walk: Walk) -> Iterable[str]:
    for step in walk.steps:
        if step.answer != "unsure" and isinstance(step.pending.node, Question | Input):
            yield f"{step.pending.node.text} {step.answer_label}"
        yield step.note or ""
    yield from (note.text for note in walk.notes)


def _was_tried(walk: Walk | None) -> bool:
    if walk is None:
        return False
    noted = any(note.text.strip() for note in walk.notes)
    return noted or any(isinstance(step.pending.node, Instruction) for step in walk.steps)


def _in_any(words: re.Pattern[str], texts: Iterable[str]) -> bool:
    return any(words.search(text) for text in texts)
