"""What is known of a call before anything is made of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PROBLEM_LIMIT = 4000
"""Characters of a problem statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call when it comes in."""

    problem: str
    customer: str = ""
    contact: str = ""
    psa_ticket: str | None = None
    ticket_id: UUID | None = None
    """An internal ticket from the queue that the call is about."""
    session_id: UUID | None = None
    """Made by the client: a call that is taken again under it gives the walk that it gave before."""


def described(summary: str, text: str) -> str:
    """A problem statement of what a PSA has: one line, and what was reported below it. As much as there is room for."""
    told = text if text.casefold().startswith(summary.casefold()) else f"{summary}\n\n{text}"
    return told.strip()[:PROBLEM_LIMIT]


@dataclass(frozen=True, slots=True)
class Again:
    """An earlier call of the same caller, about the same trouble."""

    session_id: UUID
    problem: str
    status: str
    at: datetime
