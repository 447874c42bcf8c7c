"""What waits for the PSA, and working through it: several at once, one terminal each, until nothing is left to try."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock
from services.psa.failures import PsaFailed
from services.walks.records import to_writeback
from services.walks.writebacks import Writeback, WritebackState
from services.writeback.held import LEASE
from services.writeback.journal import Journal, Tried, escalated_only
from services.writeback.wanted import Lists
from storage.clocks import store_clock
from storage.database import Database
from storage.writebacks import Due, WritebackRow, Writebacks, any_due

A_REQUEST = 8
"""Writebacks under way for each request that the PSA allows: mostly they wait between two readings."""
IN_A_ROW = 5
"""So many that the PSA did not answer, and no more are tried."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at what is in other hands."""
LISTED = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the outbox."""

    writeback: Writeback
    ticket: str
    """The PSA's id of it."""
    problem: str


@dataclass(frozen=True, slots=True)
class Counts:
    waiting: int
    failed: int
    """Those that nobody has done anything about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    verified: int = 0
    skipped: int = 0
    failed: tuple[Writeback, ...] = ()
    waiting: int = 0
    """In the account, when it was over."""
    stopped: PsaFailed | None = None
    """Why not all were tried."""


class Outbox:
    def __init__(self, database: Database, clock: Clock, journal: Journal) -> None:
        self._database = database
        self._clock = clock
        self.journal = journal

    async def listed(
        self, actor: Actor, *, states: tuple[WritebackState, ...] = ("waiting", "failed"), limit: int = LISTED
    ) -> tuple[Waiting, ...]:
        """Oldest first; of too many the newest."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return tuple(_line(row) for row in await Writebacks(read).listed(states, limit))

    async def counts(self, actor: Actor) -> Counts:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            rows = Writebacks(read)
            return Counts(await rows.waiting(), await rows.unsettled())

    async def due(self, actor: Actor) -> bool:
        """Whether there is something to do now. One query."""
        async with self._database.reading(actor) as read:
            return await any_due(read, Due(None, escalated_only(actor)), self._clock())

    async def drain(
        self,
        actor: Actor,
        *,
        everything: bool = False,
        workers: int | None = None,
        tell: Callable[[Writeback], None] = lambda _: None,
    ) -> Drained:
        """Tries what is due, or with `everything` all that waits, whatever its back-off; each once.

        With `everything` what another terminal has in its hands is waited for until it is done there, or that terminal
        has died. `tell` gets each as it stands after it was tried.
        """
        only = escalated_only(actor)
        async with self._database.reading(actor) as read:
            due = Due(await store_clock(read, self._clock()) if everything else None, only)
            some = everything and await Writebacks(read).waiting()
        if everything and not some:
            return Drained()
        run = _Run(self.journal, actor, due, tell)
        try:
            await run.work(workers)
            if everything:
                await self._others(run)
        except PsaFailed as failed:  # nothing can be sent from here
            run.told = replace(run.told, stopped=failed)
        return replace(run.told, waiting=(await self.counts(actor)).waiting)

    async def _others(self, run: "_Run") -> None:
        """Until each was tried, here or there."""
        waited = 0.0
        while run.told.stopped is None and waited < LEASE + LOOKS_EVERY and await self._untried(run):
            await asyncio.sleep(LOOKS_EVERY)
            waited += LOOKS_EVERY
            await run.work(1)

    async def _untried(self, run: "_Run") -> bool:
        async with self._database.reading(run.actor) as read:
            return await Writebacks(read).in_other_hands(run.due)


class _Run:
    """One working through."""

    def __init__(self, journal: Journal, actor: Actor, due: Due, tell: Callable[[Writeback], None]) -> None:
        self.actor = actor
        self.due = due
        self.told = Drained()
        self._journal = journal
        self._tell = tell
        self._in_a_row = 0

    async def work(self, workers: int | None) -> None:
        """Raises PsaFailed where nothing can be sent from here."""
        provider = self._journal.provider()
        lists = Lists(provider)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers or provider.at_once * A_REQUEST):
                    group.create_task(self._one_after_the_other(lists))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _one_after_the_other(self, lists: Lists) -> None:
        while self.told.stopped is None:
            tried = await self._journal.next_one(self.actor, self.due, lists)
            if tried is None:
                return
            self._count(tried)
            self._tell(tried.writeback)

    def _count(self, tried: Tried) -> None:
        told, failed = self.told, tried.failed
        match tried.writeback.state:
            case "verified":
                self.told = replace(told, verified=told.verified + 1)
            case "skipped":
                self.told = replace(told, skipped=told.skipped + 1)
            case "failed":
                self.told = replace(told, failed=(*told.failed, tried.writeback))
        away = failed is not None and failed.why in {"unreachable", "timeout", "denied", "unset"}
        self._in_a_row = self._in_a_row + 1 if away else 0
        if self._in_a_row >= IN_A_ROW:
            self.told = replace(self.told, stopped=failed)


def _line(found: WritebackRow) -> Waiting:
    return Waiting(to_writeback(found.row, found.by), found.ticket or "", found.problem)


__all__ = ["Counts", "Drained", "Outbox", "Waiting"]
