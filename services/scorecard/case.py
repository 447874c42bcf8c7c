"""The scripted calls: what is wrong, what the caller knows of it, what mends it, and where it should end.

They stand in `cases`, a file for each category. What any caller would answer, whatever the case, stands in
`everywhere.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import ClassVar, TypeVar

from services.categories import BUILDABLE
from services.flows.nodes import Result

T = TypeVar("T")

_STRICT: Mapping[str, object] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the caller answers to one kind of question. The patterns are searched for, whatever the case of letters."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    asked: str
    """A pattern for the question, with the words for the caller."""
    says: str | None = None
    """Words that the label holds, parted by `|`: the first label that fits is chosen. `yes` and `no` stand for all
    that means so. None is a caller who does not know."""
    then: str | None = None
    """The same once the trouble is gone; None where it makes no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    name: str
    category: str
    problem: str
    """In the caller's words."""
    cause: str
    """What is really wrong; nobody in the play is told."""
    facts: tuple[Fact, ...]
    """The first that fits a question and one of its labels is what the caller answers."""
    fix: str | None = None
    """A pattern for the instruction that makes the trouble go away; None where level 1 cannot."""
    ends: Result = "resolved"
    """Where the call should end."""
    reasons: tuple[str, ...] = ()
    """The reasons for passing it on that fit; any does where there is none."""
    proved: bool = True
    """Whether the caller can prove who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """Facts of every case."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    before: tuple[Fact, ...]
    """Looked through before those of the case."""
    after: tuple[Fact, ...]


@cache
def cases() -> tuple[Case, ...]:
    """All of them, one of each category in turn, so that the first few are of every kind."""
    files = [_read(f"{category}.yaml", _File).cases for category in BUILDABLE]
    return tuple(each for row in zip_longest(*files) for each in row if each is not None)


@cache
def everywhere() -> Everywhere:
    return _read("everywhere.yaml", Everywhere)


def _read(name: str, kind: type[T]) -> T:
    # Readers of YAML load slowly.
    from pydantic import TypeAdapter

    from services.documents.parsing import parse
    from services.documents.pieces import from_yaml

    written = (resources.files("services.scorecard") / "cases" / name).read_text(encoding="utf-8")
    return parse(from_yaml(written, name), TypeAdapter(kind))
