"""Works through the outbox while the app runs, a little at a time, far from the keys."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from services.access import Actor
from services.errors import NotAllowed, StoreTrouble

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.walks.writebacks import Writeback

LOOK_SECONDS = 20.0
"""From one look at what is due to the next."""
FIRST_SECONDS = 3.0
"""The first keys come before it."""
AT_ONCE = 2
"""So many: whoever types waits for no more than that in the store."""


class OutboxWatch:
    def __init__(self, services: "Services", actor: Actor, tell: "Callable[[Writeback], None]") -> None:
        """`tell` gets each that was tried."""
        self._services = services
        self._actor = actor
        self._tell = tell

    async def run(self) -> None:
        """Until it is cancelled, or the person may do nothing here any more."""
        await asyncio.sleep(FIRST_SECONDS)
        outbox = await asyncio.to_thread(lambda: self._services.outbox)
        while True:
            try:
                if await outbox.due(self._actor):
                    await outbox.drain(self._actor, workers=AT_ONCE, tell=self._tell)
            except NotAllowed:
                return
            except StoreTrouble:  # whoever works with the store is told; here it is tried again
                pass
            await asyncio.sleep(LOOK_SECONDS)
