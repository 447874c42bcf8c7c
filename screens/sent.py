"""What of a call has left this machine: word for word, with the placeholders that went out instead of names."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.page import Desk, Page
from screens.text import line, plain

if TYPE_CHECKING:
    from services.ai.speaker import Sent


class SentScreen(Page[None]):
    CSS_PATH = "help.tcss"
    BINDINGS = bindings("help")
    AUTO_FOCUS = "#keys"

    def __init__(self, desk: Desk, sent: "Sequence[Sent]") -> None:
        super().__init__(desk)
        self._sent = sent

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="keys"):
            yield Static(Content.assemble(*self._parts()))

    def on_mount(self) -> None:
        self.title_bar.show(Content("What was sent to the model"))

    def _parts(self) -> Iterable[Content | str]:
        if not self._sent:
            yield Content("Nothing of this call was sent anywhere from here.")
        for each in self._sent:
            cost = each.usage.cost(each.model) / 10_000
            told = f"{each.at.astimezone():%H:%M:%S}  {each.purpose.replace('_', ' ')}  {each.model}  {each.outcome}"
            yield line(f"{told}  {cost:.3f} US cents", "bold $text-accent")
            yield "\n"
            yield plain(each.data)
            yield "\n\n"
        for system in dict.fromkeys(each.system for each in self._sent):
            purposes = dict.fromkeys(each.purpose.replace("_", " ") for each in self._sent if each.system == system)
            yield line(f"What we said with each of these: {', '.join(purposes)}", "bold $text-accent")
            yield "\n"
            yield plain(system)
            yield "\n"
