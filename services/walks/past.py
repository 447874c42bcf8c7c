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
        once = {row.session_id: row for row in found}
        newest = sorted(once.values(), key=lambda row: row.created_at, reverse=True)
        return tuple(_entry(row, names[row.user_id]) for row in newest[:limit])


def _begins(name: str, word: str) -> bool:
    return any(part.startswith(word) for part in name.casefold().split())


def _entry(row: PastRow, technician: str) -> QueueEntry:
    kind, status = cast("TicketKind", row.ticket_kind), cast("TicketStatus", row.ticket_status)
    return QueueEntry(
        ticket=QueueTicket(row.ticket_id, kind, status, row.external_id),
        problem=row.problem_text,
        customer=row.customer,
        contact=row.contact,
        created_at=row.created_at,
        session_id=row.session_id,
        session_status=cast("Status", row.status),
        technician=Person(row.user_id, technician),
        handed_back=False,
        awaits_psa=row.awaits_psa,
    )
