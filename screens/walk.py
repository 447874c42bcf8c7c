"""A call under way: one node at a time, and beside it what was done so far or the free notes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from screens.actions import bindings
from screens.answering import Answering
from screens.away import CatchingUp
from screens.banner import Banner
from screens.beside import BesideNode
from screens.kept import KeptAsTyped
from screens.layout import Cell
from screens.live import LiveWalk
from screens.messages import Ended, LookAtSent, Read
from screens.next_step import NextStep
from screens.node import NodePane
from screens.notes import StepNote
from screens.page import Desk, Page
from screens.story import Transcript
from screens.text import line
from screens.times import lasting
from screens.together import Together
from services.flows.nodes import Verify
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.away.service import Away
    from services.drafting.service import Drafting
    from services.stats.records import Records
    from services.team.settings import AccountSettings, Choices
    from services.walks.service import Walks


class WalkScreen(Page[None]):
    CSS_PATH = "walk.tcss"
    BINDINGS = bindings("walk")
    AUTO_FOCUS = None
    GIVEN = True

    def __init__(
        self,
        desk: Desk,
        walks: "Walks",
        settings: "AccountSettings",
        drafting: "Drafting",
        walk: Walk,
        *,
        away: "Away | None" = None,
        records: "Callable[[], Records] | None" = None,
    ) -> None:
        """`away` goes on with the call where the store may be away in the middle of it; `records` know how calls fared
        at its nodes."""
        super().__init__(desk)
        self._drafting = drafting
        self._walks = walks
        self._steady: Away | Walks = away or walks
        self._settings = settings
        self._methods: Mapping[str, str] = {}
        self._notes_beside = False
        self._banner = Banner()
        self._node = NodePane(desk.keys)
        self._path = Transcript()
        self.live = LiveWalk(walk, lambda session_id: self._steady.open(desk.actor, session_id))
        self._kept = KeptAsTyped(self, self._steady, self.live, leave=self._home, show=self._tell)
        self._notes, self._step_note = self._kept.notes, self._kept.step_note
        self._answering = Answering(self, self._steady, self.live, self._node, kept=self._kept, change=self._change)
        self._catching_up = CatchingUp(self, away, self.live, self._show)
        self._together = Together(self, self.live, self._show)
        self._next = NextStep(self, walks, self.live, self._node, self._show)
        self._beside = BesideNode(self, records, self.live, self._node)

    def body(self) -> Iterable[Widget]:
        yield self._banner
        left = Vertical(self._node, self._step_note, self.notice, self._notes, id="left")
        yield Horizontal(left, self._path, id="desk")

    # What is shown

    def on_mount(self) -> None:
        self.set_interval(1, self._show_title)
        self._show()
        self._catching_up.begin()
        self._together.begin()
        self._beside.begin()

    def on_unmount(self) -> None:
        self._together.end()

    def heard(self) -> None:
        self._together.heard()

    def left(self) -> None:
        self._together.end()

    @property
    def call_id(self) -> UUID | None:
        return self.live.walk.id

    @property
    def unsaved(self) -> str | None:
        return "a note that could not be stored" if self._kept.unsaved else None

    def reload(self) -> None:
        self.load("walk", self.live.read, lambda _: self._show())

    def on_screen_suspend(self) -> None:
        self.flush()

    def _show(self) -> None:
        """Brings the screen in line with the state; what is being typed stays."""
        walk = self.live.walk
        gone = walk.status != "active" or walk.technician.id != self.desk.actor.user_id
        if gone and self.unsaved is None:
            self._left(walk)
            return
        self._show_title()
        self._tell(walk)
        self._notes.show(walk)
        self.set_class(walk.free_notes, "-only-notes")
        self._notes.display = walk.free_notes or self._notes_beside
        self._show_node(walk)
        self._step_note.show(walk)
        self.refresh_bindings()

    def _tell(self, walk: Walk) -> None:
        self._banner.show(walk, self.desk.actor, self._together.others)
        self._path.tell(walk)

    def _show_title(self) -> None:
        walk = self.live.walk
        caller = line(", ".join(part for part in (walk.customer, walk.contact) if part.strip()))
        self.title_bar.show(
            line(walk.problem_text),
            Cell(caller, min(24, caller.cell_length), needs=70),
            Cell(Content("" if walk.kind == "adhoc" else f"step {len(walk.steps) + 1}"), 8, right=True),
            Cell(Content(f"call {lasting(self.desk.clock() - walk.created_at)}"), 12, right=True),
        )

    def _show_node(self, walk: Walk) -> None:
        if walk.free_notes:
            if self.focused is None or self._node in self.focused.ancestors:
                self.call_after_refresh(self.set_focus, self._notes.writing)
        elif walk.pending is not None:
            where, built = _where(walk), walk.kind == "ai_build"
            self._node.show(walk.pending, self._methods, where=where, turn=len(walk.path), built=built)
            if isinstance(walk.pending.node, Verify) and not self._methods:
                self.load("methods", self._choices, self._take_methods)
        self._next.follow()
        self._beside.follow()

    async def _choices(self) -> "Choices":
        return await self._settings.choices(self.desk.actor)

    def _take_methods(self, choices: "Choices") -> None:
        self._methods = choices.identity_methods
        self._show_node(self.live.walk)

    def _left(self, walk: Walk) -> None:
        """Ended or taken over: what there is to do now is on the screen that tells its story."""
        if self.in_front:
            self.app.pop_screen()
            self.app.post_message(Read(walk))

    # Changes

    async def _change(self, make: Callable[[Walk], Awaitable[Walk]]) -> None:
        """One change of the call; the screen shows what came of it, also where somebody else was faster."""
        try:
            await self.live.change(make)
        finally:
            if self.is_attached:
                self._show()

    def on_node_pane_replied(self, event: NodePane.Replied) -> None:
        self._answering.send(event.node_id, event.reply)

    def action_again(self) -> None:
        self._next.make()

    def action_playbook(self) -> None:
        self._next.make(by_playbook=True)

    def action_take_back(self) -> None:
        walk = self.live.walk
        self._next.stop()
        self.notice.clear()
        if not walk.free_notes or walk.kind == "adhoc":
            self._path.tell(walk, leaving=walk.steps[-1])
        self.save("back", self._change(lambda walk: self._walks.back(self.desk.actor, walk)))

    def action_only_notes(self) -> None:
        self._next.stop()
        self.save("to notes", self._to_notes())

    async def _to_notes(self) -> None:
        await self._change(lambda walk: self._walks.to_notes(self.desk.actor, walk))
        self.set_focus(self._notes.writing)

    # Answers and the ends of a call

    def action_answer(self, number: int) -> None:
        self._press(f"walk.answer_{number}")

    def action_yes(self) -> None:
        self._press("walk.yes")

    def action_no(self) -> None:
        self._press("walk.no")

    def action_unsure(self) -> None:
        self._press("walk.unsure")

    def action_accept(self) -> None:
        self._press("walk.accept")

    def action_red_flag(self) -> None:
        self._press("walk.red_flag")

    def _press(self, action_id: str) -> None:
        """Also where the key only opens a question within the node, what an earlier one did wrong is over."""
        self.notice.clear()
        self._node.do(action_id)

    def on_key(self, event: events.Key) -> None:
        """Nothing had a use for it."""
        if self._node.offered and not self.typing and (event.is_printable or event.key == "enter"):
            self.notice.ask(f"Press one of these: {self._node.keys}")

    def on_node_pane_closing(self, event: NodePane.Closing) -> None:
        (self.action_resolve if event.how == "resolve" else self.action_escalate)()

    def action_resolve(self) -> None:
        from screens.ending import resolving

        self._next.stop()
        self.flush()
        self.app.push_screen(resolving(self.desk, self._walks, self._drafting, self.live))

    def action_escalate(self) -> None:
        from screens.ending import escalating

        self._next.stop()
        self.flush()
        self.app.push_screen(escalating(self.desk, self._walks, self._settings, self._drafting, self.live))

    def action_sent(self) -> None:
        self.app.post_message(LookAtSent(self.live.walk))

    def action_so_far(self) -> None:
        from screens.so_far import SoFarScreen

        self.app.push_screen(SoFarScreen(self.desk, self.live.walk))

    def action_pause(self) -> None:
        self._next.stop()
        self.flush()
        self.save("pause", self._paused())

    async def _paused(self) -> None:
        walk = await self.live.change(lambda walk: self._walks.pause(self.desk.actor, walk))
        self.app.post_message(Ended(walk))

    # Writing

    def flush(self) -> None:
        self._kept.flush()

    def action_note(self) -> None:
        self._step_note.open()

    def action_notes(self) -> None:
        """Beside the walk, and away again; where there is nothing else, back into them."""
        only = self.live.walk.free_notes
        if not only:
            self._notes_beside = self._notes.display = not self._notes_beside
        self.set_focus(self._notes.writing if self._notes.display else self._node.first)

    def action_back(self) -> None:
        """Out of a field or a question within the node first; then the screen before this one."""
        if isinstance(self.focused, (Input, TextArea)):
            self._home()
        elif self._node.step_back():
            self.notice.clear()
        else:
            self.flush()
            super().action_back()

    def _home(self) -> None:
        if self.live.walk.free_notes:
            self.set_focus(self._path)
        else:
            self.set_focus(self._node.first)

    # Which keys there are

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        walk = self.live.walk
        if action == "accept" and isinstance(self.focused, (StepNote, TextArea)):
            return False
        if action == "sent":
            return walk.kind == "ai_build"
        if action in {"answer", "yes", "no", "unsure", "accept", "red_flag", "again", "playbook"}:
            name = f"walk.{action}" + "".join(f"_{each}" for each in parameters)
            return not walk.free_notes and any(name in offer.actions for offer in self._node.offered)
        if action == "notes":
            return not (walk.free_notes and self.typing)
        if action in {"note", "only_notes"}:
            return not walk.free_notes and (action != "note" or walk.pending is not None)
        if action == "take_back":
            return bool(walk.steps) or (walk.free_notes and walk.kind != "adhoc")
        return True


def _where(walk: Walk) -> str:
    """The flow that is walked; a linked one behind the one that it returns to."""
    titles = [walk.trees[frame.tree].title for frame in walk.frames if frame.tree in walk.trees]
    return " › ".join(titles) or "Now"
