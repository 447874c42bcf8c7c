"""What can be seen to have been done, from the records of the calls themselves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from services.flows.nodes import Verify
from services.tutor.course import Course, Goal
from services.walks.model import Walk

_MET: Mapping[Goal, Callable[[Walk], bool]] = {
    "taken": lambda call: call.flow is not None,
    "answered": lambda call: bool(call.path),
    "unsure": lambda call: any(step.answer == "unsure" for step in call.path),
    "taken_back": lambda call: any(step.taken_back for step in call.path),
    "noted": lambda call: bool(call.pending_note) or any(step.note for step in call.path),
    "verified": lambda call: any(
        isinstance(step.pending.node, Verify) and step.answer != "red_flag" for step in call.steps
    ),
    "resolved": lambda call: call.resolution is not None,
    "escalated": lambda call: call.escalation is not None,
}


def met(goal: Goal, call: Walk, read: Collection[UUID] = ()) -> bool:
    """`read`: the sessions whose story was on the screen."""
    return call.id in read if goal == "read" else _MET[goal](call)


def learnt(course: Course, calls: Sequence[Walk], read: Collection[UUID]) -> tuple[tuple[str, bool], ...]:
    """Everything that the course teaches, and whether it has been done in any of the calls."""
    return tuple((each.words, any(met(each.goal, call, read) for call in calls)) for each in course.learnt)
