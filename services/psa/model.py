"""What a PSA has, in the words of all three: frozen, ids as text, times in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Board:
    """A ConnectWise board, a HaloPSA team, an Autotask queue."""

    id: str
    name: str


class Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


def named(known: Iterable[N], wanted: str) -> N | None:
    """The board or the status that a person means: by its id, or else by its name."""
    listed = tuple(known)
    by_name = (each for each in listed if wanted and each.name.casefold() == wanted.casefold())
    return next((each for each in listed if each.id == wanted), next(by_name, None))


@dataclass(frozen=True, slots=True)
class Status:
    id: str
    name: str
    closes: bool = False
    """A ticket in it counts as closed."""
    takes_time: bool = True
    """Whether time may be logged on a ticket in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    id: str
    number: str
    """What people call it; often the id itself."""
    summary: str
    text: str = ""
    """What was reported, where the PSA gives it with the ticket."""
    board: Board
    status: Status
    """Its `closes` says whether the ticket is closed now."""
    team: str = ""
    owner: str = ""
    """As the PSA names the person; empty is nobody."""
    customer: str = ""
    contact: str = ""
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    changed: str = ""
    """The PSA's own mark of the last change, to see that somebody else was there."""


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    text: str
    """Plain; of an HTML note the words alone."""
    internal: bool
    """The customer does not see it."""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class NewNote:
    markdown: str
    """The reference is its last line; see `notes.signed`."""
    internal: bool
    resolution: bool = False
    """What solved it, where the PSA has a place of its own for that. Never internal."""
    title: str = ""
    """One line; only Autotask has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All of it in one change; what is empty stays as it is."""

    status: str = ""
    """An id, of the board that the ticket is on afterwards."""
    board: str = ""
    """An id."""
    team: str = ""
    """An id; Autotask has no teams, a HaloPSA team is its board."""
    owner: str = ""
    """The name that the person signs in with, or their id."""
    resolution: str = ""
    """Plain text for the ticket's own field; only Autotask has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Time on a ticket."""

    started_at: datetime
    ended_at: datetime
    note: str
    """Plain text; ends with its reference, so that it is found again."""
    by: str = ""
    """As `Change.owner`; empty is whoever the credentials belong to, where the PSA allows that."""

    @property
    def took(self) -> timedelta:
        return self.ended_at - self.started_at
