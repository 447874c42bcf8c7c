"""A call in five lines, and what is behind each line of its findings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import TypeAlias

from textual.content import Content

from screens.layout import Lane, Lanes
from screens.text import line, plain
from screens.times import ago, at_last, stamp
from screens.words import handed_over, untold
from services.fixes.model import APPLIED, Case, Fact, Fix, Missed
from services.flows.nodes import Input, Instruction, Node, Outcome
from services.team.keys import label
from services.walks.handover import asked, suspected
from services.walks.model import Note, Step, Walk

STATUS = {
    "proposed": "not applied yet",
    "applied_success": "worked",
    "applied_partial": "worked in part",
    "applied_failed": "did not help",
    "applied_pending": "applied, waiting",
    "dismissed": "never applied",
}
DECISION = {
    "one_off": "run as it is",
    "draft_template": "run, and kept as a draft",
    "build_template": "being built",
    "dismissed": "dismissed",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was noted on a node, answered or not."""

    id: str
    node: Node
    text: str


Thing: TypeAlias = Step | Remark | Note | Fact | Fix | Missed
"""A line of the desk: what was walked and noted, what is known, what was suggested, what should have been asked."""

_LEAST, _MOST = 40, 120
"""Characters of one thing that was done, and of all of them."""
_WAY_THERE = re.compile(r"(?:In|Under|On)(?: [^\s,]+){1,3},(?:(?: [^\s,]+){1,3},)*(?=(?: [^\s,]+){1,3},) ")
"""`In Settings, Network & internet, ` before `Wi-Fi, forget this network`."""
_SAYS_NOTHING = {"exhausted_safe_steps", "other"}
"""Of the categories of an escalation: every call that is passed on is."""


def things(case: Case) -> tuple[Thing, ...]:
    """The path and the notes in the order of time, then what engineers found."""
    walk = case.walk
    path: list[Step | Note] = [*walk.path, *(note for note in walk.notes if note.text.strip())]
    path.sort(key=lambda each: each.at)
    told: list[Thing] = []
    for each in path:
        told.append(each)
        if isinstance(each, Step) and each.note:
            told.append(Remark(f"{each.step_id} note", each.pending.node, each.note))
    if walk.pending is not None and walk.pending_note:
        told.append(Remark("pending note", walk.pending.node, walk.pending_note))
    return (*told, *case.found.facts, *case.found.fixes, *case.found.missed)


def id_of(each: Thing) -> str:
    return str(each.step_id if isinstance(each, Step) else each.id)


def brief(case: Case, now: datetime, *, room: int) -> Lanes:
    """What an engineer asks first: what is wrong, since when and for whom, what was tried, what level 1 says, what
    next, on `room` lines. All of it stands in the drafts."""
    walk = case.walk
    who = ", ".join(part for part in (walk.contact, walk.customer) if part.strip())
    who = who or "who is not written down"
    proved = ", identity proved" if walk.verified else ""
    since = f"called {stamp(walk.created_at)} ({ago(walk.created_at, now)}), {who}{proved}{_untold(walk)}"
    known = [fact.text for fact in case.found.known if fact.step_id is None]  # what a step says stands below
    lanes = [
        _lane("Problem", line(walk.problem_text, "bold"), 2),
        _lane("Since, who", line(since), 2),
        *([_lane("Known", line("; ".join(known)))] if known else []),
        _lane("Tried", line(_tried(case)), 2),
        _lane("Level 1", line(_passed_on(walk, now)), 3),
        _lane("Check first", line(_next(case)), 2),
    ]
    return Lanes(lanes, label=13, room=room)


def _untold(walk: Walk) -> str:
    parts = None if walk.escalation is None else walk.escalation.untold
    missing = [part for part in parts or () if part not in {"who", "tried", "next"}]  # told in other words
    return f"; not told: {untold(missing)}" if missing else ""


