"""Who sits at the app: one person after the other, each at an app of their own, all before the same store."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from rfl1.app import Rfl1App
from rfl1.compose import Services
from rfl1.pictures.album import Album
from rfl1.pictures.seat import Seat
from rfl1.pictures.watching import watched
from screens.actions import Keys
from screens.themes import THEMES
from services.access import Actor

SIZE = 120, 36
"""Columns and lines of the terminal that is not there."""


def _at_once() -> None:
    """Time passes by itself."""


class Sitting:
    def __init__(
        self,
        services: Services,
        album: Album,
        *,
        say: Callable[[str], None],
        size: tuple[int, int] = SIZE,
        theme: str | None = None,
        pass_time: Callable[[], None] = _at_once,
    ) -> None:
        """`say` hears what was done without a key; `pass_time` is called before a key that changes something."""
        self.services = services
        self.say = say
        self._album = album
        self._size = size
        self._theme = theme
        self._pass_time = pass_time
        self._seat: Seat | None = None
        self._open = AsyncExitStack()

    async def seat(self, actor: Actor) -> Seat:
        """With the app before them, opened where somebody else was there."""
        if self._seat is None or self._seat.actor.user_id != actor.user_id:
            await self.leave()
            self._seat = await self._open.enter_async_context(self._seated(actor))
            await self._seat.settle()
            self._seat.picture()
        return self._seat

    async def leave(self) -> None:
        self._seat = None
        await self._open.aclose()

    @asynccontextmanager
    async def _seated(self, actor: Actor) -> AsyncIterator[Seat]:
        services, came = watched(self.services)
        app = Rfl1App(services, actor)
        app.animation_level = "none"
        if self._theme is not None:
            app.theme = THEMES[self._theme].name
        keys = Keys(self.services.settings.remapped)
        async with app.run_test(size=self._size, notifications=True):
            yield Seat(app, actor, keys=keys, came=came, album=self._album, pass_time=self._pass_time)
