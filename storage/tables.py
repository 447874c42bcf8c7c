"""The tables, once, for SQLite and Postgres. Rows never leave the services.

Every table carries `account_id`, and every reference names the account with it: a row cannot point into another
account even if a query forgets to ask.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import Json, Moment, Words

SCHEMA = "0001"
"""The migration that this program needs; a test compares it with the last one in `migrations`."""

ROLES = ("l1_tech", "engineer", "admin", "owner")
FLOW_STATUSES = ("draft", "published", "retired")
PROPOSAL_STATUSES = ("pending", "approved", "modified", "rejected", "dismissed")
TICKET_KINDS = ("internal", "psa")
TICKET_STATUSES = ("open", "walking", "resolved", "escalated")
SESSION_KINDS = ("flow", "proposal", "adhoc", "ai_build")
SESSION_STATUSES = ("active", "paused", "requesting_escalation", "escalated", "resolved", "abandoned")
IN_QUEUE = ("open", "walking")
IN_ESCALATION = ("requesting_escalation", "escalated")
HAND_OVERS = ("warm", "cold", "callback")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _within_account(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account_id", column], [f"{table}.account_id", f"{table}.id"], ondelete=ondelete)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Words, datetime: Moment, UUID: Uuid, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    library_revision: Mapped[int] = mapped_column(Integer, default=0)
    """Goes up whenever a flow is published or retired: tells a running matcher to look again."""


class Owned(Base):
    """What belongs to one account."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class User(Owned):
    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "name"),
        CheckConstraint(_one_of("role", ROLES), "role"),
    )

    name: Mapped[str]
    role: Mapped[str] = mapped_column(String)
    covers_l1: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    login: Mapped[str | None] = mapped_column(String, unique=True)
    """The database role of this person; on SQLite nobody has one."""
    first: Mapped[bool] = mapped_column(Boolean, default=False)
    """The user that `init` made: who the store's own owner acts as."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class AccountSetting(Base):
    __tablename__ = "account_settings"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=False)


class Flow(Owned):
    __tablename__ = "flows"
    __table_args__ = (UniqueConstraint("account_id", "id"), UniqueConstraint("account_id", "slug"))

    slug: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class FlowVersion(Owned):
    """One content of a flow, never changed; publishing and retiring move its status."""

    __tablename__ = "flow_versions"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "flow_id", "id"),
        UniqueConstraint("account_id", "flow_id", "number"),
        _within_account("flow_id", "flows"),
        _within_account("created_by", "users"),
        CheckConstraint(_one_of("status", FLOW_STATUSES), "status"),
        Index(
            "uq_flow_versions_published",
            "account_id",
            "flow_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    flow_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String)
    title: Mapped[str]
    category: Mapped[str]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String)
    """SHA-256 of the content: importing the same again changes nothing."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class Proposal(Owned):
    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name="fk_proposals_account_id_session_id",
            ondelete="CASCADE",
            use_alter=True,
        ),
        _within_account("created_by", "users"),
        _within_account("reviewed_by", "users"),
        CheckConstraint(_one_of("status", PROPOSAL_STATUSES), "status"),
        Index("ix_proposals_account_id_status_created_at", "account_id", "status", "created_at"),
    )

    status: Mapped[str] = mapped_column(String)
    type: Mapped[str] = mapped_column(String)
    source: Mapped[str] = mapped_column(String)
    title: Mapped[str]
    category: Mapped[str]
    keywords: Mapped[list[Any]]
    tree: Mapped[dict[str, Any]]
    validated_by_outcome: Mapped[bool] = mapped_column(Boolean, default=False)
    worked: Mapped[int] = mapped_column(Integer, default=0)
    """How many calls it ended well."""
    session_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]


