"""Takes a writeback, tries it, and stores what came of it, together with what that means for the call."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import NotFound, Trouble
from services.psa.failures import PsaFailed
from services.psa.model import Status
from services.psa.moving import PAUSE, NotSettled
from services.psa.provider import Provider
from services.team.settings import values
from services.walks.closing import Closing
from services.walks.records import to_writeback
from services.walks.writebacks import Writeback, WritebackState
from services.writeback.attempt import Attempt, Outcome
from services.writeback.held import LEASE, Held, LeaseLost, Show
from services.writeback.wanted import Lists
from storage.clocks import Ahead
from storage.database import Database, Reading
from storage.tables import IN_ESCALATION
from storage.walks import Sessions
from storage.writebacks import Due, Turn, WritebackRow, Writebacks, rewritten, take, take_next

FINAL = frozenset({"rejected", "gone", "closed"})
"""Somebody has to mend something; the same would fail again."""
MOST_UNSETTLED = 5
"""So often the PSA may keep something else than it has accepted."""
LONGEST = timedelta(hours=24)
"""So long something is tried before somebody is told that it will not come by itself."""
MOST_TRIES = 20
"""And so often, since it was asked for last: terminals that were off for a night have not tried."""
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0
"""Seconds until the next try, doubled each time."""
LOOKS_EVERY = 0.5
"""Seconds between two looks at what another terminal does."""
AFTER_LOST = 35.0
"""Seconds: longer than what was sent may still be on its way."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What an attempt came to; `failed` where it did not come to its end."""

    writeback: Writeback
    failed: PsaFailed | None = None


