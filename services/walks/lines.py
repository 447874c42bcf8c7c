"""What a list shows of calls and tickets, a line each, and who and what is named on it.

Apart from `services.walks.model`, since the queue is on the screen before a whole call can be.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["flow", "proposal", "adhoc", "ai_build"]
Status = Literal["active", "paused", "requesting_escalation", "escalated", "resolved", "abandoned"]
HandOver = Literal["warm", "cold", "callback"]
Part = Literal["problem", "who", "how_many", "since", "tried", "next"]
"""Of what an engineer asks first of a call that is passed on."""
TicketKind = Literal["internal", "psa"]
TicketStatus = Literal["open", "walking", "resolved", "escalated"]


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TicketRef:
    id: UUID
    kind: TicketKind
    status: TicketStatus
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AtPsa:
    """A ticket as the PSA last listed it."""

    number: str
    """What people call it."""
    board: str
    status: str
    owner: str
    """As the PSA names the person; empty is nobody."""


@dataclass(frozen=True, slots=True)
class QueueTicket:
    id: UUID | None
    """None for a ticket of the PSA that no call was ever about."""
    kind: TicketKind
    status: TicketStatus
    external_id: str | None = None
    psa: AtPsa | None = None
    """None also for a PSA's ticket that is not on the lists that are shown."""


@dataclass(frozen=True, slots=True)
class Escalation:
    category: str
    reason: str
    how: HandOver | None
    at: datetime
    by: Person
    untold: tuple[Part, ...] | None = None
    """What of it an engineer asks first and was not told; None where it was not looked for."""


@dataclass(frozen=True, slots=True)
class Claim:
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One line of a list."""

    id: UUID
    kind: Kind
    status: Status
    problem_text: str
    customer: str
    contact: str
    category: str | None
    flow_title: str | None
    technician: Person
    acting_as: str | None
    ticket: TicketRef
    state_version: int
    steps: int
    created_at: datetime
    last_step_at: datetime
    handed_back: bool
    """An engineer has said what to do or ask; like below."""
    awaits_psa: bool = False
    """It is being resolved: its note waits for the PSA; like below."""
    escalation: Escalation | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One of somebody's own calls under way, as their queue shows it."""

    id: UUID
    status: Status
    problem_text: str
    customer: str
    contact: str
    last_step_at: datetime
    handed_back: bool
    awaits_psa: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One ticket that waits or is worked on, with its newest session if it has one."""

    ticket: QueueTicket
    problem: str
    customer: str
    contact: str
    created_at: datetime
    session_id: UUID | None
    session_status: Status | None
    technician: Person | None
    handed_back: bool
    awaits_psa: bool = False
