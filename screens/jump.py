"""To any part of the screen by one digit."""

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.keybar import KeyBar
from screens.layout import Lane, Lanes

MOST = 9
_NAMES = {
    "calls": "the calls",
    "filter": "the filter",
    "problem": "what the caller says",
    "customer": "the customer",
    "contact": "the contact",
    "matches": "what fits",
    "lanes": "the step",
    "value": "the field of the step",
    "step-note": "the note on this step",
    "entry": "the free notes",
    "entries": "the notes before",
    "banner": "what the engineer asks",
    "text": "the text",
    "categories": "why",
    "story": "the story",
    "keys": "what is shown",
}


def parts(screen: Screen[Any]) -> list[tuple[str, Widget]]:
    """Everything on the screen that can have the focus, with what a person calls it."""
    return [(_name(widget), widget) for widget in screen.focus_chain][:MOST]


def _name(widget: Widget) -> str:
    if widget.id in _NAMES:
        return _NAMES[widget.id]
    return "so far" if type(widget).__name__ == "Transcript" else f"the {type(widget).__name__.lower()}"


class JumpScreen(ModalScreen[Widget | None]):
    CSS_PATH = "confirm.tcss"
    BINDINGS = bindings("jump")

    def __init__(self, where: Sequence[tuple[str, Widget]]) -> None:
        super().__init__()
        self._where = where

    def compose(self) -> ComposeResult:
        lanes = [
            Lane(Content.styled(str(number), "bold $text-accent"), Content(name))
            for number, (name, _) in enumerate(self._where, 1)
        ]
        with Vertical(id="asked"):
            yield Static(Lanes(lanes, label=3))
            yield KeyBar()

    def on_key(self, event: events.Key) -> None:
        if event.key.isdecimal() and 0 < int(event.key) <= len(self._where):
            event.stop()
            self.dismiss(self._where[int(event.key) - 1][1])

    def action_stay(self) -> None:
        self.dismiss(None)
