"""What the course is made of, and the one that comes with the program.

Everything that is said stands in `course.yaml`. Keys are written there as the ids of actions, `{walk.take_back}`: the
person may have moved them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar, Literal

Goal = Literal["taken", "answered", "unsure", "taken_back", "noted", "verified", "resolved", "escalated", "read"]
"""What can be seen to have been done with a call."""

_STRICT: Mapping[str, object] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said at one moment."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    coach: str
    """What to do now."""
    caller: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(Line):
    """For one node. It is passed over once its goal is met; without one it holds until the node is answered."""

    until: Goal | None = None
    field: str = ""
    """The text field that it leads into."""
    writing: str = ""
    """What to do while that field has the focus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Line):
    """For the form that ends the call, opened from the node `at`."""

    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """For a call that is found and read once it has ended."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    find: Line
    filter: Line
    """While the filter has the focus and the call is not listed yet."""
    open: Line
    read: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCall:
    """One made-up call, from the ring to its end."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    flow: str
    """The slug of the starter flow that is walked."""
    ends: Literal["resolved", "escalated"]
    ring: Line
    typing: Line
    """Until the flow is among the matches."""
    taking: Line
    steps: Mapping[str, tuple[Hint, ...]]
    """By node; a node that is not here is beside the way."""
    closing: Closing
    story: Story | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asides:
    """The way back from a wrong turn."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    again: str
    """The call has ended in another way than it was to."""
    other_steps: str
    """A flow that does not fit, or none at all, was taken."""
    new_call: str
    to_queue: str
    resume: str
    """The call under way is one of those in the queue that is shown."""
    away: str
    """Something else is shown than the call under way."""
    off_the_way: str
    """An answer that the caller did not give."""
    only_notes: str
    field: str
    """A text field takes the letters, and is not where the next thing is to be done."""
    too_early: str
    """A form that ends the call, before it is time or in another way."""
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    goal: Goal
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    calls: tuple[PracticeCall, ...]
    asides: Asides
    end: Line
    learnt: tuple[Learnt, ...]
    for_real: str
    """How to begin for real."""
    finished: str
    """On the command line, after the app."""
    left: str
    """The same where it was left before its end."""


@cache
def course() -> Course:
    # Readers of YAML load slowly, and only the tutor needs this one.
    from pydantic import TypeAdapter

    from services.documents.parsing import parse
    from services.documents.pieces import from_yaml

    name = "course.yaml"
    written = (resources.files("services.tutor") / name).read_text(encoding="utf-8")
    return parse(from_yaml(written, name), TypeAdapter(Course))
