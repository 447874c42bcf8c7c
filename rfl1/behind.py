"""What goes on behind the screens: loading, the PSA's tickets and what waits for it, and what colleagues do."""

import asyncio
import contextlib
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from textual.app import App

from rfl1.counting_watch import CountingWatch
from rfl1.idle import Idle
from rfl1.outbox_watch import OutboxWatch
from rfl1.psa_watch import PsaWatch
from screens.page import Page
from screens.text import one_line
from services.access import Act, Actor
from services.errors import Trouble

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.walks.writebacks import Writeback


KEPT_SECONDS = 15.0
"""Between two looks whether what is kept of a call that was left can be stored."""


class Behind:
    def __init__(self, app: App[None], services: "Services", actor: Actor, idle: Idle) -> None:
        self._app = app
        self._services = services
        self._actor = actor
        self._idle = idle
        self._psa: PsaWatch | None = None
        self._expecting = False
        self._storing = False

    def begin(self, *, seen: bool) -> None:
        """Once the first frame is on the terminal. `seen`: what it shows was read before anything was loaded."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self._run("outbox", OutboxWatch(self._services, self._actor, self._tell).run)
        if self._actor.may(Act.TAKE_CALLS) and (seen or self._services.settings.psa_lists):
            self._run("settle in", self._settle_in)
        self._run("listen", self._listen)
        self._run("counting", CountingWatch(self._services, self._actor, self._idle).run)
        self._app.set_interval(KEPT_SECONDS, self._look_at_kept)

    def look_at_psa(self) -> None:
        if self._psa is not None:
            self._psa.look_now()

    def _run(self, group: str, work: Callable[[], object]) -> None:
        self._app.run_worker(work, group=group, exit_on_error=False)

    def _tell(self, tried: "Writeback") -> None:
        if tried.state == "failed":
            told = f"A {tried.kind} will not reach the PSA by itself: {tried.why}"
            self._app.notify(one_line(told), severity="error", markup=False)
        if tried.state != "waiting":
            self._read_queue()

    async def _listen(self) -> None:
        from screens.hearing import listen

        await asyncio.to_thread(self._services.load)
        await listen(self._app, self._services.live, self._actor)

    async def _settle_in(self) -> None:
        """Loads, behind what is seen already, what the first key will need, and looks again in earnest."""
        await asyncio.to_thread(self._services.load)
        gc.freeze()
        await self._store_what_was_kept()
        self._read_queue()
        self._run("ahead", self._idle.load)
        for trouble in self._services.troubles:
            self._app.notify(one_line(str(trouble)), severity="warning", markup=False)
        if self._services.settings.psa_lists:
            self._psa = PsaWatch(self._services, self._actor, self._read_queue)
            self._run("psa", self._watch)

    def expect_call(self) -> None:
        """Somebody takes one: what matching needs is loaded while they begin to type. Not before: it is as large as
        all the rest together."""
        if not self._expecting:
            self._expecting = True
            self._run("expect call", self._settle)

    async def _settle(self) -> None:
        with contextlib.suppress(Trouble):  # the store is gone: whoever takes the call is told
            await self._services.intake.settle(self._actor)

    async def _watch(self) -> None:
        try:
            if self._psa is not None:
                await self._psa.run()
        except Trouble as trouble:  # it is not wholly set up
            if isinstance(first := self._app.screen_stack[0], Page):
                first.tell(trouble)

    def _read_queue(self) -> None:
        first = self._app.screen_stack[0]
        if isinstance(first, Page) and first.in_front:  # any other reads when it comes back
            first.reload()

    def _look_at_kept(self) -> None:
        away = self._services.__dict__.get("away")  # nothing is kept before it is made, and nothing made for this
        if away is not None and away.holding - self._shown() and not self._storing:
            self._run("kept", self._store_again)

    async def _store_again(self) -> None:
        await self._store_what_was_kept(again=True)

    def _shown(self) -> set[UUID | None]:
        return {page.call_id for page in self._app.screen_stack if isinstance(page, Page)}

    async def _store_what_was_kept(self, *, again: bool = False) -> None:
        """What an earlier run of the app could not store any more, or a screen that was left."""
        if (away := self._services.away) is not None:
            from screens.away import leftovers

            self._storing = True
            try:
                told = await leftovers(away, self._actor, self._shown(), again=again)
            finally:
                self._storing = False
            if told:
                self._app.notify(told, markup=False)
