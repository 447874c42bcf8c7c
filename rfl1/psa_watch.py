"""Keeps what the queue shows of the PSA fresh while the app runs, far from the keys."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from services.access import Actor
from services.errors import NotAllowed, StoreTrouble

if TYPE_CHECKING:
    from rfl1.compose import Services

LOOK_SECONDS = 5.0
"""From one look at what is due, and at what other terminals have read, to the next."""


class PsaWatch:
    def __init__(self, services: "Services", actor: Actor, changed: Callable[[], None]) -> None:
        """`changed` is called whenever the PSA's part of the queue is another one."""
        self._services = services
        self._actor = actor
        self._changed = changed
        self._wanted = asyncio.Event()

    def look_now(self) -> None:
        """Without waiting until it is due."""
        self._wanted.set()

    async def run(self) -> None:
        """Until it is cancelled, or the person may take no calls any more. Raises BadSetting."""
        tickets = await asyncio.to_thread(lambda: self._services.open_tickets)
        seen = None
        while tickets is not None:
            at_once = self._wanted.is_set()
            self._wanted.clear()
            try:
                await tickets.refresh(self._actor, at_once=at_once)
                news = await self._services.queue.psa(self._actor)
            except NotAllowed:
                return
            except StoreTrouble:
                news = seen  # whoever works with the store is told; here it is tried again
            if news != seen:
                seen = news
                self._changed()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), LOOK_SECONDS)
