"""Counts calls that have ended while the app runs, a few at a time and never while somebody types."""

import asyncio
from typing import TYPE_CHECKING

from rfl1.idle import Idle
from services.access import Actor
from services.errors import NotAllowed, StoreTrouble

if TYPE_CHECKING:
    from rfl1.compose import Services

LOOK_SECONDS = 60.0
"""From one look at what has ended to the next; before the first one too."""
MORE_SECONDS = 1.0
"""Where there is more to count."""


class CountingWatch:
    def __init__(self, services: "Services", actor: Actor, idle: Idle) -> None:
        self._services = services
        self._actor = actor
        self._idle = idle

    async def run(self) -> None:
        """Until it is cancelled."""
        pause = LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            await self._idle.quiet()
            pause = MORE_SECONDS if await self._more() else LOOK_SECONDS

    async def _more(self) -> bool:
        """Counts some. Gives whether there may be more."""
        counting = await asyncio.to_thread(lambda: self._services.counting)
        from services.stats.counting import AT_ONCE

        try:
            return await counting.some(self._actor) == AT_ONCE
        except (NotAllowed, StoreTrouble):  # whoever works with the store is told
            return False
