"""Asks before something is lost."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.actions import bindings
from screens.keybar import KeyBar


class ConfirmScreen(ModalScreen[bool]):
    CSS_PATH = "confirm.tcss"
    BINDINGS = bindings("ask")

    def __init__(self, lost: str) -> None:
        """`lost` is what would be, in words of our own."""
        super().__init__()
        self._lost = lost

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Static(Content.assemble("There is ", (self._lost, "bold"), ". Quit all the same?"))
            yield KeyBar()

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)
