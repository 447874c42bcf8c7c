"""The list of tickets that are not closed, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Reading
from storage.repository import spelled_out
from storage.tables import IN_QUEUE, Session, Ticket, User


@dataclass(frozen=True, slots=True)
class QueueRow:
    ticket: Ticket
    session: Session | None
    """The newest one of the ticket."""
    technician: str | None


class Waiting:
    def __init__(self, within: Reading) -> None:
        self.within = within

    async def listed(self, words: str, limit: int) -> Sequence[QueueRow]:
        newest = (
            select(Session.id)
            .where(Session.account_id == self.within.account_id, Session.ticket_id == Ticket.id)
            .order_by(Session.created_at.desc(), Session.id)
            .limit(1)
            .correlate(Ticket)
            .scalar_subquery()
        )
        found = (
            select(Ticket, Session, User.name)
            .join(Session, Session.id == newest, isouter=True)
            .join(User, User.id == Session.user_id, isouter=True)
            .where(Ticket.account_id == self.within.account_id, Ticket.status.in_(spelled_out(IN_QUEUE)))
            .order_by(Ticket.created_at.desc(), Ticket.id)
            .limit(limit)
        )
        for word in words.casefold().split():
            found = found.where(Ticket.folded.like(f"%{_literal(word)}%", escape="\\"))
        return [QueueRow(*row) for row in await self.within.session.execute(found)]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
