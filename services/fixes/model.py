"""A call with what its engineers found, as everybody above the store sees it: frozen, whole.

How a fix is to be run (its decision) and whether it worked (its status) are two things that never set one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from services.fixes.scripts.model import Script
from services.walks.model import Person, Walk

FactKind = Literal["known", "tried"]
Source = Literal["question", "check", "note"]
Origin = Literal["hand", "similar", "model"]
Decision = Literal["one_off", "draft_template", "build_template", "dismissed"]
FixStatus = Literal["proposed", "applied_success", "applied_partial", "applied_failed", "applied_pending", "dismissed"]

DECISIONS: tuple[Decision, ...] = get_args(Decision)
OUTCOMES: tuple[FixStatus, ...] = tuple(each for each in get_args(FixStatus) if each != "proposed")
"""What can become of a fix, and what an open one can be settled with."""
FINAL: tuple[FixStatus, ...] = ("applied_success", "applied_failed", "dismissed")
APPLIED: tuple[FixStatus, ...] = ("applied_success", "applied_partial", "applied_failed", "applied_pending")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known of the call, or was tried."""

    id: UUID
    kind: FactKind
    source: Source
    text: str
    step_id: UUID | None
    """The walked step that it says."""
    at: datetime
    by: Person
    edited_at: datetime | None
    edited_by: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A fix before it is on record: written by hand, found in a call like this one, or a model's."""

    title: str
    rationale: str = ""
    steps: tuple[str, ...] = ()
    confidence: int = 50
    """0 to 100."""
    script: Script | None = None
    template_id: UUID | None = None
    """A script of the library that does it."""
    origin: Origin = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A suggested fix."""

    id: UUID
    number: int
    """From 1, in the order in which they were suggested."""
    origin: Origin
    title: str
    rationale: str
    steps: tuple[str, ...]
    confidence: int
    script: Script | None
    template_id: UUID | None
    draft_id: UUID | None
    """The draft template that was made of its script."""
    decision: Decision | None
    decided_at: datetime | None
    status: FixStatus
    notes: Mapping[FixStatus, str] = field(hash=False)
    """What was said with each outcome so far: a fix that was partly done and then failed has two."""
    applied_at: datetime | None
    """The first act that said it was run."""
    verified_at: datetime | None
    superseded_at: datetime | None
    at: datetime
    by: Person

    @property
    def active(self) -> bool:
        return self.superseded_at is None

    @property
    def said(self) -> str:
        """What was said with its last outcome; empty where nothing was."""
        return self.notes.get(self.status, "")


@dataclass(frozen=True, slots=True)
class Missed:
    """What should have been asked before the call was passed on, and where."""

    id: UUID
    session_id: UUID
    flow_slug: str | None
    """None where no published flow was walked there."""
    node_id: str | None
    node_text: str
    text: str
    at: datetime
    by: Person
    settled_at: datetime | None
    """Whoever edits the flow has seen to it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What engineers put on record about one call, at one of its versions."""

    facts: tuple[Fact, ...] = ()
    """Oldest first; not those that were taken off the record."""
    fixes: tuple[Fix, ...] = ()
    """Oldest first, all of them."""
    missed: tuple[Missed, ...] = ()

    @property
    def known(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind == "known")

    @property
    def tried(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind == "tried")

    @property
    def fix(self) -> Fix | None:
        """The active one."""
        return next((fix for fix in reversed(self.fixes) if fix.active), None)

    @property
    def newest(self) -> Fix | None:
        return self.fixes[-1] if self.fixes else None


NOTHING = Findings()


@dataclass(frozen=True, slots=True)
class Case:
    """One call whole, with what was found. Its walk is the ticket for the next change."""

    walk: Walk
    found: Findings
    repeated: bool = field(default=False, compare=False)
    """The change had been stored before: a retry that added nothing."""
