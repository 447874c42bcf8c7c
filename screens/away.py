"""A call that goes on while the store is away: looks whether it is back, and stores what was kept meanwhile."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from uuid import UUID

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
            self.look()  # this screen may be of the store's state, and the last one of it had more

    async def _prepare(self) -> None:
        away, walk = self._away, self._live.walk
        if away is not None:
            await away.prepare(self._page.desk.actor, walk)

    def look(self) -> None:
        walk, away = self._live.walk, self._away
        held = walk.kept_here or (away is not None and walk.id in away.holding)
        if held and not self._looking:
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


async def leftovers(away: "Away", actor: Actor, shown: Collection[UUID | None] = (), *, again: bool = False) -> str:
    """Stores what is kept of calls that no screen has `shown`. Gives what to tell, empty where there was nothing, or
    where it waits `again`."""
    told: list[str] = []
    for call in [each for each in await away.calls(actor) if each not in shown]:
        try:
            walk = await away.catch_up(actor, call)
            told.append(f"What was kept here of “{one_line(walk.problem_text)}” is stored now.")
        except StoreTrouble:
            told += [] if again else ["What is kept here of a call waits for the store."]
        except Trouble as trouble:
            told.append(one_line(str(trouble)))
    return "\n".join(told)


def _counted(kept: int) -> str:
    return "what was kept here is" if kept <= 1 else f"all {kept} entries that were kept here are"
