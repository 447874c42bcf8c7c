"""The tutor's bar: everything it says fits, names keys that there are, and is shown with the person's own."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from screens.actions import ACTIONS, Keys
from screens.coach import LABEL, with_keys
from services.tutor.course import Hint, Learnt, Line, course
from tests.stage import SMALL

COURSE = course()
ROOM = SMALL[0] - 2 - LABEL
"""Cells beside the label, in the smallest terminal."""


def lines(part: object = COURSE) -> Iterable[Line]:
    """Every line of the course, the asides and what is said in a field among them."""
    match part:
        case Line():
            yield part
            if isinstance(part, Hint) and part.writing:
                yield Line(coach=part.writing, caller=part.caller)
        case str() | Learnt():
            pass
        case dict():
            for each in part.values():
                yield from lines(each)
        case tuple():
            for each in part:
                yield from lines(each)
        case _ if is_dataclass(part):
            for each in fields(part):
                value = getattr(part, each.name)
                aside = part is COURSE.asides
                yield from [Line(coach=value)] if aside else lines(value)


def test_the_bar_holds_the_longest_text_in_the_smallest_terminal() -> None:
    said = list(lines())
    assert len(said) > 40
    keys = Keys({})
    assert [each.caller for each in said if len(with_keys(f"“{each.caller}”", keys).wrap(ROOM)) > 1] == []
    assert [each.coach for each in said if len(with_keys(each.coach, keys).wrap(ROOM)) > 2] == []


def test_every_key_that_is_spoken_of_is_one_of_the_list() -> None:
    texts = [*(each.coach for each in lines()), COURSE.for_real]
    named = {name for text in texts for name in re.findall(r"\{(.*?)\}", text)}
    assert named
    assert named - {action.id for action in ACTIONS} == set()


def test_a_moved_key_is_spoken_of_as_it_is() -> None:
    told = with_keys("Press {walk.take_back} or {queue.filter}; [b] stays.", Keys({"walk.take_back": "f9"}))
    assert told.plain == "Press f9 or /; [b] stays."
