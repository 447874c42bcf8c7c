"""A real session as a script that walks the same path again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

import yaml

from services.errors import Refused
from services.fixes.model import NOTHING, Findings, Fix
from services.flows.nodes import Input, Instruction, Link, Outcome, Question, Verify
from services.walks.model import Note, Step, Walk

Written: TypeAlias = dict[str, Any]

_NOT_WRITABLE = {0: "\ufffd"} | {code: "\ufffd" for code in range(0xD800, 0xE000)}
"""What no file can hold."""


def recorded_script(walk: Walk, found: Findings = NOTHING) -> str:
    """YAML, of plain ASCII; `found` is what engineers put on record. Raises Refused for a call that walked a proposal:
    an empty store has none to choose."""
    if walk.kind == "proposal":
        raise Refused(
            "this call walked a flow that nobody has published", "Approve the proposal, then record a new call."
        )
    script: Written = {"rfl1": 1, "name": walk.problem_text[:80], "intake": _intake(walk)}
    if walk.flow is not None:
        script["expect"] = {"outcome": "matched", "flow": walk.flow.slug}
    if steps := list(_steps(walk)):
        script["steps"] = steps
    script |= _end(walk, found)
    script["after"] = {"status": _status(walk), "path_length": len(walk.steps)}
    text: str = yaml.safe_dump(_writable(script), sort_keys=False, default_flow_style=None, width=110)
    return text


def _intake(walk: Walk) -> Written:
    known = {"problem": walk.problem_text, "customer": walk.customer, "contact": walk.contact}
    intake: Written = {name: text for name, text in known.items() if text}
    if walk.flow is not None:
        intake["flow"] = walk.flow.slug
    elif walk.kind == "ai_build":
        intake["force_build"] = True
    elif walk.born_escalated:
        intake["at_once"] = True
    else:
        intake["adhoc"] = True
    if walk.ticket.external_id is not None:
        intake["psa_ticket"] = walk.ticket.external_id
    return intake


def _steps(walk: Walk) -> Iterator[Written]:
    """Acts in the order they were done; where steps were taken back, the backs come when they must have been."""
    notes = sorted(walk.notes, key=lambda note: note.at)
    stack: list[Step] = []
    carried: str | None = None
    for step in walk.path:
        for last in _taken_back_before(stack, step):
            stack.pop()
            carried = last.note
            yield {"back": True}
        yield from _notes_until(notes, step.at)
        yield _act(step) | _note_of(step, carried)
        stack.append(step)
        carried = None
    while stack and stack[-1].taken_back:
        stack.pop()
        yield {"back": True}
    yield from _notes_until(notes, None)
    if walk.free_notes and walk.kind != "adhoc":
        yield {"to_notes": True}
    if walk.status == "paused":
        yield {"pause": True}


def _taken_back_before(stack: list[Step], step: Step) -> list[Step]:
    """The steps at the end of the path so far that had been taken back when `step` was taken, last first.

    A step that stayed stands on steps that stayed. One that was taken back itself may stand on others that were taken
    back later; the node it answers tells how far the walk had gone back.
    """
    ended = []
    for last in reversed(stack):
        if not last.taken_back:
            break
        ended.append(last)
    if not step.taken_back:
        return ended
    for count, last in enumerate(ended, 1):
        if last.pending.id == step.pending.id:
            return ended[:count]
    return []


def _notes_until(notes: list[Note], moment: datetime | None) -> Iterator[Written]:
    while notes and (moment is None or notes[0].at <= moment):
        yield {"notes": notes.pop(0).text}


def _act(step: Step) -> Written:
    match step.pending.node:
        case Question() if step.answer == "unsure":
            return {"unsure": True}
        case Question():
            return {"answer": step.answer_label}
        case Input():
            return {"input": step.answer}
        case Verify() if step.answer == "red_flag":
            return {"verify": {"red_flag": step.answer_label.partition(": ")[2]}}
        case Verify():
            return {"verify": {"method": step.answer, "evidence": step.answer_label.partition(": ")[2]}}
        case Instruction() | Link() | Outcome():
            return {"ack": True}


def _note_of(step: Step, carried: str | None) -> Written:
    """Going back keeps the note of the step that was taken back: only what was added belongs to the new one."""
    note = step.note or ""
    if carried is not None and (note == carried or note.startswith(carried + "\n")):
        note = note[len(carried) + 1 :]
    return {"note": note} if note else {}


def _end(walk: Walk, found: Findings) -> Written:
    end: Written = {}
    then = list(_found(walk, found))
    escalated = walk.status == "escalated" or walk.born_escalated or (then and walk.status == "resolved")
    if walk.escalation is not None and escalated:
        escalation = walk.escalation
        how = {"how": escalation.how} if escalation.how is not None else {}
        end["escalate"] = {"category": escalation.category, "reason": escalation.reason, **how}
    if walk.status == "resolved" and walk.resolution is not None:
        resolve = {"helpful": walk.resolution.helpful, "notes": walk.resolution.notes}
        if end or then:
            then.append({"resolve": resolve})
        else:
            end["resolve"] = resolve
    return end | ({"then": then} if then else {})


def _found(walk: Walk, found: Findings) -> Iterator[Written]:
    """What engineers put on record, in the order of time; what became of a fix directly behind it."""
    told: list[tuple[datetime, Written]] = []
    steps = {step.step_id: number for number, step in enumerate(walk.steps, 1)}
    for fact in found.facts:
        step = None if fact.step_id is None or fact.edited_at is not None else steps.get(fact.step_id)
        told.append((fact.at, {"fact": fact.text} if step is None else {"fact_from_step": step}))
    told += [(missed.at, {"missing": missed.text}) for missed in found.missed]
    told += [(fix.at, written) for fix in found.fixes for written in _fix(fix)]
    for _, written in sorted(told, key=lambda each: each[0]):
        yield written


def _fix(fix: Fix) -> Iterator[Written]:
    written: Written = {"title": fix.title, "rationale": fix.rationale, "steps": list(fix.steps)}
    written["confidence"] = fix.confidence
    if fix.script is not None:
        written |= {"script": fix.script.body, "language": fix.script.language}
    yield {"fix": {name: value for name, value in written.items() if value not in ("", [])}}
    decided = [] if fix.decision is None else [{"decision": fix.decision}]
    yield from decided if fix.decision != "dismissed" else []
    for status in ("applied_partial", "applied_pending"):
        if status in fix.notes and status != fix.status:
            yield {"outcome": {"status": status, "notes": fix.notes[status]}}
    if fix.status != "proposed":
        yield {"outcome": {"status": fix.status, "notes": fix.said}}
    yield from decided if fix.decision == "dismissed" else []


def _status(walk: Walk) -> str:
    """A script knows no giving up and no waiting for an engineer to agree."""
    return {"abandoned": "active", "requesting_escalation": "active"}.get(walk.status, walk.status)


def _writable(value: Any) -> Any:
    match value:
        case dict():
            return {key: _writable(each) for key, each in value.items()}
        case list():
            return [_writable(each) for each in value]
        case str():
            return value.translate(_NOT_WRITABLE)
    return value
