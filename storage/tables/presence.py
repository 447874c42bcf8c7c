"""Who has which call open at this moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.tables.base import Owned, within_account


class Presence(Owned):
    """One screen with a call on it; its id is made by the terminal. One that has not been seen for a while is gone."""

    __tablename__ = "presences"
    __table_args__ = (
        within_account("user_id", "users"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        Index("ix_presences_account_id_session_id", "account_id", "session_id"),
    )

    user_id: Mapped[UUID]
    session_id: Mapped[UUID]
    seen_at: Mapped[datetime]
