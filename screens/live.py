"""The call in hand: its newest state, and one change at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from services.errors import Conflict, StoreTrouble
from services.walks.model import Walk


class LiveWalk:
    """Every change is made against the state that the change before it gave, so that no one conflicts with oneself."""

    def __init__(self, walk: Walk, reopen: Callable[[UUID], Awaitable[Walk]]) -> None:
        self.walk = walk
        self._reopen = reopen
        self._turn = asyncio.Lock()
        self._unsure = False

    @property
    def changing(self) -> bool:
        """A change of one's own is under way, or it failed and may have been made all the same: then the next key is
        meant for what is on the screen now."""
        return self._turn.locked() or self._unsure

    async def change(self, make: Callable[[Walk], Awaitable[Walk]]) -> Walk:
        """Raises Conflict after the new state was read."""
        async with self._turn:
            try:
                self.walk = await make(self.walk)
            except Conflict:
                self.walk = await self._reopen(self.walk.id)
                raise
            except StoreTrouble:
                self._unsure = True
                raise
            self._unsure = False
            return self.walk

    def adopt(self, walk: Walk) -> None:
        """What came of a change that took too long to wait in line for; an older state than this one is nothing new."""
        if walk.state_version > self.walk.state_version:
            self.walk = walk

    async def read(self) -> Walk:
        async with self._turn:
            self.walk = await self._reopen(self.walk.id)
            self._unsure = False
            return self.walk
