"""The account's scripts: drafts to review, those that are offered, those that are not any more."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.layout import Cell, Row
from screens.page import Desk, Page
from screens.rows import Rows
from screens.script import coloured
from screens.text import line
from services.fixes.scripts.model import StoredTemplate

if TYPE_CHECKING:
    from services.fixes.scripts.library import Scripts


class ScriptsScreen(Page[None]):
    CSS_PATH = "case.tcss"
    BINDINGS = bindings("scripts")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, scripts: "Scripts") -> None:
        super().__init__(desk)
        self._scripts = scripts
        self._found: dict[str, StoredTemplate] = {}
        self._rows = Rows(id="lines")
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield self._rows
        yield VerticalScroll(self._text, id="whole")

    def on_mount(self) -> None:
        self.title_bar.show(Content("Scripts"), self.badge)

    def reload(self) -> None:
        self.load("scripts", self._read, self._show)

    async def _read(self) -> tuple[StoredTemplate, ...]:
        return await self._scripts.listed(self.desk.actor)

    def _show(self, found: tuple[StoredTemplate, ...]) -> None:
        self._found = {str(each.id): each for each in found}
        self._rows.put([Option(_row(each), id=key) for key, each in self._found.items()])
        if not found:
            self._text.update(Content("There are no scripts yet. A fix whose script is kept becomes the first."))
        self.refresh_bindings()

    @property
    def _chosen(self) -> StoredTemplate | None:
        return self._found.get(self._rows.chosen or "")

    def on_option_list_option_highlighted(self) -> None:
        if (chosen := self._chosen) is not None:
            self._text.update(coloured(chosen.template.script))
        self.refresh_bindings()

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        chosen = self._chosen
        match action:
            case "fill":
                return chosen is not None
            case "accept":
                return chosen is not None and chosen.status == "draft"
            case "retire":
                return chosen is not None and chosen.status != "retired"
        return True

    def on_option_list_option_selected(self) -> None:
        self.action_fill()

    def action_fill(self) -> None:
        from screens.fill import FillScreen

        if (chosen := self._chosen) is not None:
            self.app.push_screen(FillScreen(self.desk, chosen.title, chosen.template))

    def action_accept(self) -> None:
        self._change(lambda chosen: self._scripts.accept(self.desk.actor, chosen), "It is offered from now on.")

    def action_retire(self) -> None:
        self._change(lambda chosen: self._scripts.retire(self.desk.actor, chosen), "It is not offered any more.")

    def _change(self, make: Callable[[StoredTemplate], Awaitable[StoredTemplate]], said: str) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.save("scripts", self._changed(make, chosen, said))

    async def _changed(
        self, make: Callable[[StoredTemplate], Awaitable[StoredTemplate]], chosen: StoredTemplate, said: str
    ) -> None:
        try:
            await make(chosen)
        finally:
            if self.is_attached:
                self.reload()
        self.notice.say(said)


def _row(each: StoredTemplate) -> Row:
    return Row(
        Cell(line(each.title, "bold" if each.status == "accepted" else "")),
        Cell(line(each.template.script.language, "$text-muted"), 10, needs=60),
        Cell(line(each.status), 8),
    )
