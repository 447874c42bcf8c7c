"""Keys for the app as a terminal sends them, and the knowledge when all that they set going has come to rest."""

import asyncio
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.worker import WorkerCancelled

LASTING = frozenset({"quit", "listen", "outbox", "psa", "counting"})
"""The workers of these groups end with the app."""


class Hands:
    def __init__(self, app: App[Any]) -> None:
        """`app` is running."""
        self.app = app

    async def press(self, *keys: str) -> None:
        """One key after the other, each with everything that it sets going."""
        for key in keys:
            self.strike(key)
            await self.settle()

    def strike(self, key: str) -> None:
        """A key as the terminal sends it, and nothing waited for."""
        character = key if len(key) == 1 else None
        self.app.post_message(events.Key(_character_to_key(key) if character else key, character))

    async def paste(self, text: str) -> None:
        """All at once, to the field with the focus."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Every message is handled, nothing is read or stored any more, and what came of it is shown."""
        await self._handled()
        while running := [
            worker for worker in self.app.workers if not worker.is_finished and worker.group not in LASTING
        ]:
            with suppress(WorkerCancelled):  # a screen that is left takes its reading with it
                await self.app.workers.wait_for_complete(running)
            await self._handled()

    async def _handled(self) -> None:
        """A key goes from the app to the field with the focus, and comes back up: three rounds are enough for that.
        What came to an end meanwhile may have sent more, or wait for the screen to be drawn."""
        for _ in range(3):
            await self._round()
        while self._more:
            await self._round()

    async def _round(self) -> None:
        for pump in self._pumps:
            await _through(pump)
        self.app.screen._on_timer_update()

    @property
    def _pumps(self) -> list[MessagePump]:
        return [self.app, self.app.screen, *self.app.screen.walk_children()]

    @property
    def _more(self) -> bool:
        screen = self.app.screen
        sent = any(pump.message_queue_size for pump in self._pumps if pump.is_running)
        return sent or bool(screen._callbacks or screen._next_callbacks)


async def _through(pump: MessagePump) -> None:
    """What waits there is handled; or it is going away, and waits for nothing any more."""
    passed = asyncio.Event()
    if pump.is_running and pump.post_message(events.Callback(passed.set)):  # call_later would look at what it is given
        while not passed.is_set() and pump.is_running:  # noqa: ASYNC110  # it may go away without a word
            await asyncio.sleep(0)
