"""What the PSA lists as open, kept here so that the queue is there at once, also without the PSA."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Owned, within_account


class PsaList(Owned):
    """Tickets that belong together for those who work on them: somebody's own, or those of a board."""

    __tablename__ = "psa_lists"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        UniqueConstraint("account_id", "name"),
        within_account("refreshed_by", "users"),
    )

    name: Mapped[str]
    """The provider and what is listed, as `services.psa.lists` writes it."""
    refreshed_at: Mapped[datetime | None]
    """When what is kept here was the PSA's list."""
    refreshed_by: Mapped[UUID | None]
    tickets: Mapped[int] = mapped_column(Integer, default=0)
    """So many were there then."""
    failed_at: Mapped[datetime | None]
    """The last attempt failed; None after one that did not."""
    error: Mapped[str]
    """In one line; empty where none."""
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """Attempts in a row that failed."""
    due_at: Mapped[datetime]
    """When it is to be read again."""
    leased_by: Mapped[UUID | None]
    """The attempt under way, of one terminal."""
    leased_until: Mapped[datetime | None]
    """When that attempt has died if nothing was heard of it."""


class PsaTicket(Owned):
    """One open ticket of one list, as the PSA had it."""

    __tablename__ = "psa_tickets"
    __table_args__ = (
        UniqueConstraint("account_id", "list_id", "external_id"),
        within_account("list_id", "psa_lists", ondelete="CASCADE"),
        Index("ix_psa_tickets_newest", "account_id", "list_id", "opened_at"),
        Index("ix_psa_tickets_account_id_external_id", "account_id", "external_id"),
        Index("ix_psa_tickets_account_id_number", "account_id", "number"),
    )

    list_id: Mapped[UUID]
    external_id: Mapped[str]
    """The id that the PSA gave it; `tickets.external_id` once a call is about it."""
    number: Mapped[str]
    """What people call it."""
    summary: Mapped[str]
    text: Mapped[str]
    """The beginning of what was reported; plain."""
    board_id: Mapped[str]
    board: Mapped[str]
    status_id: Mapped[str]
    status: Mapped[str]
    team: Mapped[str]
    owner: Mapped[str]
    customer: Mapped[str]
    contact: Mapped[str]
    opened_at: Mapped[datetime]
    """Where the PSA does not say when, the moment it was first seen."""
    updated_at: Mapped[datetime | None]
    folded: Mapped[str]
    """What a filter looks in."""
    mark: Mapped[str] = mapped_column(String)
    """Of all that is kept: another one means that something has changed."""
    seen_at: Mapped[datetime]
    """First."""
