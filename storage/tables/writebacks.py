"""What has to reach the PSA: one row for each ending of a call on a ticket there, and how far it has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.statuses import WRITEBACK_KINDS, WRITEBACK_STATES
from storage.tables.base import Owned, one_of, within_account
from storage.types import Json

_WAITING = text("state = 'waiting'")
_BEING_RESOLVED = text("state = 'waiting' AND kind = 'resolution'")


class Writeback(Owned):
    """A journal: each step is stored before the next begins, so that whoever goes on knows what may have happened."""

    __tablename__ = "writebacks"
    __table_args__ = (
        UniqueConstraint("account_id", "mark"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("ticket_id", "tickets"),
        within_account("user_id", "users"),
        CheckConstraint(one_of("kind", WRITEBACK_KINDS), "kind"),
        CheckConstraint(one_of("state", WRITEBACK_STATES), "state"),
        CheckConstraint("(kind = 'resolution') = (helpful IS NOT NULL)", "helpful"),
        CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", "finished"),
        CheckConstraint("state NOT IN ('verified', 'skipped') OR noted_at IS NOT NULL", "noted"),
        CheckConstraint("state <> 'verified' OR settled_at IS NOT NULL", "settled"),
        Index("ix_writebacks_account_id_session_id", "account_id", "session_id", "created_at"),
        Index("ix_writebacks_due", "account_id", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        # A call is resolved once; it may be escalated anew while the PSA has not heard of the first time.
        Index(
            "ix_writebacks_one_at_a_time",
            "account_id",
            "session_id",
            unique=True,
            sqlite_where=_BEING_RESOLVED,
            postgresql_where=_BEING_RESOLVED,
        ),
        Index("ix_writebacks_account_id_ticket_id", "account_id", "ticket_id", "created_at"),
        Index("ix_writebacks_account_id_state_created_at", "account_id", "state", "created_at"),
    )

    session_id: Mapped[UUID]
    ticket_id: Mapped[UUID]
    user_id: Mapped[UUID]
    """Who ended the call, and in whose name it turns resolved."""
    kind: Mapped[str] = mapped_column(String)
    provider: Mapped[str] = mapped_column(String)
    """The PSA that was set up then; empty where none was."""
    mark: Mapped[str] = mapped_column(String)
    """The key of the note's reference line."""
    markdown: Mapped[str]
    """What was on the screen, with the reference line."""
    helpful: Mapped[bool | None] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String)
    why: Mapped[str]
    """One line: why it was skipped, or what went wrong last; empty where nothing did."""
    posting_at: Mapped[datetime | None]
    """From here on the note may be there."""
    noted_at: Mapped[datetime | None]
    note_id: Mapped[str | None]
    work_started_at: Mapped[datetime | None]
    """With the next one the time to log; none where none is."""
    work_ended_at: Mapped[datetime | None]
    worked_by: Mapped[str]
    """As they sign in to the PSA; empty is whoever the credentials belong to."""
    timing_at: Mapped[datetime | None]
    timed_at: Mapped[datetime | None]
    time_id: Mapped[str | None]
    wanted: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The status, board, team and owner as the settings had them at the last attempt."""
    changing_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    """That the PSA accepted it is no proof."""
    settled_at: Mapped[datetime | None]
    status_name: Mapped[str | None]
    """As it was read back."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    unsettled: Mapped[int] = mapped_column(Integer, default=0)
    """How often the PSA accepted the change and kept something else."""
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    leased_by: Mapped[UUID | None]
    """The attempt under way."""
    leased_until: Mapped[datetime | None]
    """When that attempt has died if nothing was heard of it."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
