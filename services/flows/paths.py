"""Whether a call that was walked once could be walked through another version of its flow. Pure: no store.

Only the flow itself is judged. What happened within a flow that it links to, or at an identity gate that was put in
front of a node, is no path of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.documents.document import quoted
from services.flows.nodes import Answer, Flow, Input, Node, Outcome, Question, Result, Verify
from services.flows.patterns import fits
from services.flows.visible import folded


@dataclass(frozen=True, slots=True)
class Taken:
    """A node as it was shown, and what was answered."""

    key: str
    node: Node
    answer: str
    """As `Step.answer`."""
    label: str


@dataclass(frozen=True, slots=True)
class Path:
    taken: tuple[Taken, ...]
    end: Result | None
    """Of the outcome that stood at its end; None where the call ended, or stands, somewhere else."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(f"{each.node.text} › {each.label}" for each in self.taken)


@dataclass(frozen=True, slots=True)
class Fits:
    otherwise: bool
    """It comes to its end by other steps: some are new, or are left out."""


@dataclass(frozen=True, slots=True)
class Stops:
    node: str
    """Of the flow, where the path does not go on."""
    step: int
    """The number of the recorded answer, from 1, that has no place; one more than there are where the end has none."""
    says: str


Fit: TypeAlias = Fits | Stops


def fit(path: Path, flow: Flow) -> Fit:
    """Walks the flow with the recorded answers. New nodes without a choice are passed, old ones that are gone are left
    out; a question that nobody was asked stops it."""
    here, done, otherwise = flow.start, 0, False
    passed: set[str] = set()
    while True:
        node = flow.nodes[here]
        found = _answered(path.taken, done, here, node)
        if found is not None:
            otherwise |= found > done
            passed.clear()
            done = found + 1
            to = _leads(node, path.taken[found])
            if to is None:
                return Stops(here, done, _no_place(node, path.taken[found]))
            here = to
        elif path.end is None and done == len(path.taken):
            return Fits(otherwise)
        elif isinstance(node, Outcome):
            return _ended(here, node, path, done, otherwise=otherwise)
        elif isinstance(node, Question):
            return Stops(here, done + 1, f"asks {quoted(node.text)}, which these callers were not asked")
        elif here in passed:
            return Stops(here, done + 1, "goes round in a circle here")
        else:
            passed.add(here)
            otherwise, here = True, node.next


def _answered(taken: Sequence[Taken], since: int, key: str, node: Node) -> int | None:
    """The next recorded answer to this node, which may have another name or other words by now, but not both."""
    for index in range(since, len(taken)):
        each = taken[index]
        if each.node.type == node.type and (each.key == key or folded(each.node.text) == folded(node.text)):
            return index
    return None


def _leads(node: Node, taken: Taken) -> str | None:
    match node:
        case Question():
            if taken.answer == "unsure":
                return node.unsure
            answer = _pressed(node, taken)
            return None if answer is None else answer.next
        case Verify():
            return node.failed if taken.answer == "red_flag" else node.next
        case Input():
            return node.next if fits(node.pattern, taken.answer) else None
        case Outcome():
            return None
    return node.next


def _pressed(node: Question, taken: Taken) -> Answer | None:
    """By its label; or, where one answer alone was given another, by where it leads."""
    wanted = folded(taken.label)
    for answer in node.answers:
        if folded(answer.label) == wanted:
            return answer
    if not isinstance(taken.node, Question):
        return None
    before = {folded(each.label): each.next for each in taken.node.answers}
    fresh = [each for each in node.answers if folded(each.label) not in before]
    gone = before.keys() - {folded(each.label) for each in node.answers}
    renamed = gone == {wanted} and [each.next for each in fresh] == [before[wanted]]
    return fresh[0] if renamed else None


def _no_place(node: Node, taken: Taken) -> str:
    if isinstance(node, Input):
        return f"does not take {quoted(taken.answer)} any more"
    labels = ", ".join(answer.label for answer in node.answers) if isinstance(node, Question) else ""
    return f"has no answer {quoted(taken.label)} any more; there are: {labels}"


def _ended(here: str, node: Outcome, path: Path, done: int, *, otherwise: bool) -> Fit:
    if path.end is None:
        return Stops(here, done + 1, f"ends here with {quoted(node.text)}, where these calls went on")
    if path.end != node.result:
        return Stops(here, done + 1, f"ends in {node.result}, where these calls ended in {path.end}")
    return Fits(otherwise or done < len(path.taken))
