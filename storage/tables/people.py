"""Who belongs to an account, what it has set, and what is remembered and told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, FetchedValue, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Owned, one_of, within_account
from storage.types import Json

ROLES = ("l1_tech", "engineer", "admin", "owner")


class User(Owned):
    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "name"),
        CheckConstraint(one_of("role", ROLES), "role"),
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


class AuditEntry(Owned):
    """Never changed or deleted, and no reference that could demand it: it outlives what it speaks of."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_account_id_at", "account_id", "at"),
        Index("ix_audit_log_account_id_session_id", "account_id", "session_id"),
    )
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012  # not everybody who adds a row may read it

    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String)
    acting_as: Mapped[str | None] = mapped_column(String)
    session_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    stored_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    """When the server took it, whatever the terminal said; None in a file."""


class Notification(Owned):
    __tablename__ = "notifications"
    __table_args__ = (
        within_account("user_id", "users"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        Index("ix_notifications_account_id_user_id_created_at", "account_id", "user_id", "created_at"),
    )

    user_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    event: Mapped[str] = mapped_column(String)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
