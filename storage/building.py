"""Which terminal makes the next node of an AI-built call: one at a time, and not for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, or_, update

from storage.clocks import told
from storage.database import Database, Transaction
from storage.tables import Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at making the node that a session waits for."""

    account_id: UUID
    session_id: UUID
    id: UUID


async def begin_building(database: Database, attempt: Attempt, now: datetime, seconds: float) -> bool:
    """Whether the attempt may go on, for so long: no other one is alive."""
    async with database.transaction(attempt) as tx:
        free = or_(Session.building_until.is_(None), Session.building_until < told(tx, now))
        begun = update(Session).where(*_of(attempt), free)
        until = told(tx, now, seconds)
        return await _changed(tx, begun.values(building_by=attempt.id, building_until=until))


async def end_building(database: Database, attempt: Attempt) -> None:
    """Makes way, where nothing else has since."""
    ended = update(Session).where(*_of(attempt), Session.building_by == attempt.id)
    async with database.transaction(attempt) as tx:
        await _changed(tx, ended.values(building_by=None, building_until=None))


def _of(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    return (Session.account_id == attempt.account_id, Session.id == attempt.session_id)


async def _changed(tx: Transaction, statement: Update) -> bool:
    changed = statement.returning(Session.id).execution_options(synchronize_session=False)
    return await tx.session.scalar(changed) is not None
