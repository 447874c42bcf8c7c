"""A list of lines that keeps its cursor on the same thing when it is read again."""

from collections.abc import Sequence

from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.actions import bindings


class Rows(OptionList, inherit_bindings=False):
    """What stands in it are `Option`s of one line whose prompts are visuals, never strings; ids are those of what they
    show."""

    BINDINGS = bindings("list")

    highlighted: reactive[int | None] = reactive(None, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)

    @property
    def chosen(self) -> str | None:
        """The id of the highlighted line."""
        option = self.highlighted_option
        return None if option is None else option.id

    def _watch_highlighted(self, before: int | None, after: int | None) -> None:
        """Only these two look otherwise now."""
        for line in (before, after):
            if line is not None:
                self.refresh_line(line)

    def put(self, options: Sequence[Option], *, at: str | None = None, first: bool = True) -> None:
        """Shows other lines; the cursor stays on its thing, or near where that was, or goes to the line `at`. Where
        it stood on none, it goes to the `first` or stays on none."""
        before, place, scrolled = self.chosen, self.highlighted, self.scroll_y
        self.set_options(options)
        if not self.options:
            return
        ids = [option.id for option in self.options]
        wanted = next((each for each in (at, before) if each is not None and each in ids), None)
        if wanted is not None:
            self.highlighted = ids.index(wanted)
        elif place is not None:
            self.highlighted = self._enabled_from(min(place, len(ids) - 1))
        elif first:
            self.action_first()
        if at is None or wanted != at:
            self.scroll_to(y=scrolled, animate=False)

    def go_to(self, line: str) -> None:
        """To the line with this id."""
        self.highlighted = self.get_option_index(line)

    def _enabled_from(self, place: int) -> int | None:
        ways = [*range(place, len(self.options)), *range(place - 1, -1, -1)]
        return next((index for index in ways if not self.options[index].disabled), None)
