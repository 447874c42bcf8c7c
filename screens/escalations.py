"""What waits for an engineer: the list, and beside it the story of the highlighted call."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.layout import Cell, Row
from screens.live import LiveWalk
from screens.messages import AtTheDesk, Read
from screens.page import Desk, Page
from screens.rows import Rows
from screens.story import short
from screens.text import line
from screens.times import ago
from screens.words import PARTS, in_dots
from services.team.keys import label
from services.walks.model import SessionSummary, Walk

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.walks.escalations import Escalations
    from services.walks.service import Walks


class EscalationsScreen(Page[None]):
    CSS_PATH = "escalations.tcss"
    BINDINGS = bindings("escalations")
    AUTO_FOCUS = "#calls"

    def __init__(self, desk: Desk, walks: "Walks", escalations: "Escalations", drafting: "Drafting") -> None:
        super().__init__(desk)
        self._drafting = drafting
        self._walks = walks
        self._escalations = escalations
        self._rows = Rows(id="calls")
        self._story = Static(id="told")
        self._scroll = VerticalScroll(self._story, id="story")
        self._both = Horizontal(self._rows, self._scroll)
        self._empty = Static(Content("Nothing waits for an engineer."), id="empty")

    def content(self) -> Iterable[Widget]:
        yield self._both
        yield self._empty

    def on_mount(self) -> None:
        self.title_bar.show(
            Content("Escalations"), Cell(line(self.desk.actor.name), 16, right=True, needs=60), self.badge
        )
        self._empty.display = False

    @property
    def _chosen(self) -> UUID | None:
        chosen = self._rows.chosen
        return None if chosen is None else UUID(chosen)

    def heard(self) -> None:
        self.reload()

    def tells(self, event: str) -> bool:
        return event == "l1.session.escalated"

    def reload(self) -> None:
        self.load("escalations", self._read, self._show)

    async def _read(self) -> tuple[SessionSummary, ...]:
        return await self._escalations.listed(self.desk.actor)

    def _show(self, calls: tuple[SessionSummary, ...]) -> None:
        now = self.desk.clock()
        self._rows.put([Option(_row(call, now, self.desk.actor.user_id), id=str(call.id)) for call in calls])
        self._both.display, self._empty.display = bool(calls), not calls
        self.refresh_bindings()
        if not calls:  # of any other line the list itself says that it is highlighted
            self._tell()

    def on_option_list_option_highlighted(self) -> None:
        self._tell()

    def _tell(self) -> None:
        chosen = self._chosen
        if chosen is None:
            self._story.update(Content())
        else:
            self.load("story", self._open, self._show_story)

    async def _open(self) -> Walk | None:
        chosen = self._chosen
        return None if chosen is None else await self._walks.open(self.desk.actor, chosen)

    def _show_story(self, walk: Walk | None) -> None:
        if walk is not None:
            self._story.update(short(walk, self.desk.clock()))
            self._scroll.scroll_home(animate=False)

    # What is done with the highlighted call

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return self._chosen is not None if action in {"open", "claim", "hand_back", "resolve", "at_the_desk"} else True

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        self.load("open", self._open, self._read_on)

    def _read_on(self, walk: Walk | None) -> None:
        if walk is not None:
            self.app.post_message(Read(walk))

    def action_claim(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.save("claim", self._claim(chosen))

    async def _claim(self, session_id: UUID) -> None:
        walk = await self._walks.open(self.desk.actor, session_id)
        try:
            await self._escalations.claim(self.desk.actor, walk)
        finally:
            self.reload()
        self.notice.say("You have it. The others see that.")

    def action_at_the_desk(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.app.post_message(AtTheDesk(chosen))

    def action_hand_back(self) -> None:
        self.load("open", self._open, self._hand_back)

    def _hand_back(self, walk: Walk | None) -> None:
        from screens.ending import handing_back

        if walk is not None:
            self.app.push_screen(handing_back(self.desk, self._escalations, self._live(walk)))

    def action_resolve(self) -> None:
        self.load("open", self._open, self._resolve)

    def _resolve(self, walk: Walk | None) -> None:
        from screens.ending import resolving

        if walk is not None:
            self.app.push_screen(resolving(self.desk, self._walks, self._drafting, self._live(walk)))

    def _live(self, walk: Walk) -> LiveWalk:
        return LiveWalk(walk, lambda session_id: self._walks.open(self.desk.actor, session_id))


def _row(call: SessionSummary, now: datetime, me: UUID) -> Row:
    escalation = call.escalation
    at = call.last_step_at if escalation is None else escalation.at
    claimed = "○ nobody"
    if call.claim is not None:
        claimed = f"● {'you' if call.claim.by.id == me else call.claim.by.name}"
    reason = "" if escalation is None else label(escalation.category)
    missing = None if escalation is None else escalation.untold
    return Row(
        Cell(Content.styled(ago(at, now), "$text-muted"), 6, right=True),
        Cell(line(call.problem_text)),
        Cell(line(label(call.category or ""), "$text-muted"), 14, needs=90),
        Cell(line(call.customer or call.contact), 16, needs=90),
        Cell(line(reason), 26, needs=90),
        Cell(Content.styled("" if missing is None else in_dots(missing), "$text-warning"), len(PARTS)),
        Cell(line(claimed, "$text-success"), 10),
    )
