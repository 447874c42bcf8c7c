"""Calls like this one that ended well, and what helped there."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.engineering import Engineering
from screens.layout import Cell, Row
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line, plain
from screens.times import stamp
from services.fixes.model import Case, Suggestion

if TYPE_CHECKING:
    from services.fixes.similar import Similar


class LikeScreen(Page[None]):
    CSS_PATH = "case.tcss"
    BINDINGS = bindings("like")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, engineering: Engineering, case: Case, suggest: Callable[[Suggestion], None]) -> None:
        super().__init__(desk)
        self._with = engineering
        self._case = case
        self._suggest = suggest
        self._found: tuple[Similar, ...] = ()
        self._rows = Rows(id="lines")
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield self._rows
        yield VerticalScroll(self._text, id="whole")

    def on_mount(self) -> None:
        self.title_bar.show(line(f"Calls like this: {self._case.walk.problem_text}"))

    def reload(self) -> None:
        self.load("like", self._read, self._show)

    async def _read(self) -> "tuple[Similar, ...]":
        return await self._with.similar.of(self.desk.actor, self._case.walk)

    def _show(self, found: "tuple[Similar, ...]") -> None:
        self._found = found
        self._rows.put([Option(_row(each), id=str(number)) for number, each in enumerate(found)])
        if not found:
            self._text.update(Content("No call that was like this one has ended well yet."))
        self.refresh_bindings()

    @property
    def _chosen(self) -> "Similar | None":
        chosen = self._rows.chosen
        return None if chosen is None else self._found[int(chosen)]

    def on_option_list_option_highlighted(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            why = ", ".join(chosen.why)
            self._text.update(
                Content.assemble(
                    plain(chosen.problem, "bold"),
                    "\n",
                    plain(chosen.suggestion.rationale),
                    "\n",
                    line(why, "$text-muted"),
                )
            )

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return action != "take" or self._chosen is not None

    def on_option_list_option_selected(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.app.pop_screen()
            self._suggest(chosen.suggestion)


def _row(each: "Similar") -> Row:
    sure = f"{each.suggestion.confidence} of 100"
    return Row(
        Cell(line(each.suggestion.title, "bold")),
        Cell(line(each.problem, "$text-muted"), needs=90),
        Cell(line(stamp(each.at)), 12, needs=70),
        Cell(Content(sure), 10, right=True),
    )
