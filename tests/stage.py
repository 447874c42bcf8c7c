"""The real app on a real store, driven by keys and read as a person reads it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from textual._styles_cache import StylesCache
from textual.pilot import Pilot

from rfl1.app import Rfl1App
from rfl1.compose import Services
from rfl1.pictures.hands import Hands
from screens.page import Page
from services.access import Actor
from services.walks.glance import Opening
from tests.services.people import ManualClock

SMALL, USUAL, LARGE = (80, 24), (120, 36), (200, 60)
PATIENCE_SECONDS = 30
"""How long something may take before it is said not to come; nothing is judged by its speed."""

FLOWS = Path(__file__).parent / "journeys" / "flows"
"""A small library with every kind of node."""

P = TypeVar("P", bound=Page[Any])


class TickingClock(ManualClock):
    """A second later whenever somebody looks."""

    def __call__(self) -> datetime:
        self.forward(seconds=1)
        return self.now


class Stage(Hands):
    def __init__(self, app: Rfl1App, pilot: Pilot[None]) -> None:
        super().__init__(app)
        self.pilot = pilot

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


_FRAMES = {ord(sign): " " for sign in "│╭╮╰╯─▎▊█▁▔"}


@asynccontextmanager
async def stage(
    services: Services, actor: Actor, size: tuple[int, int] = USUAL, seen: Opening | None = None
) -> AsyncIterator[Stage]:
    app = Rfl1App(services, actor, seen)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        on = Stage(app, pilot)
        await on.settle()
        yield on
    StylesCache.get_inner_outer.cache_clear()  # it keeps the lines of a thousand widgets that are gone
