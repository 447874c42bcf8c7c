"""How the app ends: what was typed is stored first, whether a person quits or the system says so."""

import asyncio
import contextlib
import os
import signal
import threading

from textual.app import App
from textual.worker import Worker, WorkerState

from screens.drafts import Drafts
from screens.page import SAVES, Page

LAST_SECONDS = 4
"""How long storing and leaving may take once the system has told the app to end."""


_BY_ITSELF = frozenset(f"{SAVES}{each}" for each in ("notes", "step note", "kept", "next", "reaching"))
"""What these could not store is kept all the same, or asked about."""


class Leaving(App[None]):
    drafts: Drafts
    """What was written into forms and not sent."""

    @property
    def pages(self) -> list[Page[object]]:
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    @property
    def _under_way(self) -> list[Worker[object]]:
        return [worker for worker in self.workers if worker.group.startswith(SAVES) and not worker.is_finished]

    async def action_quit(self) -> None:
        self.run_worker(self._quit(), group="quit", exclusive=True, exit_on_error=False)

    async def _quit(self) -> None:
        """Stays where a change that was just asked for did not happen: that is told, and whoever quits again leaves."""
        asked = [save for save in self._under_way if save.group not in _BY_ITSELF]
        await self._stored()
        if any(save.result is False or save.state is WorkerState.ERROR for save in asked):
            return
        lost = next((page.unsaved for page in self.pages if page.unsaved), None) or self.drafts.unsent()
        if lost is None or await self._let_go(lost):
            for page in self.pages:
                page.left()
            await self._stored()
            self.exit()

    async def _let_go(self, lost: str) -> bool:
        """Whether the person agrees; who quits while being asked does."""
        from screens.confirm import ConfirmScreen

        return isinstance(self.screen, ConfirmScreen) or await self.push_screen_wait(ConfirmScreen(lost))

    async def _stored(self) -> None:
        """What was being typed, and every change under way, is in the store or has failed."""
        for page in self.pages:
            page.flush()
        if saves := self._under_way:
            await self.workers.wait_for_complete(saves)

    def on_mount(self) -> None:
        if not self.is_headless:
            with contextlib.suppress(NotImplementedError):  # Windows has neither
                for ending in (signal.SIGTERM, signal.SIGHUP):
                    asyncio.get_running_loop().add_signal_handler(ending, self._told_to_end, ending)

    def _told_to_end(self, ending: signal.Signals) -> None:
        """By the system, or because the terminal is gone, which can hold up the ordinary end for ever."""
        at_last = threading.Timer(LAST_SECONDS, os._exit, (128 + ending,))
        at_last.daemon = True
        at_last.start()

        async def end() -> None:
            await self._stored()
            self.exit(return_code=128 + ending)

        self.run_worker(end(), group="quit", exclusive=True, exit_on_error=False)
