"""A call in five lines, and what is behind each line of its findings."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from textual.content import Content

from screens.layout import Lane, Lanes
from screens.text import line, plain
from screens.times import ago, stamp
from services.fixes.model import Case, Fact, Fix, Missed
from services.flows.nodes import Outcome
from services.walks.model import Step, Walk

STATUS = {
    "proposed": "not applied yet",
    "applied_success": "worked",
    "applied_partial": "worked in part",
    "applied_failed": "did not help",
    "applied_pending": "waiting",
    "dismissed": "never applied",
}
DECISION = {
    "one_off": "run as it is",
    "draft_template": "run, and kept as a draft",
    "build_template": "being built",
    "dismissed": "dismissed",
}

Thing: TypeAlias = Step | Fact | Fix | Missed
"""A line of the desk: what was walked, what is known, what was suggested, what should have been asked."""


def brief(case: Case, now: datetime, *, short: bool) -> Lanes:
    """What an engineer asks first: what is wrong, since when and for whom, what was tried, what level 1 says, what
    next. `short`: none of these takes the room of the others; all of it stands in the drafts."""
    walk = case.walk
    who = ", ".join(part for part in (walk.contact, walk.customer) if part.strip()) or "not written down"
    since = f"{stamp(walk.created_at)} ({ago(walk.created_at, now)}), {who}"
    reason = "" if walk.escalation is None else walk.escalation.reason
    lanes = [
        ("Problem", line(walk.problem_text, "bold"), 3),
        ("Since, who", line(since), 2),
        ("Tried", line(_tried(case)), 2),
        ("Level 1", line(reason or "says nothing about why"), 3),
        ("Check first", line(_next(case)), 2),
    ]
    shown = [Lane(Content.styled(label, "$text-muted"), text, most if short else 0) for label, text, most in lanes]
    return Lanes(shown, label=13)


def _tried(case: Case) -> str:
    done = [fact.text for fact in case.found.tried]
    done += [f"{fix.title}: {STATUS[fix.status]}" for fix in case.found.fixes if fix.applied_at is not None]
    if done:
        return "; ".join(done)
    last = case.walk.steps[-1] if case.walk.steps else None
    if last is None:
        return "nothing"
    number = len(case.walk.steps)
    return f"{number} {'step' if number == 1 else 'steps'}, the last: {last.pending.node.text} › {last.answer_label}"


def _next(case: Case) -> str:
    fix = case.found.fix
    if fix is not None and fix.status == "applied_pending":
        return f"waits for: {fix.said}"
    if fix is not None and fix.status == "proposed":
        return fix.title
    return _pending(case.walk)


def _pending(walk: Walk) -> str:
    node = None if walk.pending is None else walk.pending.node
    if node is None:
        return (
            "the path and the notes" if walk.steps or walk.notes else "ask the caller: nothing was asked or tried yet"
        )
    if isinstance(node, Outcome):
        return node.text if node.result == "escalate" else f"whether it is so: {node.text}"
    return f"level 1 stopped at: {node.text}"


def label_of(case: Case, each: Thing) -> tuple[str, Content, Content]:
    """What it is, one line of it, and what came of it, where that is to be seen however long the line is."""
    match each:
        case Step():
            recorded = any(fact.step_id == each.step_id for fact in case.found.facts)
            answer = Content.assemble("› ", line(each.answer_label, "bold"))
            return f"step {each.seq}{' ✓' if recorded else ''}", line(each.pending.node.text), answer
        case Fact():
            return each.kind, line(each.text), Content()
        case Missed():
            return f"missing{' ✓' if each.settled_at is not None else ''}", line(each.text), Content()
        case Fix():
            told = f"{STATUS[each.status]}{'' if each.decision is None else f', {DECISION[each.decision]}'}"
            style = "" if each.active else "dim"
            return f"fix {each.number}", line(each.title, style or "bold"), line(told, "$text-accent")


def whole(case: Case | None, each: Thing | None) -> Lanes:
    lanes = list(_lanes(each))
    if each is None and case is not None:
        lanes = [Lane(Content(), Content("Nothing is on record yet."))]
    return Lanes(lanes, label=13)


def _lanes(each: Thing | None) -> Iterable[Lane]:
    match each:
        case Step():
            yield _lane("Asked", plain(each.pending.node.text))
            yield _lane("Answer", plain(each.answer_label, "bold"))
            if each.note:
                yield _lane("Note", plain(each.note))
        case Fact():
            yield _lane("Known" if each.kind == "known" else "Tried", plain(each.text))
            yield _lane("From", line(f"a {each.source}, {each.by.name} on {stamp(each.at)}"))
        case Missed():
            yield _lane("Not asked", plain(each.text))
            if each.node_text:
                yield _lane("Where", line(each.node_text))
            seen = "" if each.settled_at is None else f"; seen to on {stamp(each.settled_at)}"
            yield _lane("From", line(f"{each.by.name} on {stamp(each.at)}{seen}"))
        case Fix():
            yield _lane("Fix", plain(each.title, "bold"))
            if each.rationale:
                yield _lane("Why", plain(each.rationale))
            for number, step in enumerate(each.steps, 1):
                yield _lane(f"{number}.", plain(step))
            by = (
                "a model"
                if each.origin == "model"
                else "a call like this"
                if each.origin == "similar"
                else each.by.name
            )
            yield _lane("From", line(f"{by}, {each.confidence} of 100 sure"))
            for status, said in each.notes.items():
                yield _lane(STATUS[status].capitalize(), plain(said))
            if each.script is not None:
                yield _lane("Script", line(f"{each.script.language}, {each.script.body.count(chr(10)) + 1} lines"))
        case None:
            return


def _lane(label: str, text: Content) -> Lane:
    return Lane(Content.styled(label, "$text-muted"), text)
