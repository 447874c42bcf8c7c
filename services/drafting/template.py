"""The drafts that need no model: the records, put in order.

The customer reads the resolution note; what a technician notes on a step or beside the call is for colleagues, and
stands in the package alone.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from services.drafting.model import SECTIONS, DraftKind
from services.flows.nodes import Input, Instruction, Outcome, Question, Verify
from services.walks.model import Step, Walk

NOTHING = "Nothing on record."


def rendered(walk: Walk, kind: DraftKind) -> str:
    """Markdown with every section of the kind."""
    parts = _resolution(walk) if kind == "resolution_note" else _package(walk)
    sections = zip(SECTIONS[kind], parts, strict=True)
    return "\n\n".join(f"## {heading}\n{text}" for heading, text in sections) + "\n"


def _resolution(walk: Walk) -> Iterator[str]:
    yield _problem(walk)
    yield _list(_confirmed(walk, inside=False))
    yield "The cause was not established."
    yield _resolved(walk)


def _package(walk: Walk) -> Iterator[str]:
    yield _problem(walk)
    yield _list(_confirmed(walk, inside=True))
    yield _list(_tried(walk, inside=True))
    yield "None yet: the steps so far have not shown the cause."
    yield _list(_next(walk))


def _problem(walk: Walk) -> str:
    who = ", ".join(part for part in (walk.contact.strip(), walk.customer.strip()) if part)
    told = " ".join(walk.problem_text.split())
    return f"{told}\n\nReported by {who}." if who else told


def _confirmed(walk: Walk, *, inside: bool) -> Iterator[str]:
    """What questions, checks and proofs have shown. `inside`: for colleagues, who may also read how a caller was
    proved, and the notes."""
    for step in walk.steps:
        match step.pending.node:
            case Question(text=text):
                shown = f"{_plain(text)} {step.answer_label}"
            case Input(name=name):
                shown = f"{name}: {step.answer_label}"
            case Verify() if inside:
                shown = step.answer_label
            case Verify():
                proved = "could not be" if step.answer == "red_flag" else "was"
                shown = f"Who was calling {proved} proved."
            case _:
                continue
        yield _with_note(shown, step) if inside else shown
    for note in walk.notes:
        if inside and note.text.strip():
            yield " ".join(note.text.split())


def _tried(walk: Walk, *, inside: bool) -> Iterator[str]:
    """Each thing that was done, with the answer that came after it; `inside` as above."""
    steps = walk.steps
    for step, after in zip_longest(steps, steps[1:]):
        if isinstance(step.pending.node, Instruction):
            result = ""
            if after is not None and isinstance(after.pending.node, Question):
                result = f" Afterwards: {_plain(after.pending.node.text)} {after.answer_label}"
            done = f"{_plain(step.pending.node.text)}{result}"
            yield _with_note(done, step) if inside else done


def _resolved(walk: Walk) -> str:
    done = list(_tried(walk, inside=False))
    said = "" if walk.resolution is None else walk.resolution.notes.strip()
    if walk.resolution is not None and not walk.resolution.helpful:
        end = "The call was closed without what was tried having helped."
    elif walk.pending is not None and isinstance(walk.pending.node, Outcome) and walk.pending.node.result == "resolved":
        end = _plain(walk.pending.node.text)
    else:
        end = "The caller confirmed that it works." if walk.resolution is not None else ""
    parts = [part for part in (_list(done) if done else "", said, end) if part]
    return "\n\n".join(parts) or NOTHING


def _next(walk: Walk) -> Iterator[str]:
    if walk.escalation is not None:
        yield " ".join(walk.escalation.reason.split())
    node = None if walk.pending is None else walk.pending.node
    match node:
        case Outcome(result="escalate", text=text):
            yield _plain(text)
        case None:
            yield "Go on from the last step above."
        case _:
            yield f"The step that was due next: {_plain(node.text)}"


def _with_note(text: str, step: Step) -> str:
    return f"{text} ({' '.join(step.note.split())})" if step.note and step.note.strip() else text


def _plain(text: str) -> str:
    return " ".join(text.split())


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or NOTHING
