"""The technician's list: what waits and what is worked on, newest first."""

from typing import cast

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock
from services.errors import Refused
from services.flows.library import Library
from services.walks.changes import Sheet
from services.walks.closing import Closing
from services.walks.model import Person, QueueEntry, Status, TicketKind, TicketRef, TicketStatus
from services.walks.trees import Trees
from storage.database import Database
from storage.queue import QueueRow, Waiting

LONGEST_SEARCH = 1000
MOST_WORDS = 50
"""SQLite takes no pattern of any length, and no number of them."""


class Queue:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._closing = Closing(database, clock, Sheet(database, clock, Trees(library)))

    async def listed(self, actor: Actor, *, words: str = "", limit: int = 200) -> tuple[QueueEntry, ...]:
        """Tickets with `words` in problem, customer or contact. Calls forgotten for too long are abandoned first.

        Raises Refused for more words than a store looks for.
        """
        words = _sought(words)
        await self._closing.abandon_stale(actor)
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return tuple(_entry(row) for row in await Waiting(read).listed(words, limit))

    async def over(self, actor: Actor, words: str, *, limit: int = 50) -> tuple[QueueEntry, ...]:
        """Calls that were resolved or escalated, with `words` as above, newest first."""
        words = _sought(words)
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return tuple(_entry(row) for row in await Waiting(read).over(words, limit))


def _sought(words: str) -> str:
    if len(words) > LONGEST_SEARCH or len(words.split()) > MOST_WORDS:
        raise Refused("this is too much to look for", f"Give a few words, at the most {MOST_WORDS}.")
    return words


def _entry(row: QueueRow) -> QueueEntry:
    ticket, session = row.ticket, row.session
    return QueueEntry(
        ticket=TicketRef(
            ticket.id, cast("TicketKind", ticket.kind), cast("TicketStatus", ticket.status), ticket.external_id
        ),
        problem=ticket.problem,
        customer=ticket.customer,
        contact=ticket.contact,
        created_at=ticket.created_at,
        session_id=None if session is None else session.id,
        session_status=None if session is None else cast("Status", session.status),
        technician=None if session is None else Person(session.user_id, row.technician or ""),
        handed_back=session is not None and session.instruction is not None,
    )
