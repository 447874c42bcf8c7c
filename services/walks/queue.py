"""The technician's list: what waits and what is worked on, newest first."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock
from services.errors import Refused
from services.flows.library import Library
from services.psa.lists import Listed, PsaNews, news
from services.walks.changes import Sheet
from services.walks.closing import Closing
from services.walks.lines import AtPsa, Person, QueueEntry, QueueTicket, Status, TicketKind, TicketStatus
from services.walks.trees import Trees
from storage.database import Database
from storage.psa_tickets import PsaLists
from storage.queue import QueueRow, Waiting, under_way

LONGEST_SEARCH = 1000
MOST_WORDS = 50
"""SQLite takes no pattern of any length, and no number of them."""


class Queue:
    def __init__(self, database: Database, clock: Clock, library: Library, lists: Sequence[Listed] = ()) -> None:
        """`lists`: what of the PSA is shown too."""
        self._database = database
        self._lists = tuple(each.name for each in lists)
        self._closing = Closing(database, clock, Sheet(database, clock, Trees(library)))

    async def listed(self, actor: Actor, *, words: str = "", limit: int = 200) -> tuple[QueueEntry, ...]:
        """Tickets with `words` in problem, customer or contact, ours and the PSA's as they were last listed; newest
        first. Calls forgotten for too long are abandoned first.

        Raises Refused for more words than a store looks for.
        """
        words = sought(words)
        await self._closing.abandon_stale(actor)
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return tuple(_entry(row) for row in await Waiting(read).listed(words, limit, self._lists))

    async def over(self, actor: Actor, words: str, *, limit: int = 50) -> tuple[QueueEntry, ...]:
        """Calls that were resolved or escalated, with `words` as above, newest first."""
        words = sought(words)
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return tuple(_entry(row) for row in await Waiting(read).over(words, limit))

    async def psa(self, actor: Actor) -> PsaNews | None:
        """How old the PSA's part is; None where no PSA is set up."""
        if not self._lists:
            return None
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return news(await PsaLists(read).named(self._lists), len(self._lists))

    async def reported(self, actor: Actor, external_id: str) -> str:
        """What was reported to the PSA, its beginning; empty where that is not known."""
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            found = await PsaLists(read).ticket(self._lists, external_id)
            return "" if found is None else found.text

    async def in_hand(self, actor: Actor, ticket: QueueTicket) -> UUID | None:
        """The call under way about a ticket, as it is now."""
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return await under_way(read, ticket.id, ticket.external_id)


def sought(words: str) -> str:
    """Raises Refused for more words than a store looks for."""
    if len(words) > LONGEST_SEARCH or len(words.split()) > MOST_WORDS:
        raise Refused("this is too much to look for", f"Give a few words, at the most {MOST_WORDS}.")
    return words


def _entry(row: QueueRow) -> QueueEntry:
    session = row.session
    problem, customer, contact = row.about
    return QueueEntry(
        ticket=_ticket(row),
        problem=problem,
        customer=customer,
        contact=contact,
        created_at=row.since,
        session_id=None if session is None else session.id,
        session_status=None if session is None else cast("Status", session.status),
        technician=None if session is None else Person(session.user_id, row.technician or ""),
        handed_back=session is not None and session.instruction is not None,
        awaits_psa=session is not None and session.awaits_psa,
    )


def _ticket(row: QueueRow) -> QueueTicket:
    ticket, seen = row.ticket, row.psa
    psa = None if seen is None else AtPsa(seen.number, seen.board, seen.status, seen.owner)
    if ticket is None:
        return QueueTicket(None, "psa", "open", None if seen is None else seen.external_id, psa)
    kind, status = cast("TicketKind", ticket.kind), cast("TicketStatus", ticket.status)
    # What was resolved here and is open there waits again.
    return QueueTicket(ticket.id, kind, "open" if psa and status == "resolved" else status, ticket.external_id, psa)
