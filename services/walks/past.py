"""Past calls: found by what was said, who had them, their ticket, how they ended."""

from typing import Literal, TypeAlias, cast
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.walks.lines import Person, QueueEntry, QueueTicket, Status, TicketKind, TicketStatus
from services.walks.queue import sought
from storage.database import Database
from storage.past import PastRow, past, people
from storage.tables import ENDED, IN_ESCALATION

Ended: TypeAlias = Literal["resolved", "escalated", "abandoned"]


class Past:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(
        self, actor: Actor, *, words: str = "", status: Ended | None = None, limit: int = 100
    ) -> tuple[QueueEntry, ...]:
        """Calls that have ended, the newest first. Each word stands in problem, customer or contact, is the number of
        the PSA's ticket, or begins the name of whoever had the call.

        Raises Refused for more words than a store looks for.
        """
        folded = sought(words).casefold().split()
        statuses = IN_ESCALATION if status == "escalated" else ENDED if status is None else (status,)
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            found = await past(read, folded, None, statuses, limit)
            names = await people(read)
            meant = {word: {user for user, name in names.items() if _begins(name, word)} for word in folded}
            by = [users for users in meant.values() if users]
            if by:
                rest = [word for word in folded if not meant[word]]
                found = [*found, *await past(read, rest, set[UUID].intersection(*by), statuses, limit)]
        once = {row.session.id: row for row in found}
        newest = sorted(once.values(), key=lambda row: row.session.created_at, reverse=True)
        return tuple(_entry(row) for row in newest[:limit])


def _begins(name: str, word: str) -> bool:
    return any(part.startswith(word) for part in name.casefold().split())


def _entry(row: PastRow) -> QueueEntry:
    session, ticket = row.session, row.ticket
    kind, status = cast("TicketKind", ticket.kind), cast("TicketStatus", ticket.status)
    return QueueEntry(
        ticket=QueueTicket(ticket.id, kind, status, ticket.external_id),
        problem=session.problem_text,
        customer=session.customer,
        contact=session.contact,
        created_at=session.created_at,
        session_id=session.id,
        session_status=cast("Status", session.status),
        technician=Person(session.user_id, row.technician),
        handed_back=False,
        awaits_psa=session.awaits_psa,
    )
