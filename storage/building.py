"""Which terminal makes the next node of an AI-built call: one at a time, and not for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, or_, update

from storage.database import Database
from storage.tables import Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at making the node that a session waits for."""

    account_id: UUID
    session_id: UUID
    id: UUID


async def begin_building(database: Database, attempt: Attempt, now: datetime, until: datetime) -> bool:
    """Whether the attempt may go on: no other one is alive."""
    free = or_(Session.building_until.is_(None), Session.building_until < now)
    begun = update(Session).where(*_of(attempt), free)
    return await _changed(database, attempt, begun.values(building_by=attempt.id, building_until=until))


async def end_building(database: Database, attempt: Attempt) -> None:
    """Makes way, where nothing else has since."""
    ended = update(Session).where(*_of(attempt), Session.building_by == attempt.id)
    await _changed(database, attempt, ended.values(building_by=None, building_until=None))


def _of(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    return (Session.account_id == attempt.account_id, Session.id == attempt.session_id)


async def _changed(database: Database, attempt: Attempt, statement: Update) -> bool:
    async with database.transaction(attempt) as tx:
        changed = await tx.session.scalar(statement.returning(Session.id))
    return changed is not None
