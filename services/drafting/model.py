"""What is drafted, and from what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

DraftKind = Literal["resolution_note", "escalation_package"]
Drafter = Literal["model", "template"]

SECTIONS: Mapping[DraftKind, tuple[str, ...]] = {
    "resolution_note": ("Problem", "What we confirmed", "Root cause", "Resolution"),
    "escalation_package": (
        "Problem",
        "What we confirmed",
        "What we tried",
        "Current hypothesis",
        "Suggested next steps",
    ),
}
"""In their order; each is a heading of the second level."""


@dataclass(frozen=True, slots=True)
class Draft:
    """For one state of a session; the person edits it, and what is posted is what was on the screen."""

    kind: DraftKind
    session_id: UUID
    state_version: int
    markdown: str
    by: Drafter
    made_at: datetime
    reason: str = ""
    """Why it is the template's though a model is set up; one line."""
