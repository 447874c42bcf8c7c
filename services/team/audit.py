"""The audit log: who did what, acting as what, when. Rows are added with the change they speak of, and stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.flows.nodes import Json
from storage.database import Database, Transaction
from storage.tables import AuditEntry
from storage.team import AuditLog


@dataclass(frozen=True, slots=True)
class AuditRow:
    at: datetime
    by: str | None
    """The name of who did it; None where nobody of the account did."""
    action: str
    acting_as: str | None
    session_id: UUID | None
    details: Mapping[str, Json]


async def record(
    tx: Transaction,
    actor: Actor,
    action: str,
    now: datetime,
    *,
    session_id: UUID | None = None,
    acting_as: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Adds a row to the caller's transaction: it is stored with the change, or not at all."""
    tx.add(
        AuditEntry(
            at=now,
            user_id=actor.user_id,
            action=action,
            acting_as=acting_as,
            session_id=session_id,
            details=dict(details or {}),
        )
    )


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, actor: Actor, *, since: datetime | None = None, limit: int = 1000) -> tuple[AuditRow, ...]:
        """The newest `limit` rows, oldest first."""
        async with reading(self._database, actor, Act.ADMINISTER) as read:
            rows = await AuditLog(read).newest(since, limit)
        return tuple(_row(*each) for each in reversed(rows))

    async def of_session(self, actor: Actor, session_id: UUID) -> tuple[AuditRow, ...]:
        """What is on record of one call, oldest first."""
        async with reading(self._database, actor, Act.ADMINISTER) as read:
            rows = await AuditLog(read).of_session(session_id)
        return tuple(_row(*each) for each in rows)


def _row(row: AuditEntry, name: str | None) -> AuditRow:
    return AuditRow(row.at, name, row.action, row.acting_as, row.session_id, row.details)
