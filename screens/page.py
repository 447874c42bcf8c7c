"""What every screen has: title, notice, keys at the foot; loads that belong to it, saves that outlive it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from screens.actions import Keys, bindings
from screens.drafts import Drafts
from screens.keybar import KeyBar
from screens.layout import Cell, Row
from screens.messages import FieldIsThere
from screens.notice import Notice, Unexpected
from screens.text import one_line
from services.access import COVERAGE, Act, Actor
from services.clock import Clock
from services.errors import Trouble

if TYPE_CHECKING:
    from screens.engineering import Engineering
    from services.team.live import Live

T = TypeVar("T")

SAVES = "save:"
"""How the groups of workers begin that quitting waits for."""

WIDTHS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]
"""From so many columns on, the screen has the class."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every screen of one person is given."""

    actor: Actor
    keys: Keys
    drafts: Drafts
    clock: Clock
    sheets: Path
    """Where texts lie that are worked on in an editor."""
    engineering: "Callable[[], Engineering] | None" = None
    """What engineers work with; None with the tutor."""
    team: "Callable[[], Live] | None" = None
    """What the account's other people do; None where one is alone, as with the tutor."""
    coach: Callable[[], Widget] | None = None
    """Makes the tutor's bar, for every screen one; None outside the tutor."""


class TitleBar(Static):
    """What this is, and at the right what changes."""

    def show(self, title: Content, *cells: Cell) -> None:
        self.update(Row(Cell(Content.styled("rfl1", "bold"), 4), Cell(title), *cells), layout=False)


class Page(Screen[ScreenResultType]):
    BINDINGS = bindings("page")
    HORIZONTAL_BREAKPOINTS = WIDTHS
    PASSING = False
    """Gives way to the screen that it leads to."""
    GIVEN = False
    """Is made with what it shows: the first showing needs no reading."""
    TYPING = False
    """Begins with a field that has the focus: what is typed before the field is there belongs to it."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)  # what looks otherwise repaints itself

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title_bar = TitleBar(id="title")
        self.notice = Notice(id="notice")
        self._shown = False
        self._field_is_there = False
        self.early: list[events.Event] = []
        """What was typed too early, in its order."""
        self._wanted: dict[str, Callable[[], Awaitable[None]]] = {}
        self._reading: set[str] = set()

    def compose(self) -> ComposeResult:
        yield self.title_bar
        with Container(id="body"):
            yield from self.body()
        if self.desk.coach is not None:
            yield self.desk.coach()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """What stands between the title and the keys; the notice among it, where the eye is."""
        yield from self.content()
        yield self.notice

    def content(self) -> Iterable[Widget]:
        """What stands between the title and the notice."""
        return ()

    @property
    def call_id(self) -> UUID | None:
        """The session it is about."""
        return None

    @property
    def in_front(self) -> bool:
        return self.app.screen_stack[-1:] == [self]

    def done_with(self, session_id: UUID) -> bool:
        """Whether it has nothing more to show once this call has ended."""
        return self.call_id == session_id or (self.PASSING and self.call_id is None)

    @property
    def unsaved(self) -> str | None:
        """What is typed here and could not be stored, in words."""
        return None

    @property
    def badge(self) -> Cell:
        """Who works here; says so where an engineer covers level 1."""
        actor = self.desk.actor
        covering = actor.acting_as == COVERAGE and actor.may(Act.TAKE_CALLS)
        if covering:
            return Cell(Content.styled("▲ covers level 1", "$text-warning"), 16, right=True)
        return Cell(Content(actor.role.replace("_", " ")), 16, right=True)

    # Keys typed ahead of the screen: each waits until those before it have done what they do.

    @property
    def too_early(self) -> bool:
        """Whether what is typed now is meant for a field that is not there yet."""
        return self.TYPING and not self._field_is_there

    def on_descendant_focus(self) -> None:
        if not self._field_is_there:
            self._field_is_there = True
            self.app.post_message(FieldIsThere())

    async def typed(self) -> None:
        """The field with the focus has taken what was typed into it so far."""
        passed = asyncio.Event()
        if self.typing and self.focused is not None and self.focused.call_later(passed.set):
            with contextlib.suppress(TimeoutError):  # it went away
                async with asyncio.timeout(1):
                    await passed.wait()

    # Loads: in a worker of the screen. Asked again while one runs, only the newest is read and shown.

    def load(self, group: str, read: Callable[[], Awaitable[T]], show: Callable[[T], None]) -> None:
        async def once() -> None:
            result = await read()
            if group not in self._wanted and self.is_attached:
                show(result)

        self._wanted[group] = once
        if group not in self._reading:
            self._reading.add(group)
            self.run_worker(self._load(group), group=f"load:{group}", exit_on_error=False)

    async def _load(self, group: str) -> None:
        try:
            while (once := self._wanted.pop(group, None)) is not None:
                await self._told(once())
        finally:
            self._reading.discard(group)

    # Saves: in a worker of the app, so that leaving the screen cancels none.

    def save(self, group: str, work: Coroutine[Any, Any, None]) -> Worker[bool]:
        """Gives whether it went well; where not, that was told."""
        return self.app.run_worker(self._told(work), group=f"{SAVES}{group}", exit_on_error=False)

    async def _told(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except Trouble as trouble:
            self.tell(trouble)
            return False
        return True

    def tell(self, trouble: Trouble) -> None:
        """Where the eye is: here, or as a toast where this screen is not to be seen any more."""
        if self.in_front:
            self.notice.tell(trouble)
        else:
            self.app.notify(one_line(str(trouble)), severity="error", markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.tell(Unexpected(event.worker.error))

    def on_screen_suspend(self) -> None:
        self.notice.outdate()

    def on_screen_resume(self) -> None:
        if self._shown or not self.GIVEN:
            self.reload()
        self._shown = True

    def reload(self) -> None:
        """Reads again what is shown."""

    def heard(self) -> None:
        """Something of the account may have changed, here or elsewhere."""

    def tells(self, event: str) -> bool:
        """Whether what happened stands on this screen by itself, and needs no other word."""
        return False

    def left(self) -> None:
        """The app is about to end."""

    def flush(self) -> None:
        """Stores what is typed and not stored yet, without waiting for it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"next_field", "previous_field"}:
            return self.typing
        if action in {"focus_next", "focus_previous"}:
            return not self.typing
        return self.allows(action, parameters)

    @property
    def typing(self) -> bool:
        """Whether a field takes the letters."""
        return self.focused is not None and self.focused.check_consume_key("x", "x")

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether there is something for the action to do now; where not, its key is not shown either."""
        return True

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_jump(self) -> None:
        from screens.jump import JumpScreen, parts

        self.app.push_screen(JumpScreen(parts(self)), self._jumped)

    def _jumped(self, part: Widget | None) -> None:
        if part is not None:
            self.set_focus(part)

    def action_refresh(self) -> None:
        self.notice.clear()
        self.reload()

    def action_back(self) -> None:
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
