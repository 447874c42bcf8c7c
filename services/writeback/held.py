"""A writeback that this terminal works on: what is stored of it counts only as long as nobody else has taken it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from services.access import Actor
from services.clock import Clock
from services.errors import StoreTrouble
from services.walks.records import to_writeback
from services.walks.writebacks import Writeback
from storage.database import Database, Transaction
from storage.writebacks import Turn, store

LEASE = 55.0
"""Seconds after which somebody else goes on, where nothing is heard of an attempt."""
HEARTBEAT = 15.0
LONGEST_WRITE = 45.0
"""Seconds that one request may take which changes something: it has ended, one way or the other, within the lease."""

Show: TypeAlias = Callable[[Writeback], None]
"""Gets the writeback after each step that was stored."""


class LeaseLost(Exception):
    """Another terminal has it by now: nothing more may be done here."""


class Held:
    def __init__(  # noqa: PLR0917
        self, database: Database, clock: Clock, actor: Actor, turn: Turn, found: Writeback, show: Show
    ) -> None:
        self.actor = actor
        self.now = found
        self._database = database
        self._clock = clock
        self._turn = turn
        self._show = show

    async def store(self, **values: object) -> None:
        """Durable when it returns, and the lease is as long as ever again. Raises LeaseLost."""
        async with self._database.transaction(self.actor) as tx:
            changed = await self.store_with(tx, **values)
        self.tell(changed)

    async def store_with(self, tx: Transaction, **values: object) -> Writeback:
        """The same, as part of something bigger."""
        row = await store(tx, self._turn, self.now.id, values, self._clock())
        if row is None:
            raise LeaseLost
        return to_writeback(row, self.now.by.name)

    def tell(self, changed: Writeback) -> None:
        self.now = changed
        self._show(changed)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Nobody else takes it meanwhile."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            # The step that is stored next is refused where this one is, and tells what is the matter.
            with contextlib.suppress(LeaseLost, StoreTrouble):
                async with self._database.transaction(self.actor) as tx:
                    await self.store_with(tx)