def _passed_on(walk: Walk, now: datetime) -> str:
    """Why, and by whom, when, as what and how; what was asked back before stands in front of the answer to it."""
    escalation = walk.escalation
    if escalation is None:
        return "says nothing about why"
    as_what = "" if escalation.category in _SAYS_NOTHING else f", {label(escalation.category).lower()}"
    how = "" if escalation.how is None else f", {handed_over(escalation.how)}"
    answers = f", asked back “{shorten(walk.instruction, 2 * _LEAST, placeholder='…')}”" if walk.instruction else ""
    at = at_last(escalation.at, now)
    return f"{escalation.by.name} at {at}{as_what}{how}{answers}: {escalation.reason}"


def _tried(case: Case) -> str:
    """With what came of it, what engineers tried first; where nothing was done yet, how far it was asked and noted."""
    done = [_became(fix, case.found.fix) for fix in reversed(case.found.fixes) if fix.applied_at is not None]
    done += [*(fact.text for fact in case.found.tried), *_done(case)]
    if done:
        return "; ".join(done)
    noted = [note.text for note in case.walk.notes if note.text.strip()]
    steps = case.walk.steps
    told = []
    if steps:
        last = steps[-1]
        number = f"{len(steps)} {'step' if len(steps) == 1 else 'steps'}"
        told.append(f"{number}, the last: {last.pending.node.text} › {last.answer_label}")
    if noted:
        told.append(f"{len(noted)} {'note' if len(noted) == 1 else 'notes'}: {' '.join(noted)}")
    return "; ".join(told) or "nothing"


