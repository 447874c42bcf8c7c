"""What the coach says, from what is really there: the screen and the calls in the store. Pure.

Nothing is counted and nothing remembered but which stories were read: wherever a wrong turn leads, the next word is
right again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.tutor.course import Asides, Course, Hint, Line, PracticeCall
from services.tutor.goals import met
from services.walks.model import Walk

Place = Literal["queue", "intake", "walk", "resolve", "escalate", "story", "help", "elsewhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the person has in front of them."""

    place: Place
    shown: UUID | None = None
    """The session that the screen is about."""
    field: str = ""
    """The name of the text field that has the focus, "" where letters are keys."""
    listed: tuple[str, ...] = ()
    """The lines of its list, each with the slug of the flow or the id of the session that it is about."""


@dataclass(frozen=True, slots=True)
class Seen:
    spot: Spot
    calls: tuple[Walk, ...] = ()
    """Every call of the store, oldest first."""
    read: frozenset[UUID] = frozenset()
    """The sessions whose story has been on the screen."""


@dataclass(frozen=True, slots=True)
class Advice:
    line: Line
    call: int
    """Which practice call it is, from 1; past the last one where all are done."""
    done: bool = False


def advise(course: Course, seen: Seen) -> Advice:
    number, calls = _reached(course, seen)
    if number == len(course.calls):
        return Advice(course.end, number + 1, done=True)
    if seen.spot.place == "help":
        return Advice(Line(coach=course.asides.help), number + 1)
    lesson = course.calls[number]
    call = next((each for each in reversed(calls) if _fits(lesson, each)), None)
    if call is not None and call.status == lesson.ends:
        line = _over(lesson, call, seen, course.asides)
    elif call is not None and call.status in {"active", "paused"}:
        line = _under_way(lesson, call, seen, course.asides)
    else:
        line = _to_be_taken(lesson, call, seen, course.asides)
    return Advice(line, number + 1)


def _reached(course: Course, seen: Seen) -> tuple[int, Sequence[Walk]]:
    """How many practice calls are done, and the calls since."""
    calls: Sequence[Walk] = seen.calls
    for number, lesson in enumerate(course.calls):
        done = next((n for n, call in enumerate(calls) if _done(lesson, call, seen)), None)
        if done is None:
            return number, calls
        calls = calls[done + 1 :]
    return len(course.calls), calls


def _done(lesson: PracticeCall, call: Walk, seen: Seen) -> bool:
    reading = seen.spot.place == "story"
    read = lesson.story is None or (met("read", call, seen.read) and not reading)
    return _fits(lesson, call) and call.status == lesson.ends and read


def _fits(lesson: PracticeCall, call: Walk) -> bool:
    return call.flow is not None and call.flow.slug == lesson.flow


def _to_be_taken(lesson: PracticeCall, ended: Walk | None, seen: Seen, asides: Asides) -> Line:
    """No call of this lesson is under way; `ended` is one that ended in another way than it was to."""
    spot = seen.spot
    if spot.place == "intake":
        return lesson.taking if _found(lesson, spot) else lesson.typing
    if spot.place == "queue" and spot.field:
        return Line(coach=asides.field)
    if ended is not None:
        return Line(coach=asides.again)
    if spot.place == "queue":
        return lesson.ring
    wrong = any(call.id == spot.shown and not _fits(lesson, call) for call in seen.calls)
    return Line(coach=asides.other_steps if wrong else asides.new_call)


def _found(lesson: PracticeCall, spot: Spot) -> bool:
    """First among the matches; or further down, for somebody who does not go on typing."""
    return lesson.flow in (spot.listed[:1] if spot.field == "problem" else spot.listed)


def _under_way(lesson: PracticeCall, call: Walk, seen: Seen, asides: Asides) -> Line:
    spot = seen.spot
    here = spot.shown == call.id
    match spot.place:
        case "walk" if here:
            return _at_step(lesson, call, spot, asides)
        case "resolve" | "escalate" if here:
            right = {"resolve": "resolved", "escalate": "escalated"}[spot.place] == lesson.ends
            at_last = call.pending is not None and call.pending.id == lesson.closing.at
            return lesson.closing if right and at_last else Line(coach=asides.too_early)
        case "queue":
            return Line(coach=asides.field if spot.field else asides.resume)
        case _:
            return Line(coach=asides.away)


def _at_step(lesson: PracticeCall, call: Walk, spot: Spot, asides: Asides) -> Line:
    if call.free_notes:
        return Line(coach=asides.only_notes)
    hint = _hint(lesson, call)
    if hint is not None and spot.field and spot.field == hint.field:
        return Line(coach=hint.writing, caller=hint.caller)
    if spot.field:
        return Line(coach=asides.field)
    return hint or Line(coach=asides.off_the_way)


def _hint(lesson: PracticeCall, call: Walk) -> Hint | None:
    hints = () if call.pending is None else lesson.steps.get(call.pending.id, ())
    return next((each for each in hints if each.until is None or not met(each.until, call)), None)


def _over(lesson: PracticeCall, call: Walk, seen: Seen, asides: Asides) -> Line:
    """It ended as it was to; its story is to be read."""
    assert lesson.story is not None  # noqa: S101  # without a story to read the lesson is done by now
    spot = seen.spot
    if spot.place == "story" and spot.shown == call.id:
        return lesson.story.read
    if spot.place != "queue":
        return Line(coach=asides.to_queue)
    if any(str(call.id) in each for each in spot.listed):
        return lesson.story.open
    return lesson.story.filter if spot.field else lesson.story.find
