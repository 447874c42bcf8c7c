"""The list of tickets that are not closed, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from storage.repository import Repository
from storage.tables import IN_QUEUE, Session, Ticket, User
from storage.types import to_stored_text


@dataclass(frozen=True, slots=True)
class QueueRow:
    ticket: Ticket
    session: Session | None
    """The newest one of the ticket."""
    technician: str | None


class Waiting(Repository[Ticket]):
    table = Ticket

    async def listed(self, words: str, limit: int) -> Sequence[QueueRow]:
        found = self.base().where(Ticket.status.in_(IN_QUEUE)).order_by(Ticket.created_at.desc(), Ticket.id)
        for word in to_stored_text(words).lower().split():
            pattern = f"%{_literal(word)}%"
            texts = (Ticket.problem, Ticket.customer, Ticket.contact)
            found = found.where(or_(*(func.lower(text).like(pattern, escape="\\") for text in texts)))
        tickets = await self.all(found.limit(limit))
        newest = await self._newest([ticket.id for ticket in tickets])
        return [QueueRow(ticket, *newest.get(ticket.id, (None, None))) for ticket in tickets]

    async def _newest(self, ticket_ids: Sequence[object]) -> dict[object, tuple[Session, str]]:
        found = (
            select(Session, User.name)
            .join(User, User.id == Session.user_id)
            .where(Session.account_id == self.within.account_id, Session.ticket_id.in_(ticket_ids))
            .order_by(Session.created_at)
        )
        return {session.ticket_id: (session, name) for session, name in await self.within.session.execute(found)}


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
