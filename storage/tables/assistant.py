"""What a language model has written, and what it has cost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Owned, one_of, within_account

DRAFT_KINDS = ("resolution_note", "escalation_package")
DRAFTED_BY = ("model", "template")


class ModelCall(Owned):
    """One call to a model, answered or not: what it took and what it cost."""

    __tablename__ = "model_calls"
    __table_args__ = (
        within_account("user_id", "users"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        Index("ix_model_calls_account_id_at", "account_id", "at", "cost"),
        Index("ix_model_calls_account_id_session_id", "account_id", "session_id", "cost"),
    )

    user_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(String)
    model: Mapped[str] = mapped_column(String)
    input_tokens: Mapped[int] = mapped_column(Integer)
    cache_write_tokens: Mapped[int] = mapped_column(Integer)
    cache_read_tokens: Mapped[int] = mapped_column(Integer)
    output_tokens: Mapped[int] = mapped_column(Integer)
    cost: Mapped[int] = mapped_column(Integer)
    """Millionths of a US dollar."""
    ms: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String)
    at: Mapped[datetime]


class Draft(Owned):
    """A note or a package as it was drafted for one state of a session: a second look pays nothing."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("account_id", "session_id", "kind", "state_version"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        CheckConstraint(one_of("kind", DRAFT_KINDS), "kind"),
        CheckConstraint(one_of("by", DRAFTED_BY).replace("by", '"by"', 1), "by"),
    )

    session_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String)
    state_version: Mapped[int] = mapped_column(Integer)
    markdown: Mapped[str]
    by: Mapped[str] = mapped_column(String)
    made_at: Mapped[datetime]
