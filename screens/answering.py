"""Sending the answer to the node on the screen, so that it is stored once however often it is tried."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID, uuid4

from screens.kept import KeptAsTyped
from screens.live import LiveWalk
from screens.node import NodePane
from screens.page import Page
from services.errors import Trouble
from services.walks.model import Reply, Walk

if TYPE_CHECKING:
    from services.away.service import Away
    from services.walks.service import Walks

Change: TypeAlias = Callable[[Callable[[Walk], Awaitable[Walk]]], Awaitable[None]]
"""Makes one change of the call and brings the page in line with it."""


class Answering:
    def __init__(
        self,
        page: Page[None],
        steady: "Away | Walks",
        live: LiveWalk,
        node: NodePane,
        *,
        kept: KeptAsTyped,
        change: Change,
    ) -> None:
        """`steady` takes the answer, after `kept` has stored the note that goes with it."""
        self._page = page
        self._steady = steady
        self._live = live
        self._node = node
        self._kept = kept
        self._change = change
        self._attempt: tuple[str, Reply, UUID] | None = None

    def send(self, node_id: str, reply: Reply) -> None:
        self._page.notice.clear()
        self._page.save("answer", self._send(node_id, reply))

    async def _send(self, node_id: str, reply: Reply) -> None:
        step_id = self._step_id(node_id, reply)
        actor = self._page.desk.actor
        try:
            await self._kept.step_noted(node_id)
            await self._change(lambda walk: self._steady.answer(actor, walk, reply, node_id=node_id, step_id=step_id))
        except Trouble:
            self._node.refused()
            raise
        self._attempt = None
        if self._live.walk.repeated:
            self._page.notice.say("That was stored before; nothing was added.")

    def _step_id(self, node_id: str, reply: Reply) -> UUID:
        """The same answer tried again after a lost connection keeps its id, and so is stored once; one that turned out
        to be stored is done with: the flow may come round to the same node again."""
        known = {step.step_id for step in self._live.walk.path}
        if self._attempt is None or self._attempt[:2] != (node_id, reply) or self._attempt[2] in known:
            self._attempt = (node_id, reply, uuid4())
        return self._attempt[2]
