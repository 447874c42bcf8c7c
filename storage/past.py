"""Calls that have ended, by words, person, ticket and status: the newest first, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import Reading
from storage.repository import literal, spelled_out
from storage.tables import ENDED, Session, Ticket, User

T = TypeVar("T")

LOOKED_AT = 2000
"""Tickets with the words, the newest: a person or a status is looked for among their calls."""


_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


class PastRow(NamedTuple):
    session_id: UUID
    status: str
    user_id: UUID
    problem_text: str
    customer: str
    contact: str
    created_at: datetime
    awaits_psa: bool
    ticket_id: UUID
    ticket_kind: str
    ticket_status: str
    external_id: str | None


_SEEN = (
    Session.id, Session.status, Session.user_id, Session.problem_text, Session.customer, Session.contact,
    Session.created_at, Session.awaits_psa, Ticket.id, Ticket.kind, Ticket.status, Ticket.external_id,
)  # fmt: skip
"""The names of people are not joined: a server would go through all of them for each ticket with the words."""


async def people(read: Reading) -> Mapping[UUID, str]:
    """Everybody's name, also of those who were deleted since."""
    found = select(User.id, User.name).where(User.account_id == read.account_id)
    return {user_id: name for user_id, name in await read.session.execute(found)}


async def past(
    read: Reading, words: Sequence[str], by: Collection[UUID] | None, statuses: Sequence[str], limit: int
) -> Sequence[PastRow]:
    """Each word, folded, stands in problem, customer or contact, or is the number of the PSA's ticket; `by` are the
    technicians, None for all."""
    found = (
        select(*_SEEN)
        .join(Ticket, Ticket.id == Session.ticket_id)
        .where(Session.account_id == read.account_id, _plain(Session.status).in_(statuses))
        .order_by(Session.created_at.desc())
        .limit(limit)
    )
    if by is not None and words:
        found = found.where(_plain(Session.user_id).in_(by))
    elif by is not None:  # in the words of their index
        found = found.where(Session.user_id.in_(by), Session.status.in_(spelled_out(ENDED)))
    if not words:  # said so that SQLite goes by the time and does not sort
        found = found.where(Session.created_at > _BEFORE_ALL)
    else:
        having = select(Ticket.id).where(Ticket.account_id == read.account_id, *map(_has, words))
        newest = having.order_by(Ticket.created_at.desc()).limit(LOOKED_AT)
        found = found.where(Session.ticket_id.in_(newest))
    return [PastRow._make(row) for row in await read.session.execute(found)]


def _plain(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    """Looked up by no index: SQLite would sort all calls that ended so, or are somebody's, to find the newest."""
    return func.coalesce(column, column)


def _has(word: str) -> ColumnElement[bool]:
    number = word.removeprefix("#")
    return or_(Ticket.folded.like(f"%{literal(word)}%", escape="\\"), Ticket.external_id == number)
