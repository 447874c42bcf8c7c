"""What may be done with a call as a whole from the desk, and what else there is to read of it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from screens.engineering import Engineering
from screens.live import LiveWalk
from screens.page import Desk, Page
from services.access import Act
from services.errors import Refused
from services.fixes.model import Case
from services.walks.model import IN_ESCALATION, Walk

if TYPE_CHECKING:
    from services.drafting.model import Draft


class CallOnTheDesk(Page[None]):
    case: Case | None = None

    def __init__(self, desk: Desk, engineering: Engineering) -> None:
        super().__init__(desk)
        self.engineering = engineering

    def may(self, action: str) -> bool | None:
        """Whether there is something for the action to do; None for one that is none of these."""
        if action not in {"claim", "hand_back", "resolve", "escalate", "drafts", "psa", "history"}:
            return None
        walk, actor = None if self.case is None else self.case.walk, self.desk.actor
        if walk is None or (walk.awaits_psa and action in {"claim", "hand_back", "resolve", "escalate"}):
            return False
        with_engineers = walk.status in IN_ESCALATION and actor.may(Act.WORK_ESCALATIONS)
        match action:
            case "claim":
                return with_engineers and (walk.claim is None or walk.claim.by.id != actor.user_id)
            case "hand_back":
                return with_engineers
            case "resolve":
                return with_engineers or (walk.status in {"active", "paused"} and actor.may(Act.TAKE_CALLS))
            case "escalate":
                return walk.status in {"active", "paused", "resolved"} and actor.may(Act.TAKE_CALLS)
            case "history":
                return actor.may(Act.ADMINISTER)
        return True

    @property
    def _walk(self) -> Walk:
        if self.case is None:
            raise Refused("the call is not read yet", "Try again in a moment.")
        return self.case.walk

    @property
    def _live(self) -> LiveWalk:
        walks, actor = self.engineering.walks, self.desk.actor
        return LiveWalk(self._walk, lambda session_id: walks.open(actor, session_id))

    def action_claim(self) -> None:
        self.save("claim", self._claim())

    async def _claim(self) -> None:
        try:
            await self.engineering.escalations.claim(self.desk.actor, self._walk)
        finally:
            if self.is_attached:
                self.reload()
        self.notice.say("You have it. The others see that.")

    def action_hand_back(self) -> None:
        from screens.ending import handing_back

        self.app.push_screen(handing_back(self.desk, self.engineering.escalations, self._live))

    def action_resolve(self) -> None:
        from screens.ending import resolving

        self.app.push_screen(resolving(self.desk, self.engineering.walks, self.engineering.drafting, self._live))

    def action_escalate(self) -> None:
        from screens.ending import escalating

        its = self.engineering
        self.app.push_screen(escalating(self.desk, its.walks, its.settings, its.drafting, self._live))

    # What else there is to read

    def action_drafts(self) -> None:
        from screens.section import drafts

        async def read() -> Iterable[Content]:
            return drafts(await self._drafts())

        self._section("Drafts", read)

    async def _drafts(self) -> "list[Draft]":
        """Both, as far as they were written for this state of the call; else by the template. None is paid for."""
        case, drafting = self.case, self.engineering.drafting
        if case is None:
            return []
        walk = case.walk
        kept = await drafting.listed(self.desk.actor, walk.id)
        now = {each.kind: each for each in kept if each.state_version == walk.state_version}
        return [
            now.get("resolution_note") or drafting.template(walk, "resolution_note", case.found),
            now.get("escalation_package") or drafting.template(walk, "escalation_package", case.found),
        ]

    def action_psa(self) -> None:
        from screens.section import written

        async def read() -> Iterable[Content]:
            walk = await self.engineering.walks.open(self.desk.actor, self._walk.id)
            return written(walk.writebacks)

        self._section("To the PSA", read)

    def action_history(self) -> None:
        from screens.section import history

        async def read() -> Iterable[Content]:
            return history(await self.engineering.audit.of_session(self.desk.actor, self._walk.id))

        self._section("Who did what", read)

    def _section(self, title: str, read: Callable[[], Awaitable[Iterable[Content]]]) -> None:
        from screens.section import SectionScreen

        self.app.push_screen(SectionScreen(self.desk, title, read))
