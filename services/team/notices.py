"""Who is told of what. The rows are stored with what they tell of; sending comes after the commit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from services.access import Actor, Role
from storage.database import Reading, Transaction
from storage.tables import Notification
from storage.team import reachable

ENGINEERS: tuple[Role, ...] = ("engineer", "admin", "owner")


async def notify(  # noqa: PLR0917 - in the order of the row
    tx: Transaction,
    actor: Actor,
    event: str,
    session_id: UUID | None,
    now: datetime,
    details: Mapping[str, object],
    roles: Collection[Role] = ENGINEERS,
) -> int:
    """A row for everybody active with one of the roles. Gives how many beside the actor: that it is nobody is told."""
    told = await reachable(tx, roles=roles)
    for user_id in told:
        tx.add(_row(user_id, event, session_id, now, {"by": actor.name, **details}))
    return _others(actor, told)


async def others_told(read: Reading, actor: Actor) -> int:
    """How many engineers, admins and owners beside the actor are there to be notified."""
    return _others(actor, await reachable(read, roles=ENGINEERS))


def _others(actor: Actor, told: Collection[UUID]) -> int:
    return sum(user_id != actor.user_id for user_id in told)


async def notify_user(  # noqa: PLR0917 - in the order of the row
    tx: Transaction, user_id: UUID, event: str, session_id: UUID | None, now: datetime, details: Mapping[str, object]
) -> int:
    """A row for one user of the account; none where they are not active any more."""
    told = await reachable(tx, user_id=user_id)
    for each in told:
        tx.add(_row(each, event, session_id, now, details))
    return len(told)


def _row(
    user_id: UUID, event: str, session_id: UUID | None, now: datetime, details: Mapping[str, object]
) -> Notification:
    return Notification(user_id=user_id, session_id=session_id, event=event, details=dict(details), created_at=now)
