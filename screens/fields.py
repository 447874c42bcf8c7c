"""Fields for typing: what is pasted into them is as harmless on the screen as everything else."""

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from screens.actions import bindings
from screens.text import pasted

_SIGNS = frozenset({"slash", "backslash", "minus", "plus", "at", "underscore"})
"""Keys that write a sign and whose name, unlike that of all others, is not the one that Unicode gives the sign."""


class Line(Input):
    """One line."""

    BINDINGS = bindings("field")

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """A sign that is typed is text, also where the screen has a use for its key."""
        return key in _SIGNS or super().check_consume_key(key, character)

    def _on_paste(self, event: events.Paste) -> None:
        """Several lines become one: of them the field would keep the first and lose the others."""
        event.text = " ".join(pasted(event.text).splitlines())


UNSAID = -1
"""Of a choice: none of its words is chosen yet."""


class Choice(Widget, can_focus=True):
    """A few words side by side, one of them chosen: ← → or space, or the letter that a word begins with."""

    BINDINGS = bindings("choice")
    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        def __init__(self, choice: "Choice") -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(self, *words: str, chosen: int = 0, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Choice.chosen, chosen)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self.render().cell_length

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        return Content("   ").join(
            [
                Content.assemble(("● ", "$text-accent"), (word, "bold")) if n == self.chosen else Content(f"○ {word}")
                for n, word in enumerate(self._words)
            ]
        )

    def on_key(self, event: events.Key) -> None:
        after = [(self.chosen + by) % len(self._words) for by in range(1, len(self._words) + 1)]
        meant = [n for n in after if event.character and self._words[n].startswith(event.character)]
        if meant:
            event.stop()
            self.chosen = meant[0]

    def action_move(self, by: int) -> None:
        first = by - 1 if by > 0 else 0
        self.chosen = (first if self.chosen == UNSAID else self.chosen + by) % len(self._words)

    def watch_chosen(self) -> None:
        self.post_message(self.Changed(self))

    def on_click(self, event: events.Click) -> None:
        right = 0
        for n, word in enumerate(self._words):
            right += len(word) + 5
            if event.x < right:
                self.chosen = n
                return
