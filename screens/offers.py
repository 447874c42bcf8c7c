"""What can be done with the node on the screen, each thing with the actions whose keys stand beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.flows.nodes import Input, Instruction, Link, Outcome, Question, Verify
from services.walks.model import Acknowledge, CannotTell, Choose, Pending, Reply


@dataclass(frozen=True, slots=True)
class Prove:
    """Asks how the caller was proved by a method."""

    method: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Asks what was wrong with the caller's proof."""


@dataclass(frozen=True, slots=True)
class Send:
    """What stands in the field."""


@dataclass(frozen=True, slots=True)
class Close:
    """Opens the form that ends the call."""

    how: Literal["resolve", "escalate"]


Do: TypeAlias = Reply | Prove | Doubt | Send | Close


@dataclass(frozen=True, slots=True)
class Offer:
    actions: tuple[str, ...]
    """Ids of the list of actions; the key of each does it."""
    words: str
    do: Do | None = None
    """None: the key does it by itself."""


STUCK = (
    Offer(("walk.again",), "Try again"),
    Offer(("walk.playbook",), "Go on by the playbook"),
    Offer(("walk.only_notes",), "Go on with free notes"),
    Offer(("walk.escalate",), "Escalate"),
)
"""Where no next step could be made."""

PROVING = (Offer(("walk.accept",), "Proved", Send()), Offer(("page.back",), "Another way"))
DOUBTING = (Offer(("walk.accept",), "Raise the red flag", Send()), Offer(("page.back",), "Back to the ways"))
"""With the evidence, or the doubt, in the field."""

SURE = (Offer(("walk.accept",), "Yes, do it now", Acknowledge()), Offer(("page.back",), "Not yet"))
"""Asked once more where a step is risky."""


def offers(pending: Pending, methods: Mapping[str, str], *, built: bool) -> tuple[Offer, ...]:
    """In the order they are shown. `methods` are the account's ways of proving a caller, key to words."""
    match pending.node:
        case Question() as node:
            return _answers(node, built=built)
        case Instruction(risk="confirm"):
            return (Offer(("walk.accept",), "Do it: asks once more", Acknowledge()),)
        case Instruction():
            return (Offer(("walk.accept",), "Done", Acknowledge()),)
        case Link():
            return (Offer(("walk.accept",), "Go there; the call comes back here", Acknowledge()),)
        case Input():
            return (Offer(("walk.accept",), "Take what is typed", Send()),)
        case Verify():
            ways = [Offer((f"walk.answer_{n}",), methods[key], Prove(key)) for n, key in enumerate(methods, 1)]
            return (*ways[:9], Offer(("walk.red_flag",), "Red flag: cannot be proved, or something is wrong", Doubt()))
        case Outcome(result="resolved"):
            return (
                Offer(("walk.accept", "walk.resolve"), "Resolve", Close("resolve")),
                Offer(("walk.escalate",), "Escalate all the same", Close("escalate")),
            )
        case Outcome():
            return (
                Offer(("walk.accept", "walk.escalate"), "Escalate", Close("escalate")),
                Offer(("walk.resolve",), "Resolve all the same", Close("resolve")),
            )


def _answers(node: Question, *, built: bool) -> tuple[Offer, ...]:
    labels = [answer.label for answer in node.answers]
    letters = _letters(labels)
    given = [Offer((f"walk.answer_{n}", *letters[n - 1]), label, Choose(n - 1)) for n, label in enumerate(labels, 1)]
    unsure = node.unsure is not None or built
    return (*given, *((Offer(("walk.unsure",), "Can't tell", CannotTell()),) if unsure else ()))


def _letters(labels: list[str]) -> list[tuple[str, ...]]:
    """Two answers have y and n beside their numbers; where no stands before yes, the letters follow the words."""
    match [label.strip().casefold() for label in labels]:
        case [first, second] if first.startswith("no") and second.startswith("yes"):
            return [("walk.no",), ("walk.yes",)]
        case [_, _]:
            return [("walk.yes",), ("walk.no",)]
        case _:
            return [()] * len(labels)
