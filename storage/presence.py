"""Queries around who has which call open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from storage.clocks import told
from storage.database import Reading, Transaction
from storage.tables import Presence, User


async def arrive(tx: Transaction, here: Mapping[str, UUID], now: datetime, forgotten: float) -> None:
    """Adds the row with these ids, and takes away those that the same person left behind so many seconds ago."""
    mine = (Presence.account_id == tx.account_id, Presence.user_id == here["user_id"])
    await tx.session.execute(delete(Presence).where(*mine, Presence.seen_at < told(tx, now, -forgotten)))
    row = {**here, "account_id": tx.account_id, "seen_at": told(tx, now)}
    await tx.session.execute(insert(Presence).values(row))


async def stay(tx: Transaction, here: UUID, now: datetime) -> bool:
    """Whether there is such a row."""
    mine = update(Presence).where(Presence.account_id == tx.account_id, Presence.id == here)
    still = mine.values(seen_at=told(tx, now)).returning(Presence.id)
    return (await tx.session.scalar(still.execution_options(synchronize_session=False))) is not None


async def leave(tx: Transaction, here: UUID) -> None:
    await tx.session.execute(delete(Presence).where(Presence.account_id == tx.account_id, Presence.id == here))


async def others(read: Reading, session_id: UUID, but: UUID, now: datetime, gone: float) -> Sequence[str]:
    """Names of those who have the call open, without the user `but` and those who said nothing for so many seconds."""
    found = (
        select(User.name)
        .join(Presence, (Presence.user_id == User.id) & (Presence.account_id == User.account_id))
        .where(Presence.account_id == read.account_id, Presence.session_id == session_id)
        .where(Presence.user_id != but, Presence.seen_at >= told(read, now, -gone))
        .distinct()
        .order_by(User.name)
    )
    return (await read.session.scalars(found)).all()
