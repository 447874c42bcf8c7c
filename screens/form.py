"""A form that ends with a changed call: it stays, with everything typed, until the change is stored."""

from abc import abstractmethod
from collections.abc import Iterable
from uuid import UUID

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from screens.actions import bindings
from screens.messages import Ended
from screens.page import Desk, Page
from screens.rows import Rows
from screens.story import Transcript
from screens.text import line
from services.walks.model import Walk


class Form(Page[None]):
    CSS_PATH = "form.tcss"
    BINDINGS = bindings("form")
    HEADING = ""
    PASSING = TYPING = True

    def __init__(self, desk: Desk, walk: Walk | None) -> None:
        """`walk` is the call it is about, told at the right where there is room; None where there is none yet."""
        super().__init__(desk)
        self._about = walk
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
        about = "" if self._about is None else f": {self._about.problem_text}"
        self.title_bar.show(line(f"{self.HEADING}{about}"))
        if self._about is not None:
            self._path.tell(self._about)

    @abstractmethod
    def fields(self) -> Iterable[Widget]: ...

    @abstractmethod
    async def send(self) -> Walk:
        """Does what the form is for. What it raises is told, and the form stays."""

    @abstractmethod
    def forget(self) -> None:
        """What was typed has been sent: the draft is done with."""

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "take" or isinstance(self.focused, Rows)

    def action_take(self) -> None:
        self.focus_next()

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
        self.app.post_message(Ended(walk))
