"""One flow as a tree, with what was missing in its calls; from here it is changed, published and retired."""

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.flow_lines import about, branch, whole
from screens.flow_sheets import Left, left
from screens.layout import Cell, Lane, Lanes, Row
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line, plain
from screens.times import stamp
from services.access import Act
from services.fixes.model import Missed
from services.flows.outline import Branch, outline

if TYPE_CHECKING:
    from services.flows.authoring import Authoring
    from services.flows.library import FlowDetail
    from services.flows.manuscript import Manuscript
    from services.flows.versions import VersionInfo
    from services.stats.records import FlowRecord


@dataclass(frozen=True, slots=True)
class Shown:
    detail: "FlowDetail"
    missing: tuple[Missed, ...]
    record: "FlowRecord"
    left: Left
    """What was typed that is not stored."""

    @property
    def waiting(self) -> int | None:
        """The number of a draft that is newer than what is shown."""
        newest = self.detail.versions[0]
        return newest.number if newest.status == "draft" and newest.number != self.detail.number else None

    @property
    def can_publish(self) -> bool:
        """Whether something is to be put into use: a draft, or the flow as a whole."""
        return self.waiting is not None or self.detail.status != "published"


class FlowScreen(Page[None]):
    CSS_PATH = "flows.tcss"
    BINDINGS = bindings("flow")
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, authoring: "Authoring", slug: str) -> None:
        super().__init__(desk)
        self._with = authoring
        self._slug = slug
        self._now: Shown | None = None
        self._lines: dict[str, Branch | Missed] = {}
        self._about = Static(id="about")
        self._rows = Rows(id="lines")
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield self._about
        yield Horizontal(self._rows, VerticalScroll(self._text, id="whole"), id="both")

    def on_mount(self) -> None:
        self.title_bar.show(line(self._slug), self.badge)

    def reload(self) -> None:
        self.load("flow", self._read, self._show)

    def heard(self) -> None:
        self.load("heard", self._versions, self._changed)

    async def _versions(self) -> "tuple[VersionInfo, ...]":
        return await self._with.history.of(self.desk.actor, self._slug)

    def _changed(self, versions: "tuple[VersionInfo, ...]") -> None:
        """Only where another version came, or another one is in use: the account rings for whatever changes."""
        shown = self._now
        if shown is None or versions == shown.detail.versions:
            return
        self.reload()
        newest = versions[0]
        if newest.number > shown.detail.versions[0].number and newest.created_by != self.desk.actor.name:
            self.notice.say(
                f"{newest.created_by or 'Somebody'} has just written v{newest.number}; this is how it stands."
            )

    async def _read(self) -> Shown:
        actor = self.desk.actor
        detail = await self._with.library.show(actor, self._slug)
        missing = await self._with.missing.of_flow(actor, self._slug)
        record = await self._with.records.of_flow(actor, self._slug)
        return Shown(detail, missing, record, left(self.desk.sheets, self._slug))

    def _show(self, shown: Shown) -> None:
        self._now = shown
        self.title_bar.show(line(shown.detail.flow.title), self.badge)
        self._about.update(about(shown.detail, shown.waiting, begun=bool(shown.left.mine)))
        branches = outline(shown.detail.flow)
        self._lines = {f"missing {each.id}": each for each in shown.missing}
        self._lines |= {f"node {each.id}": each for each in branches}
        missing = [Option(_row(each), id=f"missing {each.id}") for each in shown.missing]
        heads = [_heading("Missing in calls of it"), *missing, _heading("The flow")] if missing else []
        self._rows.put(
            [
                *heads,
                *(
                    Option(Row(*branch(each, shown.record.nodes.get(each.key))), id=f"node {each.id}")
                    for each in branches
                ),
            ]
        )
        self._tell()
        self.refresh_bindings()
        if not self.allows("edit", ()) or self.notice.has_news:
            return
        if shown.left.mine:
            self.notice.ask(
                f"You have begun to change it: {self.desk.keys.of('flow.edit')} goes on with what you typed."
            )
        elif shown.left.elsewhere:
            self.notice.ask(f"You are changing it {shown.left.elsewhere}.")

    @property
    def _chosen(self) -> Branch | Missed | None:
        return self._lines.get(self._rows.chosen or "")

    def on_option_list_option_highlighted(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        match self._chosen:
            case Missed() as missed:
                self._text.update(_told(missed))
            case Branch(node=node, key=key) if node is not None:
                record = None if self._now is None else self._now.record.nodes.get(key)
                self._text.update(whole(key, node, record))
            case _:
                self._text.update(Content())

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        shown, may = self._now, self.desk.actor.may(Act.REVIEW_FLOWS)
        match action:
            case "edit":
                return may and shown is not None
            case "publish":
                return may and shown is not None and shown.can_publish
            case "retire":
                return may and shown is not None and shown.detail.status == "published"
            case "seen_to":
                return may and isinstance(self._chosen, Missed)
            case "follow":
                return isinstance(self._chosen, Branch) and self._chosen.again
            case "picture" | "versions":
                return shown is not None
        return True

    # What is done

    def on_option_list_option_selected(self) -> None:
        self.action_follow()

    def action_follow(self) -> None:
        chosen = self._chosen
        if isinstance(chosen, Branch) and chosen.again:
            branches = {name: each for name, each in self._lines.items() if isinstance(each, Branch)}
            self._rows.go_to(next(n for n, each in branches.items() if each.key == chosen.key and not each.again))

    def action_edit(self) -> None:
        from screens.revision import begin

        self.load("manuscript", self._begin, lambda manuscript: begin(self, self._with, manuscript))

    async def _begin(self) -> "Manuscript":
        return await self._with.revising.begin(self.desk.actor, self._slug)

    def action_publish(self) -> None:
        """After a look at what is different, and what recorded calls say of it."""
        from screens.revision import RevisionScreen

        def show(manuscript: "Manuscript") -> None:
            self.app.push_screen(RevisionScreen(self.desk, self._with, manuscript, None))

        self.load("manuscript", self._begin, show)

    def action_retire(self) -> None:
        if (shown := self._now) is not None:
            newest = shown.detail.versions[0].number
            done = self._with.library.retire(self.desk.actor, self._slug, newest=newest)
            self.save("flow", self._change(done, "It is out of use."))

    def action_seen_to(self) -> None:
        missed = self._chosen
        if isinstance(missed, Missed):
            done = self._with.missing.seen_to(self.desk.actor, missed.id)
            self.save("flow", self._change(done, "Seen to."))

    async def _change(self, work: Coroutine[Any, Any, object], said: str) -> None:
        try:
            await work
        finally:
            if self.is_attached:
                self.reload()
        self.notice.say(said)

    def action_versions(self) -> None:
        from screens.flow_versions import VersionsScreen

        self.app.push_screen(VersionsScreen(self.desk, self._with, self._slug))

    def action_picture(self) -> None:
        """As an SVG in a file: no terminal draws one."""
        from screens.copying import written
        from services.flows.drawing import svg

        if self._now is not None:
            self.notice.say(written(svg(self._now.detail.flow), self.desk.sheets / f"{self._slug}.svg"))


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold $text-accent"), disabled=True)


def _row(each: Missed) -> Row:
    return Row(
        Cell(Content.assemble(("▲ ", "$text-warning"), line(each.text))),
        Cell(line(each.node_text, "$text-muted"), 30, needs=90),
    )


def _told(missed: Missed) -> Lanes:
    lanes = [
        ("missing", plain(missed.text, "bold")),
        ("at", plain(missed.node_text or "the whole flow")),
        ("says", line(f"{missed.by.name}, {stamp(missed.at)}")),
    ]
    return Lanes([Lane(Content.styled(label, "$text-muted"), text) for label, text in lanes], label=9)