def _done(case: Case) -> Iterable[str]:
    """What level 1 did, in few words, and the answer it led to; not what an engineer put on record."""
    recorded = {fact.step_id for fact in case.found.tried}
    steps = [step for step in case.walk.steps if step.step_id not in recorded]
    did = [step.pending.node.text for step in steps if isinstance(step.pending.node, Instruction)]
    most = max(_LEAST, _MOST // max(1, len(did)))
    yield from (deed(in_one_sentence(text), most) for text in did)
    last = next((step for step in reversed(steps) if not isinstance(step.pending.node, Instruction | Input)), None)
    if did and last is not None:
        yield f"then: {last.pending.node.text} › {last.answer_label}"


def deed(sentence: str, most: int) -> str:
    """Shortened; the way there through menus first, all but its last part."""
    if len(sentence) > most and (way := _WAY_THERE.match(sentence)):
        sentence = f"…{sentence[way.end() :]}"
    return shorten(sentence, most, placeholder="…")


def in_one_sentence(text: str) -> str:
    """The first one: what is to be done, before what is to be known of it."""
    return text.partition(". ")[0].rstrip(".")


def _became(fix: Fix, active: Fix | None) -> str:
    """What was said of the active one that is not settled is what is to be checked first."""
    said = f" ({fix.said})" if fix.said and (fix is not active or fix.status == "applied_failed") else ""
    became = STATUS[fix.status] if fix.status in APPLIED else "outcome not said"
    return f"{shorten(fix.title, 2 * _LEAST, placeholder='…')}: {became}{said}"


def _standing(fix: Fix) -> str:
    """What became of it and how it was to be run. A decision to run it says that it was run, not that it worked."""
    decision = "" if fix.decision is None else DECISION[fix.decision]
    if fix.applied_at is not None and fix.status == "proposed":
        return ", ".join(part for part in (decision, "outcome not said") if part)
    if fix.applied_at is not None and fix.status == "dismissed":
        return DECISION["dismissed"]
    return ", ".join(part for part in (STATUS[fix.status], decision) if part)


def _next(case: Case) -> str:
    """The fix that is on record, else what was asked, in the words of whoever asked. What level 1 had on the screen is
    said as what it is: what an engineer does next is for the engineer to say."""
    fix, walk = case.found.fix, case.walk
    reason = "" if walk.escalation is None else walk.escalation.reason
    if walk.status == "resolved":
        return "nothing: it is resolved"
    match None if fix is None else fix.status:
        case "applied_pending" if fix is not None:
            return f"waits for: {fix.said}"
        case "proposed" if fix is not None:
            return f"{fix.title}{f' ({fix.rationale})' if fix.rationale else ''}"
        case "applied_partial" if fix is not None:
            return f"worked in part: {fix.said or fix.title}"
        case "applied_failed" if fix is not None:
            return f"why this did not help: {fix.title}"
        case "applied_success" if fix is not None:
            return f"whether it still works, then resolve: {fix.title}"
    wanted = _still_missing(case) or asked(reason) or _suspected(reason)
    stopped = list(_stopped_at(walk, told=wanted is None))
    told = wanted or "level 1 names none"
    return "; ".join([told.rstrip(".") if stopped else told, *stopped])


def _suspected(reason: str) -> str | None:
    told = suspected(reason)
    return None if told is None else f"level 1 suspects: {told}"


def _still_missing(case: Case) -> str | None:
    """What an engineer has noted since the call was passed on; level 1 has answered what was noted before."""
    escalation = case.walk.escalation
    noted = [each for each in case.found.missed if escalation is not None and each.at >= escalation.at]
    return f"find out: {noted[-1].text}" if noted else None


def _stopped_at(walk: Walk, *, told: bool) -> Iterable[str]:
    """`told`: with what level 1 was told to do in the end, too."""
    match None if walk.pending is None else walk.pending.node:
        case Outcome(result="escalate", text=text):
            if told:
                yield f"it was told: {text}"
        case Outcome(text=text):
            yield f"whether it is so: {text}"
        case node if node is not None:
            yield f"level 1 stopped at: {shorten(in_one_sentence(node.text), 2 * _LEAST, placeholder='…')}"


def label_of(case: Case, each: Thing) -> tuple[str, Content, Content]:
    """What it is, one line of it, and what came of it, where that is to be seen however long the line is."""
    match each:
        case Step():
            recorded = any(fact.step_id == each.step_id for fact in case.found.facts)
            answer = Content.assemble("› ", line(each.answer_label, "bold"))
            text = each.pending.node.text
            shown = in_one_sentence(text) if isinstance(each.pending.node, Instruction) else text
            if each.taken_back:
                shown, answer = f"taken back: {shown}", answer.stylize("strike")
            return f"step {each.seq}{' ✓' if recorded else ''}", line(shown), answer
        case Remark():
            return "note", line(each.text, "italic"), Content()
        case Note():
            return "note", line(each.text), Content()
        case Fact():
            return each.kind, line(each.text), Content()
        case Missed():
            return f"missing{' ✓' if each.settled_at is not None else ''}", line(each.text), Content()
        case Fix():
            told = _standing(each)
            style = "" if each.active else "dim"
            return f"fix {each.number}", line(each.title, style or "bold"), line(told, "$text-accent")


def whole(each: Thing | None) -> Lanes:
    """None: there is no line at all."""
    lanes = [Lane(Content(), Content("No step was taken, nothing was noted."))] if each is None else list(_lanes(each))
    return Lanes(lanes, label=13)


def _lanes(each: Thing) -> Iterable[Lane]:
    match each:
        case Step():
            yield _lane("Asked", plain(each.pending.node.text))
            yield _lane("Answer", plain(each.answer_label, "bold"))
            if each.note:
                yield _lane("Note", plain(each.note))
            yield _lane("From", line(f"{each.by.name} on {stamp(each.at)}"))
        case Remark():
            yield _lane("Noted", plain(each.text))
            yield _lane("Where", plain(each.node.text))
        case Note():
            yield _lane("Noted", plain(each.text))
            yield _lane("From", line(f"{each.by.name} on {stamp(each.at)}"))
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
            yield from _fix(each)


def _fix(fix: Fix) -> Iterable[Lane]:
    yield _lane("Fix", plain(fix.title, "bold"))
    if fix.rationale:
        yield _lane("Why", plain(fix.rationale))
    for number, step in enumerate(fix.steps, 1):
        yield _lane(f"{number}.", plain(step))
    by = "a model" if fix.origin == "model" else "a call like this" if fix.origin == "similar" else fix.by.name
    yield _lane("From", line(f"{by} on {stamp(fix.at)}, {fix.confidence} of 100 sure"))
    for status, said in fix.notes.items():
        yield _lane(STATUS[status].capitalize(), plain(said))
    if fix.script is not None:
        yield _lane("Script", line(f"{fix.script.language}, {fix.script.body.count(chr(10)) + 1} lines"))


def _lane(label: str, text: Content, weight: int = 1) -> Lane:
    return Lane(Content.styled(label, "$text-muted"), text, weight)
