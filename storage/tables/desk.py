"""What an engineer puts on record about a call: facts, suggested fixes, scripts, what should have been asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Owned, one_of, within_account
from storage.types import Json

FACT_KINDS = ("known", "tried")
FACT_SOURCES = ("question", "check", "note")
FIX_ORIGINS = ("hand", "similar", "model")
FIX_DECISIONS = ("one_off", "draft_template", "build_template", "dismissed")
FIX_STATUSES = ("proposed", "applied_success", "applied_partial", "applied_failed", "applied_pending", "dismissed")
FIX_VERIFIED = ("applied_success", "applied_failed")
FIX_NOT_APPLIED = ("proposed", "dismissed")
SCRIPT_LANGUAGES = ("powershell", "cmd", "bash")
TEMPLATE_STATUSES = ("draft", "accepted", "retired")


class Fact(Owned):
    """Something that is known of a call, or was tried."""

    __tablename__ = "facts"
    __table_args__ = (
        within_account("session_id", "sessions", ondelete="CASCADE"),
        ForeignKeyConstraint(["account_id", "step_id"], ["steps.account_id", "steps.step_id"], ondelete="CASCADE"),
        within_account("created_by", "users"),
        within_account("changed_by", "users"),
        CheckConstraint(one_of("kind", FACT_KINDS), "kind"),
        CheckConstraint(one_of("source", FACT_SOURCES), "source"),
        Index("ix_facts_session_id_created_at", "session_id", "created_at"),
        Index(
            "uq_facts_step",
            "account_id",
            "step_id",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    session_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String)
    source: Mapped[str] = mapped_column(String)
    step_id: Mapped[UUID | None]
    """The walked step that it says; each says one thing at most."""
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
    deleted_at: Mapped[datetime | None]


class ScriptTemplate(Owned):
    """A script with placeholders, for every call that it fits."""

    __tablename__ = "script_templates"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        within_account("created_by", "users"),
        within_account("changed_by", "users"),
        CheckConstraint(one_of("language", SCRIPT_LANGUAGES), "language"),
        CheckConstraint(one_of("status", TEMPLATE_STATUSES), "status"),
        Index("ix_script_templates_account_id_status", "account_id", "status", "changed_at"),
    )

    title: Mapped[str]
    language: Mapped[str] = mapped_column(String)
    body: Mapped[str]
    parameters: Mapped[list[Any]]
    """What the body may name, and nothing else."""
    status: Mapped[str] = mapped_column(String)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class Fix(Owned):
    """What was suggested to mend it. How it is to be run and whether it worked are two things: decision and status."""

    __tablename__ = "fixes"
    __table_args__ = (
        UniqueConstraint("account_id", "session_id", "number"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("template_id", "script_templates"),
        within_account("draft_id", "script_templates"),
        within_account("created_by", "users"),
        within_account("changed_by", "users"),
        CheckConstraint(one_of("origin", FIX_ORIGINS), "origin"),
        CheckConstraint("confidence BETWEEN 0 AND 100", "confidence"),
        CheckConstraint("(script IS NULL) = (language IS NULL)", "script"),
        CheckConstraint("language IS NULL OR " + one_of("language", SCRIPT_LANGUAGES), "language"),
        CheckConstraint("decision IS NULL OR " + one_of("decision", FIX_DECISIONS), "decision"),
        CheckConstraint("decision IS NULL OR decision = 'dismissed' OR script IS NOT NULL", "runs_a_script"),
        CheckConstraint("decision IS NULL OR decision <> 'dismissed' OR superseded_at IS NOT NULL", "dismissed"),
        CheckConstraint(one_of("status", FIX_STATUSES), "status"),
        CheckConstraint(f"{one_of('status', FIX_NOT_APPLIED)} OR applied_at IS NOT NULL", "applied"),
        CheckConstraint(f"({one_of('status', FIX_VERIFIED)}) = (verified_at IS NOT NULL)", "verified"),
        CheckConstraint("status <> 'applied_partial' OR partial_notes IS NOT NULL", "partial"),
        CheckConstraint("status <> 'applied_failed' OR failure_reason IS NOT NULL", "failed"),
        CheckConstraint("status <> 'applied_pending' OR waiting_for IS NOT NULL", "pending"),
        Index(
            "uq_fixes_active",
            "account_id",
            "session_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "ix_fixes_worked",
            "account_id",
            "verified_at",
            sqlite_where=text("status = 'applied_success'"),
            postgresql_where=text("status = 'applied_success'"),
        ),
    )

    session_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    """From 1, in the order in which they were suggested."""
    origin: Mapped[str] = mapped_column(String)
    title: Mapped[str]
    rationale: Mapped[str]
    steps: Mapped[list[Any]] = mapped_column(Json)
    confidence: Mapped[int] = mapped_column(Integer)
    script: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String)
    template_id: Mapped[UUID | None]
    """The script of the library that does it."""
    draft_id: Mapped[UUID | None]
    """The draft template that was made of its script."""
    decision: Mapped[str | None] = mapped_column(String)
    decided_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String)
    worked_notes: Mapped[str | None]
    partial_notes: Mapped[str | None]
    failure_reason: Mapped[str | None]
    waiting_for: Mapped[str | None]
    applied_at: Mapped[datetime | None]
    """Set once, by the first act that says it was run."""
    verified_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class MissedQuestion(Owned):
    """What an engineer would have needed to know, kept with the node where it should have been asked."""

    __tablename__ = "missed_questions"
    __table_args__ = (
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("flow_id", "flows"),
        within_account("created_by", "users"),
        within_account("settled_by", "users"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", "settled"),
        Index("ix_missed_questions_session_id_created_at", "session_id", "created_at"),
        Index("ix_missed_questions_account_id_flow_id", "account_id", "flow_id", "created_at"),
    )

    session_id: Mapped[UUID]
    flow_id: Mapped[UUID | None]
    """None where no published flow was walked there."""
    node_id: Mapped[str | None] = mapped_column(String)
    """In the flow's own file; None where it is missing as a whole."""
    node_text: Mapped[str]
    """As it was shown; flows change."""
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    settled_at: Mapped[datetime | None]
    """Whoever edits the flow has seen to it."""
    settled_by: Mapped[UUID | None]
