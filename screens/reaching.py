"""A note on its way to the PSA: what is written on the left, each stage as it happens on the right."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.messages import Ended
from screens.page import Desk, Page
from screens.stages import stages
from screens.text import line, plain
from services.errors import Trouble
from services.walks.model import Walk
from services.walks.writebacks import Writeback

if TYPE_CHECKING:
    from services.walks.service import Walks
    from services.writeback.journal import Journal


class ReachingScreen(Page[None]):
    CSS_PATH = "reaching.tcss"
    BINDINGS = bindings("reaching")
    GIVEN = True

    def __init__(self, desk: Desk, walks: "Walks", journal: "Journal", walk: Walk) -> None:
        """`walk` has something to write."""
        super().__init__(desk)
        self._walks = walks
        self._journal = journal
        self._walk = walk
        self._now = walk.writebacks[-1]
        self._under_way = False
        self._left = False
        self._stages = Static(id="stages")

    @property
    def call_id(self) -> UUID | None:
        return self._walk.id

    def content(self) -> Iterable[Widget]:
        with Horizontal(id="reaching"):
            yield VerticalScroll(Static(plain(self._now.markdown)), id="note")
            yield self._stages

    def on_mount(self) -> None:
        what = "The note for the customer" if self._now.kind == "resolution" else "The note for the engineers"
        self.title_bar.show(line(f"{what}: {self._walk.problem_text}"))
        self.action_again()

    def _show(self, writeback: Writeback) -> None:
        self._now = writeback
        if self.is_attached:
            self._stages.update(Content("\n").join(list(stages(writeback, under_way=self._under_way))))
            self.refresh_bindings()

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "again" or not self._under_way

    def action_again(self) -> None:
        self._under_way = True
        self._show(self._now)
        self.notice.ask("Writing to the PSA; you need not wait for it")
        self.save("reaching", self._again())

    async def _again(self) -> None:
        """Goes on behind another screen too, where the person has left this one."""
        actor = self.desk.actor
        try:
            if self._now.state == "failed":
                self._walk = await self._once_more()
                self._now = self._walk.writebacks[-1]
            self._now = await self._journal.run(actor, self._now.id, self._show)
            self._walk = await self._walks.open(actor, self._walk.id)
        finally:
            self._under_way = False
            self._show(self._now)
        if self._left:
            return
        if self._now.state in {"verified", "skipped"}:
            self._leave()
        else:
            self.notice.tell(_stopped(self._now))

    async def _once_more(self) -> Walk:
        actor, last = self.desk.actor, self._now
        if last.kind == "escalation":
            await self._journal.again(actor, last.id)
            return await self._walks.open(actor, self._walk.id)
        walk = await self._walks.open(actor, self._walk.id)
        return await self._walks.resolve(
            actor, walk, helpful=bool(last.helpful), notes=last.text, log_time=last.logs_time
        )

    def action_leave(self) -> None:
        self._leave()

    def action_back(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            self.app.post_message(Ended(self._walk, tried=True))


class _Stopped(Trouble):
    title = "It is not in the PSA yet"


class _Failed(Trouble):
    title = "It will not reach the PSA by itself"


def _stopped(writeback: Writeback) -> Trouble:
    if writeback.state == "failed":
        return _Failed("", "Mend what it says and try again, or do it in the PSA itself; the call can be worked on.")
    return _Stopped("", "Try again, or leave it to the outbox: nothing is written twice.")
