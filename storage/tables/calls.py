"""Tickets, and the sessions that work on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from storage.statuses import (
    ENDED,
    HAND_OVERS,
    IN_ESCALATION,
    IN_QUEUE,
    SESSION_KINDS,
    SESSION_STATUSES,
    TICKET_KINDS,
    TICKET_STATUSES,
)
from storage.tables.base import Base, Owned, one_of, within_account
from storage.types import Json


def _folded(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]  # it has no types there
    return "\n".join(given[name] for name in ("problem", "customer", "contact")).casefold()


class Ticket(Owned):
    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "external_id"),
        within_account("created_by", "users"),
        CheckConstraint(one_of("kind", TICKET_KINDS), "kind"),
        CheckConstraint(one_of("status", TICKET_STATUSES), "status"),
        CheckConstraint("(kind = 'psa') = (external_id IS NOT NULL)", "external"),
        Index(
            "ix_tickets_queue",
            "account_id",
            "created_at",
            sqlite_where=text(one_of("status", IN_QUEUE)),
            postgresql_where=text(one_of("status", IN_QUEUE)),
        ),
    )

    kind: Mapped[str] = mapped_column(String)
    external_id: Mapped[str | None]
    """The number the PSA gave it."""
    problem: Mapped[str]
    customer: Mapped[str]
    contact: Mapped[str]
    folded: Mapped[str] = mapped_column(default=_folded)
    """What a filter looks in; not every database knows which letters are capitals of which."""
    status: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    updated_at: Mapped[datetime]


class Session(Owned):
    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        within_account("user_id", "users"),
        within_account("ticket_id", "tickets"),
        within_account("flow_id", "flows"),
        ForeignKeyConstraint(
            ["account_id", "flow_id", "flow_version_id"],
            ["flow_versions.account_id", "flow_versions.flow_id", "flow_versions.id"],
        ),
        within_account("proposal_id", "proposals"),
        within_account("confident_flow_id", "flows"),
        within_account("changed_by", "users"),
        within_account("escalated_by", "users"),
        within_account("resolved_by", "users"),
        within_account("claimed_by", "users"),
        CheckConstraint(one_of("kind", SESSION_KINDS), "kind"),
        CheckConstraint(one_of("status", SESSION_STATUSES), "status"),
        CheckConstraint("(kind = 'flow') = (flow_id IS NOT NULL)", "flow"),
        CheckConstraint("(flow_id IS NULL) = (flow_version_id IS NULL)", "flow_version"),
        CheckConstraint("kind = 'proposal' OR proposal_id IS NULL", "proposal"),
        CheckConstraint("acting_as IS NULL OR acting_as = 'l1_coverage'", "acting_as"),
        CheckConstraint("escalation_how IS NULL OR " + one_of("escalation_how", HAND_OVERS), "hand_over"),
        Index("ix_sessions_account_id_created_at", "account_id", "created_at"),
        # What has ended and is in no node's count yet.
        Index(
            "ix_sessions_uncounted",
            "account_id",
            "changed_at",
            sqlite_where=text(f"counted IS NULL AND {one_of('status', ENDED)}"),
            postgresql_where=text(f"counted IS NULL AND {one_of('status', ENDED)}"),
        ),
        # Somebody's past calls.
        Index(
            "ix_sessions_past",
            "account_id",
            "user_id",
            "created_at",
            sqlite_where=text(one_of("status", ENDED)),
            postgresql_where=text(one_of("status", ENDED)),
        ),
        Index(
            "ix_sessions_handled",
            "account_id",
            "handled",
            sqlite_where=text("handled IS NOT NULL"),
            postgresql_where=text("handled IS NOT NULL"),
        ),
        Index("ix_sessions_account_id_status_changed_at", "account_id", "status", "changed_at"),
        Index("ix_sessions_account_id_ticket_id_created_at", "account_id", "ticket_id", "created_at"),
        # Holds all that a flow's record is counted from, which is asked with every match, of late.
        Index(
            "ix_sessions_account_id_flow_id", "account_id", "flow_id", "created_at", "status", "helpful", "escalated_at"
        ),
        # The same for the matcher's own record.
        Index(
            "ix_sessions_confident",
            "account_id",
            "status",
            "confident_flow_id",
            "flow_id",
            "helpful",
            "escalated_at",
            sqlite_where=text("confident_flow_id IS NOT NULL"),
            postgresql_where=text("confident_flow_id IS NOT NULL"),
        ),
        # Where to look for a call like this one that ended well.
        Index(
            "ix_sessions_helped",
            "account_id",
            "resolved_at",
            sqlite_where=text("status = 'resolved' AND helpful"),
            postgresql_where=text("status = 'resolved' AND helpful"),
        ),
        Index(
            "ix_sessions_escalations",
            "account_id",
            "escalated_at",
            sqlite_where=text(one_of("status", IN_ESCALATION)),
            postgresql_where=text(one_of("status", IN_ESCALATION)),
        ),
    )

    kind: Mapped[str] = mapped_column(String)
    status: Mapped[str] = mapped_column(String)
    state_version: Mapped[int] = mapped_column(Integer, default=1)
    user_id: Mapped[UUID]
    """The technician who has the call."""
    acting_as: Mapped[str | None] = mapped_column(String)
    ticket_id: Mapped[UUID]
    flow_id: Mapped[UUID | None]
    flow_version_id: Mapped[UUID | None]
    proposal_id: Mapped[UUID | None]
    confident_flow_id: Mapped[UUID | None]
    """The flow that the matcher was sure of at intake, whatever was walked then: its record."""
    category: Mapped[str | None]
    problem_text: Mapped[str]
    customer: Mapped[str]
    contact: Mapped[str]
    pending: Mapped[dict[str, Any] | None] = mapped_column(Json)
    pending_note: Mapped[str | None]
    frames: Mapped[list[Any]]
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    """Who is calling has been proved in this session."""
    free_notes: Mapped[bool] = mapped_column(Boolean, default=False)
    """No tree (any more): the path stays, nothing is pending."""
    instruction: Mapped[str | None]
    """What the engineer asked for when handing the call back."""
    created_at: Mapped[datetime]
    last_step_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
    helpful: Mapped[bool | None] = mapped_column(Boolean)
    learned: Mapped[bool] = mapped_column(Boolean, default=False)
    """It has spoken for its proposal, or become one: a call does so once, however often it is resolved."""
    resolution_notes: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    reopened_at: Mapped[datetime | None]
    """When it turned out, the first time, that it had been resolved too early."""
    escalation_category: Mapped[str | None] = mapped_column(String)
    escalation_reason: Mapped[str | None]
    escalation_how: Mapped[str | None] = mapped_column(String)
    escalation_untold: Mapped[list[str] | None] = mapped_column(Json)
    """What an engineer asks first and was not told; None for a call from before this was looked for."""
    escalated_at: Mapped[datetime | None]
    escalated_by: Mapped[UUID | None]
    escalated_node: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What was pending then, or where nothing was, what was answered last; with its `tree`, as frames name it."""
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    awaits_psa: Mapped[bool] = mapped_column(Boolean, default=False)
    """It is being resolved: its note waits for the PSA, and nothing else may be done with it."""
    counted: Mapped[str | None] = mapped_column(String)
    """How it had ended when it was counted; None: it is in no count."""
    handled: Mapped[float | None] = mapped_column(Float)
    """Where it is counted: seconds from its start until it was passed on, or else resolved."""
    building_by: Mapped[UUID | None]
    """The attempt under way to make the next node; another terminal waits for it instead of paying for a second."""
    building_until: Mapped[datetime | None]
    """When that attempt has died if nothing was heard of it."""


class Step(Base):
    """One answered or acknowledged node. Only ever added; `taken_back_at` is the one thing that may change."""

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("account_id", "step_id"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("by", "users"),
    )

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    step_id: Mapped[UUID]
    """Made by the client: a retry finds the first try."""
    answer: Mapped[str]
    answer_label: Mapped[str]
    note: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[UUID]
    seconds: Mapped[int] = mapped_column(Integer)
    before: Mapped[dict[str, Any]]
    """What stood before the answer: the node as it was shown, the frames, the identity. Back restores it."""
    taken_back_at: Mapped[datetime | None]


class NoteEntry(Owned):
    """One free note; its id is made by the client, so that an autosave can be repeated."""

    __tablename__ = "notes"
    __table_args__ = (
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("author_id", "users"),
        Index("ix_notes_session_id_created_at", "session_id", "created_at"),
    )

    session_id: Mapped[UUID]
    author_id: Mapped[UUID]
    text: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
