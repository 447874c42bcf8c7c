"""A form that ends with a changed call: it stays, with everything typed, until the change is stored."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual.containers import Horizontal, Vertical
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input

from screens.actions import bindings
from screens.messages import Ended
from screens.page import Desk, Page
from screens.rows import Rows
from screens.story import Transcript
from screens.text import line
from services.walks.model import Walk

HEIGHTS = [(0, "-low"), (45, "-high")]
"""From so many lines on, the screen has the class."""


class Form(Page[None]):
    CSS_PATH: ClassVar[CSSPathType | None] = "form.tcss"
    BINDINGS = bindings("form")
    VERTICAL_BREAKPOINTS = HEIGHTS
    HEADING = ""
    PASSING = TYPING = True

    def __init__(self, desk: Desk, walk: Walk | None, problem: str = "") -> None:
        """`walk` is the call it is about, told at the right where there is room; where there is none yet, `problem`
        says what it will be about."""
        super().__init__(desk)
        self._about = walk
        self._problem = problem if walk is None else walk.problem_text
        self._path = Transcript()
        self._sending = False

    @property
    def call_id(self) -> UUID | None:
        return None if self._about is None else self._about.id

    def content(self) -> Iterable[Widget]:
        with Horizontal(id="form"):
            with Vertical(id="fields"):
                yield from self.fields()
            if self._about is not None:
                yield self._path

    def on_mount(self) -> None:
        self.title_bar.show(line(f"{self.HEADING}: {self._problem}" if self._problem else self.HEADING))
        if self._about is not None:
            self._path.tell(self._about)

    @abstractmethod
    def fields(self) -> Iterable[Widget]: ...

    @abstractmethod
    async def send(self) -> Walk | None:
        """Does what the form is for, and gives the call that has ended with it. What it raises is told, and the form
        stays."""

    @abstractmethod
    def forget(self) -> None:
        """What was typed has been sent: the draft is done with."""

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "take" or isinstance(self.focused, Rows)

    def action_take(self) -> None:
        self.focus_next()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        if not self._sending:
            self._sending = True
            self.notice.ask("Storing")
            self.save("form", self._send())

    async def _send(self) -> None:
        try:
            walk = await self.send()
        finally:
            self._sending = False
        self.forget()
        self.sent(walk)

    def sent(self, walk: Walk | None) -> None:
        if walk is not None:
            self.app.post_message(Ended(walk))


class KeptForm(Form):
    """A form that goes back to where it was opened once what it is for is stored. Left before that, it keeps what was
    changed in it."""

    PASSING = False

    def __init__(self, desk: Desk, walk: Walk | None, problem: str = "", keeps: tuple[UUID, str] | None = None) -> None:
        """`keeps`: what its texts are kept under; None keeps none."""
        super().__init__(desk, walk, problem)
        self._keeps = keeps
        self._at_first: tuple[str, ...] = ()
        self._overtaken = False

    def on_mount(self) -> None:
        if self._overtaken:
            self.notice.ask(
                "What you typed is kept; what it is about has been changed since: yours would replace that."
            )

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed."""
        return ()

    def kept(self, *begun: str) -> tuple[str, ...]:
        """What was typed when it was left, else what it begins with."""
        self._at_first = begun
        if self._keeps is None:
            return begun
        self._overtaken = self.desk.drafts.at_first.get(self._keeps, begun) != begun
        return self.desk.drafts.at_the_desk.get(self._keeps, begun)

    @property
    def unsaved(self) -> str | None:
        changed = self._keeps is not None and self.texts != self._at_first
        return "something typed in a form that is not stored" if changed else None

    def action_back(self) -> None:
        if self._keeps is not None:
            if self.texts == self._at_first:
                self.forget()
            else:
                self.desk.drafts.at_the_desk[self._keeps] = self.texts
                self.desk.drafts.at_first[self._keeps] = self._at_first
        super().action_back()

    def sent(self, walk: Walk | None) -> None:
        if self.in_front:
            super().action_back()

    def forget(self) -> None:
        if self._keeps is not None:
            self.desk.drafts.at_the_desk.pop(self._keeps, None)
            self.desk.drafts.at_first.pop(self._keeps, None)
