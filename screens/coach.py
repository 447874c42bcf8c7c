"""The tutor's bar above the keys: what the caller says now, and what to do next."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from screens.actions import Keys
from screens.escalate import EscalateScreen
from screens.help import HelpScreen
from screens.intake import IntakeScreen
from screens.layout import Lane, Lanes
from screens.page import Page
from screens.queue import QueueScreen
from screens.resolve import ResolveScreen
from screens.rows import Rows
from screens.session import SessionScreen
from screens.text import line, plain
from screens.walk import WalkScreen
from services.tutor.coach import Place, Spot

if TYPE_CHECKING:
    from services.tutor.coach import Advice
    from services.tutor.tutor import Tutor

LOOK_SECONDS = 0.1
LABEL = 8
_KEY = re.compile(r"\{([a-z_0-9.]+)\}")

_PLACES: Mapping[type[Page[Any]], Place] = {
    QueueScreen: "queue",
    IntakeScreen: "intake",
    WalkScreen: "walk",
    ResolveScreen: "resolve",
    EscalateScreen: "escalate",
    SessionScreen: "story",
    HelpScreen: "help",
}


class Coach(Static):
    """Looks again and again at what is really on the screen: no screen has to tell it, so none can forget to."""

    class Finished(Message):
        """Every call of the course is done."""

    def __init__(self, keys: Keys, tutor: "Tutor") -> None:
        super().__init__(id="coach")
        self._keys = keys
        self._tutor = tutor
        self._shown: Advice | None = None

    def on_mount(self) -> None:
        self.set_interval(LOOK_SECONDS, self._look)
        self._look()

    def _look(self) -> None:
        page = self.screen
        if isinstance(page, Page) and page.in_front:
            page.load("coach", lambda: self._tutor.advice(spot(page)), self._show)

    def _show(self, advice: "Advice") -> None:
        if advice == self._shown:
            return
        self._shown = advice
        self.update(Lanes(list(self._lanes(advice)), label=LABEL), layout=False)
        if advice.done:
            self.post_message(self.Finished())

    def _lanes(self, advice: "Advice") -> "list[Lane]":
        said = [Lane(Content.styled("CALLER", "bold $text-accent"), line(f"“{advice.line.caller}”", "italic"))]
        coach = Lane(Content.styled("TUTOR", "bold $text-success"), with_keys(advice.line.coach, self._keys))
        return [*(said if advice.line.caller else []), coach]


def spot(page: Page[object]) -> Spot:
    """What the person has in front of them."""
    field = page.focused
    return Spot(
        place=_PLACES.get(type(page), "elsewhere"),
        shown=page.call_id,
        field=field.id or "" if isinstance(field, (Input, TextArea)) else "",
        listed=tuple(option.id or "" for rows in page.query(Rows) for option in rows.options),
    )


def with_keys(text: str, keys: Keys) -> Content:
    """`text` with the person's keys in place of the actions' ids in braces."""
    # Split by one group: every second part is an id.
    parts = _KEY.split(text)
    told = [
        Content.styled(keys.of(part), "bold $text-accent") if n % 2 else plain(part) for n, part in enumerate(parts)
    ]
    return Content().join(told)
