"""The flows of an account and what may become one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Owned, one_of, within_account
from storage.types import Json

FLOW_STATUSES = ("draft", "published", "retired")
PROPOSAL_STATUSES = ("pending", "approved", "modified", "rejected", "dismissed")


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
        within_account("flow_id", "flows"),
        within_account("created_by", "users"),
        CheckConstraint(one_of("status", FLOW_STATUSES), "status"),
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
    nodes: Mapped[int] = mapped_column(Integer)
    """How many it has."""
    digest: Mapped[str] = mapped_column(String)
    """SHA-256 of the content: importing the same again changes nothing."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class Proposal(Owned):
    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "session_id"),
        ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name="fk_proposals_account_id_session_id",
            ondelete="CASCADE",
            use_alter=True,
        ),
        within_account("ticket_id", "tickets"),
        within_account("created_by", "users"),
        within_account("reviewed_by", "users"),
        CheckConstraint(one_of("status", PROPOSAL_STATUSES), "status"),
        Index("ix_proposals_account_id_status_created_at", "account_id", "status", "created_at"),
    )

    status: Mapped[str] = mapped_column(String)
    type: Mapped[str] = mapped_column(String)
    source: Mapped[str] = mapped_column(String)
    title: Mapped[str]
    category: Mapped[str]
    keywords: Mapped[list[Any]]
    tree: Mapped[dict[str, Any]]
    """As it was captured, which calls walk: it is never changed."""
    edited: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What a reviewer has made of it."""
    validated_by_outcome: Mapped[bool] = mapped_column(Boolean, default=False)
    worked: Mapped[int] = mapped_column(Integer, default=0)
    """How many calls it ended well, and were not passed on afterwards."""
    session_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    state_version: Mapped[int] = mapped_column(Integer, default=1)
    """Goes up with each change by a reviewer."""
    reviewed_by: Mapped[UUID | None]
    """Who changed it last."""
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]
