"""The versions of a flow: what is different between each and the one in use, and the way back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.flow_lines import different, heading, state
from screens.layout import Cell, Lanes, Row
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line
from screens.times import stamp
from services.access import Act

if TYPE_CHECKING:
    from services.flows.authoring import Authoring
    from services.flows.history import Compared
    from services.flows.versions import VersionInfo


class VersionsScreen(Page[None]):
    CSS_PATH = "flows.tcss"
    BINDINGS = bindings("versions")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, authoring: "Authoring", slug: str) -> None:
        super().__init__(desk)
        self._with = authoring
        self._slug = slug
        self._versions: tuple[VersionInfo, ...] = ()
        self._rows = Rows(id="lines")
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield Horizontal(self._rows, VerticalScroll(self._text, id="whole"), id="both")

    def on_mount(self) -> None:
        self.title_bar.show(line(f"Versions of {self._slug}"), self.badge)

    def reload(self) -> None:
        self.load("versions", self._read, self._show)

    def heard(self) -> None:
        self.reload()

    async def _read(self) -> tuple["VersionInfo", ...]:
        return await self._with.history.of(self.desk.actor, self._slug)

    def _show(self, versions: tuple["VersionInfo", ...]) -> None:
        self._versions = versions
        self._rows.put([Option(_row(each), id=str(each.number)) for each in versions])
        self.refresh_bindings()

    @property
    def _chosen(self) -> "VersionInfo | None":
        return next((each for each in self._versions if str(each.number) == self._rows.chosen), None)

    def on_option_list_option_highlighted(self) -> None:
        self._compare()
        self.refresh_bindings()

    def _compare(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        before = self._against(chosen)
        if before is None:
            self._text.update(Content("This is the first version."))
        else:
            self.load("difference", lambda: self._difference(before, chosen), self._tell)

    def _against(self, chosen: "VersionInfo") -> "VersionInfo | None":
        """The one in use, or where it is that, the one before it."""
        used = next((each for each in self._versions if each.status == "published"), None)
        if used is not None and used is not chosen:
            return used
        return next((each for each in self._versions if each.number < chosen.number), None)

    async def _difference(self, before: "VersionInfo", chosen: "VersionInfo") -> "Compared":
        return await self._with.history.compare(self.desk.actor, self._slug, before.number, chosen.number)

    def _tell(self, compared: "Compared") -> None:
        chosen = self._chosen
        if chosen is not None and compared.after.number == chosen.number:
            head = heading(f"From v{compared.before.number} to v{chosen.number}")
            self._text.update(Lanes([head, *different(compared.difference)], label=5))

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        chosen = self._chosen
        if action == "roll_back":
            return self.desk.actor.may(Act.REVIEW_FLOWS) and chosen is not None and chosen.status == "retired"
        return True

    def action_roll_back(self) -> None:
        if (chosen := self._chosen) is not None:
            self.save("flow", self._roll_back(chosen.number, self._versions[0].number))

    async def _roll_back(self, number: int, newest: int) -> None:
        try:
            done = await self._with.history.roll_back(self.desk.actor, self._slug, number, newest=newest)
        finally:
            if self.is_attached:
                self.reload()
        self.notice.say(f"v{done.number} is in use; it says what v{number} says.")


def _row(each: "VersionInfo") -> Row:
    return Row(
        Cell(line(state(each.status, each.number), "bold" if each.status == "published" else ""), 16),
        Cell(line(stamp(each.created_at), "$text-muted"), 16),
        Cell(line(each.created_by or "")),
    )