class Journal:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        closing: Closing,
        provider: Callable[[], Provider | None],
        *,
        pause: float = PAUSE,
    ) -> None:
        """`provider` is asked for when something is to be written; `pause` is the seconds between two readings."""
        self._database = database
        self._clock = clock
        self._closing = closing
        self._find_provider = provider
        self._pause = pause

    async def run(self, actor: Actor, writeback_id: UUID, show: Show | None = None) -> Writeback:
        """One attempt, and how it stands then; what is older about the same ticket comes first.

        Where another terminal is at it, that one is watched, and followed where it dies. `show` gets each step once it
        is stored. Raises NotFound, NotAllowed for what the actor could not have ended.
        """
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            await _require_own(read, actor, await _told(read, writeback_id))
            ahead = await Writebacks(read).ahead_of(writeback_id)
        for each in ahead:
            state = await self._here_or_there(actor, each, show if each == writeback_id else None)
            if state == "waiting":
                break
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            found = await _told(read, writeback_id)
        return to_writeback(found.row, found.by)

    async def _here_or_there(self, actor: Actor, writeback_id: UUID, show: Show | None) -> WritebackState:
        """Its state after an attempt, of this terminal or of the one that has it."""
        for _ in range(round(2 * LEASE / LOOKS_EVERY)):
            tried = await self._one(actor, writeback_id, show)
            if tried is not None:
                return tried.writeback.state
            async with self._database.reading(actor) as read:
                found = await _told(read, writeback_id)
            writeback = to_writeback(found.row, found.by)
            if writeback.state != "waiting" or found.row.leased_until is None:
                return writeback.state
            if show is not None:
                show(writeback)
            await asyncio.sleep(LOOKS_EVERY)
        return "waiting"

    async def _one(self, actor: Actor, writeback_id: UUID, show: Show | None) -> Tried | None:
        """None where another terminal has it, or it does not wait any more."""
        turn = Turn(uuid4(), LEASE)
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            row = await take(tx, turn, writeback_id, self._clock())
            found = None if row is None else await _told(tx, row.id)
        return None if found is None else await self._try(self._held(actor, turn, found, show), found, None)

    async def next_one(self, actor: Actor, due: Due, lists: Lists | None) -> Tried | None:
        """The oldest that is due, tried once; None where there is none, or where each is in other hands."""
        turn = Turn(uuid4(), LEASE)
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            row = await take_next(tx, turn, due, self._clock())
            found = None if row is None else await _told(tx, row.id)
        return None if found is None else await self._try(self._held(actor, turn, found, None), found, lists)

    async def again(self, actor: Actor, writeback_id: UUID) -> None:
        """One that failed waits once more; what was written stays. Of a resolution that is for `Walks.resolve`, since
        the call waits with it. Raises NotFound, NotAllowed."""
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            found = await _told(tx, writeback_id)
            await _require_own(tx, actor, found)
            if (found.row.kind, found.row.state) == ("escalation", "failed"):
                await rewritten(tx, found.row, {}, {}, self._clock())

    async def ticket_status(self, ticket: str) -> Status:
        """As the PSA has it now. Raises PsaFailed."""
        return (await self.provider().ticket(ticket)).status

    def provider(self) -> Provider:
        """Raises PsaFailed where none is set up here, or not wholly."""
        try:
            made = self._find_provider()
        except PsaFailed:
            raise
        except Trouble as trouble:
            raise PsaFailed("unset", trouble.detail, hint=trouble.hint) from trouble
        if made is None:
            raise PsaFailed("unset")
        return made

    def _held(self, actor: Actor, turn: Turn, found: WritebackRow, show: Show | None) -> Held:
        writeback = to_writeback(found.row, found.by)
        return Held(self._database, self._clock, actor, turn, writeback, show or (lambda _: None))

    async def _try(self, held: Held, found: WritebackRow, lists: Lists | None) -> Tried:
        held.tell(held.now)
        try:
            async with held.kept():
                return await self._tried(held, found.ticket or "", lists)
        except LeaseLost:
            return Tried(held.now)

    async def _tried(self, held: Held, ticket: str, lists: Lists | None) -> Tried:
        try:
            provider = self.provider()
            lists = lists or Lists(provider)
            if lists.account is None:
                async with self._database.reading(held.actor) as read:
                    lists.account = await values(read)
            attempt = Attempt(held, ticket, provider, lists.account, lists, pause=self._pause)
            return await self._finished(held, await attempt.run())
        except PsaFailed as failed:
            return await self._failed(held, failed)

    async def _finished(self, held: Held, outcome: Outcome) -> Tried:
        settled = {"settled_at": Ahead()} if outcome.status_name is not None else {}
        async with self._database.transaction(held.actor) as tx:
            if held.now.kind == "resolution":
                await self._closing.landed(tx, held.actor, held.now)
            changed = await held.store_with(
                tx,
                state=outcome.state,
                why=outcome.why,
                status_name=outcome.status_name,
                finished_at=Ahead(),
                **settled,
                **_FREE,
            )
        held.tell(changed)
        return Tried(changed)

    async def _failed(self, held: Held, failed: PsaFailed) -> Tried:
        now, unsettled = held.now, held.now.unsettled + isinstance(failed, NotSettled)
        over = unsettled >= MOST_UNSETTLED if isinstance(failed, NotSettled) else failed.why in FINAL
        over = over or (now.tries >= MOST_TRIES and self._clock() - now.created_at >= LONGEST)
        why = " ".join(part for part in (f"{failed.detail}.", failed.hint if over else "") if part)
        stored: dict[str, object] = {"why": why, "unsettled": unsettled, **_FREE}
        if isinstance(failed, NotSettled):
            stored |= {"changed_at": None, "status_name": failed.found.status.name}
        if over:
            stored |= {"state": "failed", "finished_at": Ahead()}
        else:
            stored["next_try_at"] = Ahead(_pause_after(failed, now.tries))
        async with self._database.transaction(held.actor) as tx:
            if over:
                await self._closing.given_up(tx, held.actor, now, why)
            changed = await held.store_with(tx, **stored)
        held.tell(changed)
        return Tried(changed, failed)


_FREE: Mapping[str, object] = {"leased_by": None, "leased_until": None}


def _pause_after(failed: PsaFailed, tries: int) -> float:
    """Seconds."""
    if failed.why in {"denied", "unset"}:
        return LONGEST_PAUSE
    usual = min(FIRST_PAUSE * (1 << min(max(tries - 1, 0), 10)), LONGEST_PAUSE)
    return max(usual, failed.wait or 0.0, AFTER_LOST if failed.why == "lost" else 0.0)


async def _told(read: Reading, writeback_id: UUID) -> WritebackRow:
    found = await Writebacks(read).told(writeback_id)
    if found is None:
        raise NotFound(f"no writeback {writeback_id}", "`rfl1 outbox list` shows them.")
    return found


async def _require_own(read: Reading, actor: Actor, found: WritebackRow) -> None:
    """Raises NotAllowed for what somebody could not have done themselves."""
    if escalated_only(actor) and found.row.kind != "escalation":
        session = await Sessions(read).get(found.row.session_id)
        if session is None or session.status not in IN_ESCALATION:
            actor.require(Act.TAKE_CALLS)


def escalated_only(actor: Actor) -> bool:
    """Whoever takes no calls works on escalated ones. Raises NotAllowed for who does neither."""
    if actor.may(Act.TAKE_CALLS):
        return False
    actor.require(Act.WORK_ESCALATIONS)
    return True
