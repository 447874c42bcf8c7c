"""Having the next step of an AI-built call made, beside whatever else is done with the call."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.worker import Worker

from screens.live import LiveWalk
from screens.node import NodePane
from screens.page import Page
from services.errors import Conflict, Trouble

if TYPE_CHECKING:
    from services.walks.service import Walks


class NextStep:
    """Nobody waits in line for a model: notes are kept and other ways are gone meanwhile."""

    def __init__(
        self, page: Page[None], walks: "Walks", live: LiveWalk, node: NodePane, show: Callable[[], None]
    ) -> None:
        """`show` brings the page in line with the call."""
        self._page = page
        self._walks = walks
        self._live = live
        self._node = node
        self._show = show
        self._making: Worker[bool] | None = None
        self._stuck = False

    def follow(self) -> None:
        """Begins where the call waits for a step, unless it could not be made: then it is the technician's word."""
        if not self._live.walk.awaits_node:
            self._stuck = False
        elif self._making is None and not self._stuck:
            self.make()

    def make(self, *, by_playbook: bool = False) -> None:
        self._page.notice.ask("Preparing the next step")
        self._stuck = False
        self._making = self._page.save("next", self._make(by_playbook))

    def stop(self) -> None:
        """The technician goes another way."""
        if self._making is not None:
            self._making.cancel()
            self._give_up()
            self._page.notice.clear()

    async def _make(self, by_playbook: bool) -> None:
        walk = self._live.walk
        try:
            actor = self._page.desk.actor
            made = await self._walks.next_node(actor, walk, show=self._node.writing, by_playbook=by_playbook)
            self._live.adopt(made)
        except Conflict:
            await self._live.read()
            raise
        except Trouble:
            self._give_up()
            raise
        finally:
            self._making = None
            if self._page.is_attached:
                self._show()
        self._page.notice.clear()

    def _give_up(self) -> None:
        self._stuck = True
        self._node.stuck()
