"""Queries around who has which call open."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from storage.database import Reading, Transaction
from storage.tables import Presence, User


async def arrive(tx: Transaction, here: Presence, long_ago: datetime) -> None:
    """Adds the row, and takes away those that the same person left behind."""
    mine = (Presence.account_id == tx.account_id, Presence.user_id == here.user_id)
    await tx.session.execute(delete(Presence).where(*mine, Presence.seen_at < long_ago))
    tx.add(here)


async def stay(tx: Transaction, here: UUID, now: datetime) -> bool:
    """Whether there is such a row."""
    mine = update(Presence).where(Presence.account_id == tx.account_id, Presence.id == here).values(seen_at=now)
    return (await tx.session.scalar(mine.returning(Presence.id))) is not None


async def leave(tx: Transaction, here: UUID) -> None:
    await tx.session.execute(delete(Presence).where(Presence.account_id == tx.account_id, Presence.id == here))


async def others(read: Reading, session_id: UUID, but: UUID, since: datetime) -> Sequence[str]:
    """Names of those who have the call open, without the user `but`."""
    found = (
        select(User.name)
        .join(Presence, (Presence.user_id == User.id) & (Presence.account_id == User.account_id))
        .where(Presence.account_id == read.account_id, Presence.session_id == session_id)
        .where(Presence.user_id != but, Presence.seen_at >= since)
        .distinct()
        .order_by(User.name)
    )
    return (await read.session.scalars(found)).all()
