"""A file that somebody wrote, as data in which every value can be found again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from services.errors import Invalid, Unopened

MAX_MISTAKES = 50
"""Told of one document, and in one refusal."""

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
Place: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from the top of a document to a value in it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    says: str
    """A sentence: what is wrong and how to mend it."""
    unopened: bool = False
    """The system does not give the file."""


@dataclass(frozen=True, slots=True)
class Document:
    source: str
    data: Data = None
    lines: Mapping[Place, int] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    """Why it could not be read; `data` is then worth nothing."""
    first_line: int = 1

    def line_of(self, place: Place) -> int:
        """The line where the value stands, or the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, self.first_line)

    def refusal(self, mistakes: Iterable[Mistake]) -> Invalid:
        told = list(mistakes)
        lines = (f"{printable(self.source)}:{each.line}: {each.says}" for each in told)
        return refusal(lines, unopened=any(each.unopened for each in told))


def refusal(lines: Iterable[str], *, unopened: bool = False) -> Invalid:
    """One line a mistake; past the first fifty only that there are more, which nobody has to word. `unopened`: there
    is a file among them that the system does not give."""
    told = list(islice(lines, MAX_MISTAKES + 1))
    if len(told) > MAX_MISTAKES:
        told[-1] = "... and more; mend these first"
    return (Unopened if unopened else Invalid)("\n".join(told))


def printable(text: str) -> str:
    """Words from a file with nothing in them that a terminal would obey."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def quoted(text: str, longest: int = 60) -> str:
    """The same inside a sentence of ours: in quotes, and short enough to read."""
    return f'"{printable(text[:longest])}{"..." if len(text) > longest else ""}"'
