"""The whole story of one call, to read, and what may be done with it from here."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.layout import Cell
from screens.live import LiveWalk
from screens.messages import AtTheDesk, GoOn, Reach
from screens.page import Desk, Page
from screens.story import whole
from screens.text import line
from screens.together import Together
from screens.words import AWAITS_PSA, STYLES, state
from services.access import Act
from services.walks.model import IN_ESCALATION, Walk

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.walks.escalations import Escalations
    from services.walks.service import Walks


class SessionScreen(Page[None]):
    CSS_PATH = "session.tcss"
    BINDINGS = bindings("session")
    AUTO_FOCUS = "#story"
    GIVEN = PASSING = True

    def __init__(
        self, desk: Desk, walks: "Walks", escalations: "Escalations", drafting: "Drafting", walk: Walk
    ) -> None:
        super().__init__(desk)
        self._drafting = drafting
        self._walks = walks
        self._escalations = escalations
        self._story = Static(id="told")
        self.live = LiveWalk(walk, lambda session_id: walks.open(desk.actor, session_id))
        self._together = Together(self, self.live, lambda: self._show(self.live.walk))

    def content(self) -> Iterable[Widget]:
        yield VerticalScroll(self._story, id="story")

    def on_mount(self) -> None:
        self._together.begin()
        walk = self.live.walk
        self._show(walk)
        if walk.technician.id != self.desk.actor.user_id and self.allows("go_on", ()):
            enter = self.desk.keys.of("session.go_on")
            self.notice.ask(f"{walk.technician.name} has this call; {enter} takes it over.")

    def on_unmount(self) -> None:
        self._together.end()

    def heard(self) -> None:
        self._together.heard()

    def left(self) -> None:
        self._together.end()

    @property
    def call_id(self) -> UUID | None:
        return self.live.walk.id

    def reload(self) -> None:
        self.load("walk", self.live.read, self._show)

    def _show(self, walk: Walk) -> None:
        status = AWAITS_PSA if walk.awaits_psa else walk.status
        told = line(state(status), STYLES.get(status, ""))
        self.title_bar.show(line(walk.problem_text), Cell(told, 16, right=True))
        self._story.update(whole(walk, self.desk.clock()))
        self.refresh_bindings()

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        walk, actor = self.live.walk, self.desk.actor
        match action:
            case "at_the_desk":
                return self.desk.engineering is not None and actor.may(Act.WORK_ESCALATIONS)
            case "reach":
                return bool(walk.writebacks) and walk.writebacks[-1].state in {"waiting", "failed"}
            case "go_on" | "claim" | "hand_back" if walk.awaits_psa:
                return False
            case "go_on":
                return walk.status in {"active", "paused"} and actor.may(Act.TAKE_CALLS)
            case "claim" | "hand_back":
                return walk.status in IN_ESCALATION and actor.may(Act.WORK_ESCALATIONS)
            case "resolve":
                return walk.status in IN_ESCALATION and actor.may(Act.WORK_ESCALATIONS)
        return True

    def action_go_on(self) -> None:
        self.save("take", self._go_on())

    async def _go_on(self) -> None:
        before = self.live.walk.technician
        walk = await self._change(lambda walk: self._walks.take(self.desk.actor, walk))
        news = "" if before == walk.technician else f"The call is yours now, and no longer {before.name}'s."
        self.app.post_message(GoOn(walk, news))

    def action_reach(self) -> None:
        self.app.post_message(Reach(self.live.walk))

    def action_claim(self) -> None:
        self.save("claim", self._claim())

    async def _claim(self) -> None:
        await self._change(lambda walk: self._escalations.claim(self.desk.actor, walk))
        self.notice.say("You have it. The others see that.")

    async def _change(self, make: Callable[[Walk], Awaitable[Walk]]) -> Walk:
        try:
            return await self.live.change(make)
        finally:
            if self.is_attached:
                self._show(self.live.walk)

    def action_at_the_desk(self) -> None:
        self.app.post_message(AtTheDesk(self.live.walk.id))

    def action_hand_back(self) -> None:
        from screens.ending import handing_back

        self.app.push_screen(handing_back(self.desk, self._escalations, self.live))

    def action_resolve(self) -> None:
        from screens.ending import resolving

        self.app.push_screen(resolving(self.desk, self._walks, self._drafting, self.live))
