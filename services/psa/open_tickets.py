"""Keeps the PSA's open tickets in the store: read in the background, by one terminal for all that show the same list.

What the PSA said last stays until it says something else. That it cannot be read is kept beside it, for the queue to
say how old it is and why.
"""

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import Trouble
from services.psa.failures import PsaFailed
from services.psa.lists import EVERY_SECONDS, MOST_KEPT, Listed
from services.psa.model import Ticket, named
from services.psa.provider import Provider
from services.psa.reading import words
from storage import psa_tickets as store
from storage.clocks import Ahead
from storage.database import Database

LEASE_SECONDS = 60.0
READ_SECONDS = 50.0
"""For reading one list; what takes longer has failed, before another terminal may begin."""
REPORTED_SECONDS = 3.0
LONGEST_PAUSE = 900.0
"""Seconds to the next attempt after several that failed."""
DENIED_PAUSE = 900.0
"""The same where the credentials are not accepted: more attempts could lock them."""
LONGEST_TEXT = 4000
"""Characters: what a problem statement holds."""
LONGEST_SOURCE = 200_000
"""Characters of what is looked at for them; HTML says little with many."""
LONGEST_LINE = 500
LONGEST_ID = 100
AT_ONCE = 100
"""Tickets stored in one transaction, so that no step of a call has to wait for long."""

