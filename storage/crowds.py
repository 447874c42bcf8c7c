"""Who came to one node these minutes, also in calls that have not ended: looked up in the calls themselves, of which
there are few that short a time back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import Reading
from storage.repository import literal, spelled_out
from storage.tables import SESSION_STATUSES, Session, Step
from storage.written import to_stored_json


class Shown(NamedTuple):
    """A node that was on the screen of a call."""

    session_id: UUID
    customer: str
    contact: str
    pending: Any
    """JSON, like `frames`."""
    frames: Any


async def shown(read: Reading, name: str, since: datetime, *, but: UUID) -> Sequence[Shown]:
    """What calls other than `but` have had on their screens since, of nodes of any tree whose id or origin is `name`;
    it may be there more than once."""
    recent = and_(
        Session.account_id == read.account_id,
        Session.id != but,
        Session.status.in_(spelled_out(SESSION_STATUSES)),  # or its index would not be used
        Session.changed_at >= since,
    )
    who = (Session.id, Session.customer, Session.contact)
    pending = select(*who, Session.pending, Session.frames).where(recent, _names(Session.pending, name))
    found = [Shown(*row) for row in await read.session.execute(pending)]
    answered = select(*who, Step.before).join(Step, Step.session_id == Session.id)
    answered = answered.where(recent, Step.at >= since, Step.taken_back_at.is_(None), _names(Step.before, name))
    for session_id, customer, contact, before in await read.session.execute(answered):
        found.append(Shown(session_id, customer, contact, before["pending"], before["frames"]))
    return found


def _names(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """A first sieve: in JSON, a quote within a text is never bare."""
    key = "origin" if name.startswith("playbook:") else "id"
    return type_coerce(column, Text).like(f'%"{key}":{literal(to_stored_json(name))}%', escape="\\")
