"""The list of tickets that are not closed, a page at a time; and calls that are over, by their words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from storage.database import Reading
from storage.repository import spelled_out
from storage.tables import IN_ESCALATION, IN_QUEUE, UNDER_WAY, Session, Ticket, User

_OVER = (*IN_ESCALATION, "resolved")


@dataclass(frozen=True, slots=True)
class QueueRow:
    ticket: Ticket
    session: Session | None
    """Of a ticket that waits the newest one under way, else the newest one; of a call that is over, that call."""
    technician: str | None


class Waiting:
    def __init__(self, within: Reading) -> None:
        self.within = within

    async def listed(self, words: str, limit: int) -> Sequence[QueueRow]:
        shown = (
            select(Session.id)
            .where(Session.account_id == self.within.account_id, Session.ticket_id == Ticket.id)
            .order_by(Session.status.in_(spelled_out(UNDER_WAY)).desc(), Session.created_at.desc(), Session.id)
            .limit(1)
            .correlate(Ticket)
            .scalar_subquery()
        )
        found = (
            select(Ticket, Session, User.name)
            .join(Session, Session.id == shown, isouter=True)
            .join(User, User.id == Session.user_id, isouter=True)
            .where(Ticket.account_id == self.within.account_id, Ticket.status.in_(spelled_out(IN_QUEUE)))
            .where(*_having(words))
            .order_by(Ticket.created_at.desc(), Ticket.id)
            .limit(limit)
        )
        return [QueueRow(*row) for row in await self.within.session.execute(found)]

    async def over(self, words: str, limit: int) -> Sequence[QueueRow]:
        found = (
            select(Ticket, Session, User.name)
            .join(Session, Session.ticket_id == Ticket.id)
            .join(User, User.id == Session.user_id)
            .where(Session.account_id == self.within.account_id, Session.status.in_(spelled_out(_OVER)))
            .where(*_having(words))
            .order_by(Session.created_at.desc(), Session.id)
            .limit(limit)
        )
        return [QueueRow(*row) for row in await self.within.session.execute(found)]


def _having(words: str) -> list[ColumnElement[bool]]:
    return [Ticket.folded.like(f"%{_literal(word)}%", escape="\\") for word in words.casefold().split()]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