class Ticket(Owned):
    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "external_id"),
        _within_account("created_by", "users"),
        CheckConstraint(_one_of("kind", TICKET_KINDS), "kind"),
        CheckConstraint(_one_of("status", TICKET_STATUSES), "status"),
        CheckConstraint("(kind = 'psa') = (external_id IS NOT NULL)", "external"),
        Index(
            "ix_tickets_queue",
            "account_id",
            "created_at",
            sqlite_where=text(_one_of("status", IN_QUEUE)),
            postgresql_where=text(_one_of("status", IN_QUEUE)),
        ),
    )

    kind: Mapped[str] = mapped_column(String)
    external_id: Mapped[str | None]
    """The number the PSA gave it."""
    problem: Mapped[str]
    customer: Mapped[str]
    contact: Mapped[str]
    status: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    updated_at: Mapped[datetime]


class Session(Owned):
    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        _within_account("user_id", "users"),
        _within_account("ticket_id", "tickets"),
        _within_account("flow_id", "flows"),
        ForeignKeyConstraint(
            ["account_id", "flow_id", "flow_version_id"],
            ["flow_versions.account_id", "flow_versions.flow_id", "flow_versions.id"],
        ),
        _within_account("proposal_id", "proposals"),
        _within_account("confident_flow_id", "flows"),
        _within_account("changed_by", "users"),
        _within_account("escalated_by", "users"),
        _within_account("resolved_by", "users"),
        _within_account("claimed_by", "users"),
        CheckConstraint(_one_of("kind", SESSION_KINDS), "kind"),
        CheckConstraint(_one_of("status", SESSION_STATUSES), "status"),
        CheckConstraint("(kind = 'flow') = (flow_id IS NOT NULL)", "flow"),
        CheckConstraint("(flow_id IS NULL) = (flow_version_id IS NULL)", "flow_version"),
        CheckConstraint("kind = 'proposal' OR proposal_id IS NULL", "proposal"),
        CheckConstraint("acting_as IS NULL OR acting_as = 'l1_coverage'", "acting_as"),
        CheckConstraint("escalation_how IS NULL OR " + _one_of("escalation_how", HAND_OVERS), "hand_over"),
        Index("ix_sessions_account_id_created_at", "account_id", "created_at"),
        Index("ix_sessions_account_id_status_last_step_at", "account_id", "status", "last_step_at"),
        Index("ix_sessions_account_id_ticket_id", "account_id", "ticket_id"),
        # Holds all that a flow's record is counted from, which is asked with every match.
        Index("ix_sessions_account_id_flow_id", "account_id", "flow_id", "status", "helpful", "escalated_at"),
        Index(
            "ix_sessions_escalations",
            "account_id",
            "escalated_at",
            sqlite_where=text(_one_of("status", IN_ESCALATION)),
            postgresql_where=text(_one_of("status", IN_ESCALATION)),
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
    resolution_notes: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    escalation_category: Mapped[str | None] = mapped_column(String)
    escalation_reason: Mapped[str | None]
    escalation_how: Mapped[str | None] = mapped_column(String)
    escalated_at: Mapped[datetime | None]
    escalated_by: Mapped[UUID | None]
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]


class Step(Base):
    """One answered or acknowledged node. Only ever added; `taken_back_at` is the one thing that may change."""

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("account_id", "step_id"),
        _within_account("session_id", "sessions", ondelete="CASCADE"),
        _within_account("by", "users"),
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
        _within_account("session_id", "sessions", ondelete="CASCADE"),
        _within_account("author_id", "users"),
        Index("ix_notes_session_id_created_at", "session_id", "created_at"),
    )

    session_id: Mapped[UUID]
    author_id: Mapped[UUID]
    text: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AuditEntry(Owned):
    """Never changed or deleted, and no reference that could demand it: it outlives what it speaks of."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_account_id_at", "account_id", "at"),
        Index("ix_audit_log_account_id_session_id", "account_id", "session_id"),
    )

    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String)
    acting_as: Mapped[str | None] = mapped_column(String)
    session_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]


class Notification(Owned):
    __tablename__ = "notifications"
    __table_args__ = (
        _within_account("user_id", "users"),
        _within_account("session_id", "sessions", ondelete="CASCADE"),
        Index("ix_notifications_account_id_user_id_created_at", "account_id", "user_id", "created_at"),
    )

    user_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    event: Mapped[str] = mapped_column(String)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
