"""Every key of the screen before this one, from the same list that its bindings are made of."""

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import Action, bindings
from screens.layout import Lane, Lanes
from screens.page import Desk, Page

_PLACES = {
    "app": "Everywhere",
    "page": "Everywhere",
    "list": "In a list",
    "form": "In a form",
    "choice": "In a form",
    "field": "In a field",
    "notes": "In the notes",
}


class HelpScreen(Page[None]):
    CSS_PATH = "help.tcss"
    BINDINGS = bindings("help")
    AUTO_FOCUS = "#keys"

    def __init__(self, desk: Desk, actions: Sequence[Action]) -> None:
        super().__init__(desk)
        self._actions = actions

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="keys"):
            yield Static(Lanes(list(self._lanes()), label=12))

    def on_mount(self) -> None:
        self.title_bar.show(Content("Help"))

    def _lanes(self) -> Iterable[Lane]:
        here = [each for each in self._actions if each.place not in _PLACES]
        for heading, keys in (("Here", here), *self._others()):
            if keys:
                yield Lane(Content(), Content.styled(f"\n{heading}", "bold underline"))
                yield from (self._lane(each) for each in keys)

    def _others(self) -> Iterable[tuple[str, list[Action]]]:
        for heading in dict.fromkeys(_PLACES.values()):
            yield heading, [each for each in self._actions if _PLACES.get(each.place) == heading]

    def _lane(self, action: Action) -> Lane:
        words = Content.assemble((action.words, "bold"), f"  {action.help}")
        return Lane(Content.styled(self.desk.keys.of(action.id), "bold $text-accent"), words)
