"""A call that goes on while the store is away: looks whether it is back, and stores what was kept meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.live import LiveWalk
from screens.page import Page
from screens.text import one_line
from services.access import Actor
from services.errors import Conflict, StoreTrouble, Trouble

if TYPE_CHECKING:
    from services.away.service import Away

LOOKS_EVERY = 2.0
"""Seconds."""


class CatchingUp:
    def __init__(self, page: Page[None], away: "Away | None", live: LiveWalk, show: Callable[[], None]) -> None:
        """`show` brings the page in line with `live`."""
        self._page = page
        self._away = away
        self._live = live
        self._show = show
        self._looking = False

    def begin(self) -> None:
        """Reads in the background what the call may need without the store, and looks from now on."""
        if self._away is not None:
            self._page.load("around", self._prepare, lambda _: None)
            self._page.set_interval(LOOKS_EVERY, self.look)

    async def _prepare(self) -> None:
        away, walk = self._away, self._live.walk
        if away is not None:
            await away.prepare(self._page.desk.actor, walk)

    def look(self) -> None:
        if self._live.walk.kept_here and not self._looking:
            self._looking = True
            self._page.save("kept", self._catch_up())

    async def _catch_up(self) -> None:
        away, actor, walk = self._away, self._page.desk.actor, self._live.walk
        try:
            if away is None or not await away.back(actor, walk):
                return
            await self._live.change(lambda walk: away.catch_up(actor, walk.id))
            told = f"The store is back: {_counted(walk.kept_here)} stored."
        except Conflict as conflict:
            self._page.tell(conflict)
            told = ""
        except StoreTrouble:  # gone again; the banner says so all the time
            return
        finally:
            self._looking = False
        if self._page.is_attached:
            self._show()
        if told:
            self._page.notice.say(told)


async def leftovers(away: "Away", actor: Actor) -> str:
    """Stores what is kept of calls that no screen shows. Gives what to tell, empty where there was nothing."""
    told: list[str] = []
    for call in await away.calls(actor):
        try:
            walk = await away.catch_up(actor, call)
            told.append(f"What was kept here of “{one_line(walk.problem_text)}” is stored now.")
        except StoreTrouble:
            told.append("What is kept here of a call waits for the store.")
        except Trouble as trouble:
            told.append(one_line(str(trouble)))
    return "\n".join(told)


def _counted(kept: int) -> str:
    return "what was kept here is" if kept == 1 else f"all {kept} entries that were kept here are"
