"""What else there is to read of a call: its drafts, what went to the PSA, who did what."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.page import Desk, Page
from screens.stages import stages
from screens.text import line, plain
from screens.times import stamp

if TYPE_CHECKING:
    from services.drafting.model import Draft
    from services.team.audit import AuditRow
    from services.walks.writebacks import Writeback


class SectionScreen(Page[None]):
    CSS_PATH = "section.tcss"
    BINDINGS = bindings("help")
    AUTO_FOCUS = "#section"

    def __init__(self, desk: Desk, title: str, read: Callable[[], Awaitable[Iterable[Content]]]) -> None:
        super().__init__(desk)
        self._called = title
        self._read = read
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield VerticalScroll(self._text, id="section")

    def on_mount(self) -> None:
        self.title_bar.show(line(self._called), self.badge)

    def reload(self) -> None:
        self.load("section", self._read, lambda parts: self._text.update(Content("\n").join(parts)))


def drafts(made: "Sequence[Draft]") -> Iterable[Content]:
    for each in made:
        whose = "by a model, checked against the records" if each.by == "model" else "by the template"
        yield Content.assemble((each.kind.replace("_", " ").capitalize(), "bold $text-accent"), f", {whose}")
        yield plain(each.markdown)
        yield Content()


def written(writebacks: "Sequence[Writeback]") -> Iterable[Content]:
    if not writebacks:
        yield Content("Nothing of this call goes to a PSA.")
    for each in writebacks:
        yield Content.assemble((each.kind.capitalize(), "bold $text-accent"), line(f", {each.by.name}"))
        yield from stages(each, under_way=False)
        yield plain(each.text)
        yield Content()


def history(rows: "Sequence[AuditRow]") -> Iterable[Content]:
    for row in rows:
        acting = f" as {row.acting_as.replace('_', ' ')}" if row.acting_as else ""
        did = row.action.removeprefix("l1.session.").replace("_", " ").replace(".", " ")
        told = "; ".join(f"{name}: {value}" for name, value in row.details.items() if value is not None and value != "")
        yield Content.assemble(
            (stamp(row.at), "$text-muted"), "  ", line(f"{row.by or 'nobody'}{acting}"), "  ", line(did, "bold"), "  ",
            line(told, "$text-muted"),
        )  # fmt: skip
