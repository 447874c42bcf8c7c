"""What goes into an intake and what can come out. One type per outcome: an impossible mix cannot be built."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias
from uuid import UUID

from services.errors import Refused
from services.intake.call import PROBLEM_LIMIT, Again, Call
from services.walks.model import HandOver, Walk

__all__ = ["PROBLEM_LIMIT", "Call"]
"""From there, and part of this too."""


class AlreadyBegun(Refused):
    """Under the id of this call another one has begun: somebody else's, or not as it is asked for now."""

    title = "This call has begun already"


class InHand(Refused):
    """A colleague has a call about this ticket under way."""

    title = "Somebody works on this ticket"

    def __init__(self, walk: Walk) -> None:
        """`walk` is the colleague's call, to read or to take over."""
        who = f"{walk.technician.name} has a call about it since {walk.created_at:%H:%M} UTC"
        read = f"`rfl1 sessions show {walk.id}` shows it, `rfl1 sessions resume {walk.id}` takes it over."
        super().__init__(who + (", paused" if walk.status == "paused" else ""), read)
        self.walk = walk


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A flow, or a proposal that nobody has reviewed yet, that may fit."""

    title: str
    slug: str | None
    """Of a published flow."""
    proposal_id: UUID | None
    score: float
    why: tuple[str, ...]
    """The caller's own words that speak for it, most telling first."""
    worked: tuple[int, int | None] | None = None
    """How many of its calls of the last 90 days were resolved, of how many that ended; None for a flow that was never
    used. A proposal counts all, and the former only."""


@dataclass(frozen=True, slots=True)
class Matchable:
    """What an account's callers can be matched to."""

    slugs: frozenset[str]
    """Of the published flows."""
    hybrid: bool
    """By meaning too, not by words alone."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What intake would decide, with nothing created."""

    outcome: str
    """`matched`, `suggest`, `build` or `out_of_scope`."""
    category: str
    candidates: tuple[Suggestion, ...]
    """The five best, whatever the outcome, best first."""
    milliseconds: float
    again: Again | None = None
    """The same caller had the same trouble lately."""


# What the technician may ask for instead of letting intake decide.


@dataclass(frozen=True, slots=True)
class Decide:
    """Match or build."""


@dataclass(frozen=True, slots=True)
class TakeFlow:
    slug: str


@dataclass(frozen=True, slots=True)
class TakeProposal:
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class AdHoc:
    pass


@dataclass(frozen=True, slots=True)
class BuildAnyway:
    """The suggestions were declined."""


@dataclass(frozen=True, slots=True)
class EscalateAtOnce:
    category: str
    reason: str
    how: HandOver | None = None


Wish: TypeAlias = Decide | TakeFlow | TakeProposal | AdHoc | BuildAnyway | EscalateAtOnce


# What comes out.


@dataclass(frozen=True, slots=True)
class Matched:
    name: ClassVar[str] = "matched"
    walk: Walk


@dataclass(frozen=True, slots=True)
class Suggest:
    name: ClassVar[str] = "suggest"
    suggestions: tuple[Suggestion, ...]
    category: str


@dataclass(frozen=True, slots=True)
class Built:
    name: ClassVar[str] = "build"
    walk: Walk


@dataclass(frozen=True, slots=True)
class OutOfScope:
    name: ClassVar[str] = "out_of_scope"
    category: str
    near: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class AdHocStarted:
    name: ClassVar[str] = "adhoc"
    walk: Walk


@dataclass(frozen=True, slots=True)
class EscalatedAtOnce:
    name: ClassVar[str] = "adhoc"
    walk: Walk


Outcome: TypeAlias = Matched | Suggest | Built | OutOfScope | AdHocStarted | EscalatedAtOnce
