"""The field for several lines. By itself, because the first screen does without its weight."""

from textual import events
from textual.content import Content
from textual.widgets import TextArea

from screens.text import clean, pasted


class Writing(TextArea):
    """Several lines; tab leaves it. One goes on where the text ends."""

    def __init__(self, text: str = "", *, hint: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            clean(text), tab_behavior="focus", highlight_cursor_line=False, placeholder=Content(hint), id=id
        )

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = pasted(event.text)

    @property
    def at_last_line(self) -> bool:
        """Whether the cursor could not go further down."""
        return self.get_cursor_down_location()[0] == self.cursor_location[0] and self.cursor_at_last_line
