"""A call that others may have open too: they see that one is here, and one sees what they do."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from screens.live import LiveWalk
from screens.page import SAVES, Page
from services.errors import Trouble

if TYPE_CHECKING:
    from services.team.live import Live


class Together:
    def __init__(self, page: Page[None], call: LiveWalk, show: Callable[[], None]) -> None:
        """`show` brings the page in line with `call` and with `others`."""
        self._page = page
        self._live: Live | None = None
        self._call = call
        self._show = show
        self._screen = uuid4()
        self.others: tuple[str, ...] = ()
        """Who else has the call open."""

    def begin(self) -> None:
        if (team := self._page.desk.team) is not None:
            from services.team.live import STAYS

            self._live = team()
            self._quietly(self._arrive(self._live))
            self._page.set_interval(STAYS, self._stay)

    def end(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            self._quietly(live.leave(self._page.desk.actor, self._screen))

    def heard(self) -> None:
        """Something has changed, perhaps here."""
        if self._live is not None and not self._call.changing:
            self._page.load("heard", self._look, self._told)

    async def _arrive(self, live: "Live") -> None:
        await live.arrive(self._page.desk.actor, self._call.walk.id, self._screen)

    def _stay(self) -> None:
        if self._live is not None:
            self._quietly(self._still_here(self._live))

    async def _still_here(self, live: "Live") -> None:
        if not await live.stay(self._page.desk.actor, self._screen):
            await self._arrive(live)

    async def _look(self) -> tuple[bool, tuple[str, ...]]:
        """Whether somebody has changed the call, and who is here."""
        live, actor, walk = self._live, self._page.desk.actor, self._call.walk
        if live is None or walk.kept_here:
            return False, self.others
        try:
            changed = await live.version(actor, walk.id) > self._call.walk.state_version
            return changed and not self._call.changing, await live.others(actor, walk.id)
        except Trouble:  # told to whoever wants to do something
            return False, self.others

    def _told(self, found: tuple[bool, tuple[str, ...]]) -> None:
        changed, others = found
        if others != self.others:
            self.others = others
            self._show()
        if changed:
            self._page.load("heard of", self._read, lambda _: self._show())

    async def _read(self) -> None:
        before = self._call.walk
        walk = await self._call.read()
        if walk.changed_by.id != self._page.desk.actor.user_id and walk.state_version > before.state_version:
            self._page.notice.say(f"{walk.changed_by.name} has changed this call just now.")

    def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """Not worth a word where it fails: nobody asked for it."""

        async def done() -> None:
            try:
                await work
            except Trouble:
                return

        self._page.app.run_worker(done(), group=f"{SAVES}together", exit_on_error=False)