_HTML = re.compile(r"</?(?:p|br|div|span|html|body|table|tr|td|li|ul|ol|b|strong|i|em|h[1-6]|font|a)\b[^<>]*>", re.I)
_UNSEEN = re.compile(r"<(style|script|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one reading of a list came to."""

    listed: Listed
    tickets: int
    failed: PsaFailed | None = None


class OpenTickets:
    def __init__(self, database: Database, clock: Clock, provider: Provider, lists: Sequence[Listed]) -> None:
        self._database = database
        self._clock = clock
        self._provider = provider
        self._lists = lists
        self._ending: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """In the loop in which it was used."""
        if self._ending is not None:
            with contextlib.suppress(Trouble):  # the lease ends by itself, within a minute
                await self._ending

    async def reported(self, external_id: str) -> str:
        """What was reported, where the PSA keeps it as the ticket's first note for the customer and lists no text.

        Empty where it does not say so soon: the call does not wait for it.
        """
        try:
            async with asyncio.timeout(REPORTED_SECONDS):
                oldest_first = reversed(await self._provider.notes(external_id))
        except (PsaFailed, TimeoutError):
            return ""
        return next((said for note in oldest_first if not note.internal and (said := plain(note.text))), "")

    async def refresh(self, actor: Actor, *, at_once: bool = False) -> tuple[Attempt, ...]:
        """Reads the lists that are due and that no other terminal is reading; `at_once`: also those that are not due.

        What goes wrong with the PSA is kept for the queue and given back, not raised. Raises NotAllowed.
        """
        attempts = [await self._refreshed(actor, each, at_once=at_once) for each in self._lists]
        return tuple(each for each in attempts if each is not None)

    async def _refreshed(self, actor: Actor, listed: Listed, *, at_once: bool) -> Attempt | None:
        now = self._clock()
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            due = at_once or await store.any_due(read, listed.name, now)
        if not due:
            return None  # most of the time, and without keeping anybody from writing
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            lease = await store.claim(tx, listed.name, now, LEASE_SECONDS, at_once=at_once)
        if lease is None:
            return None
        try:
            tickets = await self._read(listed)
            await self._keep(actor, lease, tickets)
        except PsaFailed as failed:
            await self._failed(actor, lease, failed)
            return Attempt(listed, 0, failed)
        except asyncio.CancelledError:
            self._ending = asyncio.create_task(self._given_back(actor, lease))
            raise
        return Attempt(listed, len(tickets))

    async def _read(self, listed: Listed) -> tuple[Ticket, ...]:
        try:
            async with asyncio.timeout(READ_SECONDS):
                board = listed.board
                if board:
                    known = named(await self._provider.boards(), board)
                    if known is None:
                        hint = "Set RFL1_PSA_BOARD to one that `rfl1 psa check` names."
                        raise PsaFailed("rejected", f"there is no board {board!r}", hint=hint)
                    board = known.id
                found = await self._provider.tickets(owner=listed.owner, board=board, most=MOST_KEPT)
        except TimeoutError as error:
            raise PsaFailed("timeout", "reading its open tickets") from error
        return tuple(each for each in found if not each.status.closes and len(each.id) <= LONGEST_ID)

    async def _keep(self, actor: Actor, lease: store.Lease, tickets: Sequence[Ticket]) -> None:
        """Only what has changed is written."""
        now = self._clock()
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            before = await store.PsaLists(read).marks(lease.list_id)
        changed = await _changed(tickets, before, now)
        gone = sorted(before.keys() - {each.id for each in tickets})
        while changed or gone:
            async with self._database.transaction(actor) as tx:
                if not await store.holds(tx, lease):
                    return
                if changed:
                    await store.put(tx, lease.list_id, changed[:AT_ONCE])
                else:
                    await store.drop(tx, lease.list_id, gone[:AT_ONCE])
            changed, gone = changed[AT_ONCE:], gone if changed else gone[AT_ONCE:]
        async with self._database.transaction(actor) as tx:
            good = {"refreshed_at": now, "refreshed_by": actor.user_id, "tickets": len(tickets)}
            none = {"failed_at": None, "error": "", "failures": 0}
            await store.release(tx, lease, now, Ahead(EVERY_SECONDS), **good, **none)

    async def _failed(self, actor: Actor, lease: store.Lease, failed: PsaFailed) -> None:
        now = self._clock()
        async with self._database.transaction(actor) as tx:
            failures = await store.failures(tx, lease) + 1
            due, said = Ahead(_pause(failed, failures)), failed.detail[:LONGEST_LINE]
            await store.release(tx, lease, now, due, failed_at=now, error=said, failures=failures)

    async def _given_back(self, actor: Actor, lease: store.Lease) -> None:
        """The app is being left: another terminal may go on at once."""
        async with self._database.transaction(actor) as tx:
            await store.release(tx, lease, self._clock(), Ahead())


def _pause(failed: PsaFailed, failures: int) -> float:
    if failed.why == "denied":
        return DENIED_PAUSE
    doubled = EVERY_SECONDS * 2.0 ** min(failures - 1, 10)
    return max(min(doubled, LONGEST_PAUSE), failed.wait or 0.0)


async def _changed(tickets: Sequence[Ticket], before: Mapping[str, str], now: datetime) -> list[Mapping[str, object]]:
    """Rows of those that are new or not as they were; a few at a time, for keys are waiting."""
    rows: list[Mapping[str, object]] = []
    left = iter({each.id: each for each in tickets}.values())
    while some := list(islice(left, AT_ONCE)):
        for ticket in some:
            row = _row(ticket, now)
            if before.get(ticket.id) != row["mark"]:
                rows.append(row)
        await asyncio.sleep(0)
    return rows


def _row(ticket: Ticket, now: datetime) -> dict[str, object]:
    lines = {
        "number": ticket.number[:LONGEST_ID],
        "summary": _line(ticket.summary),
        "text": plain(ticket.text),
        "board_id": _line(ticket.board.id),
        "board": _line(ticket.board.name),
        "status_id": _line(ticket.status.id),
        "status": _line(ticket.status.name),
        "team": _line(ticket.team),
        "owner": _line(ticket.owner),
        "customer": _line(ticket.customer),
        "contact": _line(ticket.contact),
    }
    told = "\n".join([*lines.values(), str(ticket.updated_at), str(ticket.opened_at)])
    names = ("number", "summary", "customer", "contact", "owner", "status", "board")
    return {
        **lines,
        "external_id": ticket.id,
        "opened_at": ticket.opened_at or now,
        "updated_at": ticket.updated_at,
        "folded": "\n".join(lines[name] for name in names).casefold(),
        "mark": blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        "seen_at": now,
    }


def _line(text: str) -> str:
    return " ".join(text[: LONGEST_LINE * 2].split())[:LONGEST_LINE]


def plain(text: str) -> str:
    """The words of what may be HTML, as many as a problem statement has room for."""
    began = text[:LONGEST_SOURCE]
    if _HTML.search(began):
        began = words(_UNSEEN.sub("", began))
    return began.strip()[:LONGEST_TEXT]
