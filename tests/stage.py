"""The real app on a real store, driven by keys and read as a person reads it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from textual import events
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from rfl1.app import Rfl1App
from rfl1.compose import Services
from screens.page import Page
from services.access import Actor
from tests.services.people import ManualClock

SMALL, USUAL, LARGE = (80, 24), (120, 36), (200, 60)
PATIENCE_SECONDS = 10
"""How long something may take before it is said not to come; nothing is judged by its speed."""

FLOWS = Path(__file__).parent / "journeys" / "flows"
"""A small library with every kind of node."""

P = TypeVar("P", bound=Page[Any])


class TickingClock(ManualClock):
    """A second later whenever somebody looks."""

    def __call__(self) -> datetime:
        self.forward(seconds=1)
        return self.now


@dataclass
class Stage:
    app: Rfl1App
    pilot: Pilot[None]

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
        while running := [worker for worker in self.app.workers if not worker.is_finished and worker.group != "quit"]:
            with suppress(WorkerCancelled):  # a screen that is left takes its reading with it
                await self.app.workers.wait_for_complete(running)
            await self._handled()

    async def _handled(self) -> None:
        """A key goes from the app to the field with the focus, and comes back up: three rounds are enough for that."""
        for _ in range(3):
            await _through(self.app)
            screen = self.app.screen
            for widget in [screen, *screen.walk_children()]:
                await _through(widget)
            screen._on_timer_update()

    async def ends(self) -> None:
        """The app is left."""
        waited = 0.0
        while not self.app._exit:
            assert waited < PATIENCE_SECONDS, f"it goes on:\n{self.text}"
            await asyncio.sleep(0.02)
            waited += 0.02

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        waited = 0.0
        while not holds():
            assert waited < PATIENCE_SECONDS, f"{what} never came:\n{self.text}"
            await asyncio.sleep(0.02)
            await self.settle()
            waited += 0.02

    async def sees(self, *texts: str) -> None:
        """All of them, on the screen as it is when the last one has come; line ends count as spaces."""
        await self.until(lambda: all(text in self.words for text in texts), f"{texts}")
        await self.settle()

    @property
    def text(self) -> str:
        """What is on the terminal."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def words(self) -> str:
        """The same without frames and line ends, so that a wrapped sentence is found."""
        return " ".join(self.text.translate(_FRAMES).split())

    def page(self, kind: type[P]) -> P:
        assert isinstance(self.app.screen, kind), f"{self.app.screen} is shown:\n{self.text}"
        return self.app.screen


async def _through(pump: MessagePump) -> None:
    """What waits there is handled; or it is going away, and waits for nothing any more."""
    passed = asyncio.Event()
    if pump.is_running and pump.call_later(passed.set):
        while not passed.is_set() and pump.is_running:  # noqa: ASYNC110  # it may go away without a word
            await asyncio.sleep(0)


_FRAMES = {ord(sign): " " for sign in "│╭╮╰╯─▎▊█▁▔"}


@asynccontextmanager
async def stage(services: Services, actor: Actor, size: tuple[int, int] = USUAL) -> AsyncIterator[Stage]:
    app = Rfl1App(services, actor)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        on = Stage(app, pilot)
        await on.settle()
        yield on
