"""What came back from the editor, before anything is stored: mistakes to mend, or what is different and what the
recorded calls say of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens import flow_sheets
from screens.actions import bindings
from screens.editor import Sheet
from screens.flow_lines import different, heading, told, tried
from screens.layout import Lane, Lanes
from screens.page import Desk, Page
from screens.text import line
from services.errors import Conflict, Trouble
from services.flows.manuscript import Manuscript

if TYPE_CHECKING:
    from services.flows.authoring import Authoring
    from services.flows.recorded import Checked
    from services.flows.revising import Revision
    from services.flows.versions import VersionInfo


class RevisionScreen(Page[None]):
    CSS_PATH = "flows.tcss"
    BINDINGS = bindings("revision")
    AUTO_FOCUS = "#whole"

    def __init__(
        self, desk: Desk, authoring: "Authoring", manuscript: Manuscript, sheet: Sheet | None, news: str = ""
    ) -> None:
        """`sheet` is where the text was typed; None where it is a draft of the store. `news` is told with it."""
        super().__init__(desk)
        self._with = authoring
        self._manuscript = manuscript
        self._sheet = sheet
        self._seen: Revision | None = None
        self._checked: Checked | None = None
        self._news = news
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield VerticalScroll(self._text, id="whole")

    def on_mount(self) -> None:
        self.title_bar.show(line(self._manuscript.slug or "A new flow"), self.badge)

    def action_back(self) -> None:
        self.on_unmount()  # before the screen behind it looks what is left
        super().action_back()

    def on_unmount(self) -> None:
        if self._sheet is not None:
            self._sheet.let_go()

    def reload(self) -> None:
        self.load("revision", self._look, self._show)

    def heard(self) -> None:
        """The account rings for whatever changes: only another version of this flow is news."""
        seen = self._seen
        if seen is not None and seen.newest is not None:
            self.load("heard", self._newest, self._changed)

    async def _newest(self) -> int:
        return (await self._with.history.of(self.desk.actor, self._manuscript.slug))[0].number

    def _changed(self, newest: int) -> None:
        if self._seen is None or newest != self._seen.number:
            self.reload()

    async def _look(self) -> "Revision":
        given = self._manuscript
        seen = await self._with.revising.look(self.desk.actor, given.slug, given.number, given.text)
        newest = seen.newest
        if not given.slug or newest is None or newest.number == given.number:
            return seen
        # Somebody else's version comes before this one; what is different from it is shown before this is stored.
        by = "You have" if newest.created_by == self.desk.actor.name else f"{newest.created_by or 'Somebody'} has"
        self._news = f"{by} written v{newest.number} since: this is compared with it. "
        return replace(seen, number=newest.number)

    def _show(self, seen: "Revision") -> None:
        self._seen, self._checked = seen, None
        self._tell()
        self.refresh_bindings()
        if seen.faults:
            self._ask_for_mending(seen)
        elif seen.newest is not None:
            self.load("recorded", self._check, self._tried)
        else:
            self._ask()

    async def _check(self) -> "Checked | None":
        seen = self._seen
        if seen is None or seen.file is None:
            return None
        return await self._with.recorded.check(self.desk.actor, seen.slug, flow=seen.file.flow)

    def _tried(self, checked: "Checked | None") -> None:
        self._checked = checked
        self._tell()
        self._ask()

    def _ask_for_mending(self, seen: "Revision") -> None:
        number = len(seen.faults)
        keys = self.desk.keys
        mend = f"{keys.of('revision.edit')} mends {'it' if number == 1 else 'them'}"
        self.notice.ask(
            f"{number} to mend; {mend}. What you typed is kept: {keys.of('page.back')} leaves it for later."
        )

    def _ask(self) -> None:
        seen, key = self._seen, self.desk.keys.of
        if seen is None:
            return
        keep = "" if self._sheet is None else f", {key('revision.keep')} keeps it as a draft"
        broken = 0 if self._checked is None else self._checked.broken
        would = f"{broken} recorded call{'' if broken == 1 else 's'} would not get through it. " if broken else ""
        what = f"{key('revision.publish')} publishes it{' all the same' if broken else ''}{keep}."
        what = "A stub is left: fill it in before it is published." if seen.stubs else what
        self.notice.ask(f"{self._news}{would}{what}")

    def _tell(self) -> None:
        self._text.update(Lanes(list(self._lanes()), label=5))

    def _lanes(self) -> Iterator[Lane]:
        seen = self._seen
        if seen is None:
            return
        if seen.faults:
            yield heading("To be mended")
            yield from told(seen.faults, "$text-error")
            return
        if seen.stubs:
            yield heading("To be filled in before it is published")
            yield from told(seen.stubs, "$text-warning")
        if seen.newest is not None:
            yield heading("Recorded calls")
            yield from tried(self._checked) if self._checked else [Lane(Content(), Content("They are replayed ..."))]
        if seen.difference is not None:
            yield heading(
                "" if seen.against is None else f"Different from v{seen.against.number}, {_use(seen.against)}"
            )
            yield from different(seen.difference)
        else:
            nodes = 0 if seen.file is None else len(seen.file.flow.nodes)
            yield Lane(Content(), line(f"A new flow of {nodes} nodes."))

    # What is done

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        seen = self._seen
        sound = seen is not None and not seen.faults
        match action:
            case "publish":
                return sound and seen is not None and not seen.stubs
            case "keep":
                return sound and self._sheet is not None
            case "throw_away":
                return self._sheet is not None
        return True

    def action_edit(self) -> None:
        if self._sheet is not None:
            _edit(self, self._sheet, self._manuscript, self._again)
            return
        try:
            begun = flow_sheets.begin(self.desk.sheets, self._manuscript)
        except Trouble as trouble:
            self.tell(trouble)
            return
        if _edit(self, begun.sheet, begun.manuscript, self._again):
            self._news = begun.news
        else:
            begun.sheet.let_go()

    def _again(self, sheet: Sheet, manuscript: Manuscript) -> None:
        self._sheet, self._manuscript, self._news = sheet, manuscript, ""
        self.notice.clear()
        self.reload()

    def action_publish(self) -> None:
        self._store(publish=True)

    def action_keep(self) -> None:
        self._store(publish=False)

    def _store(self, *, publish: bool) -> None:
        if (seen := self._seen) is not None:
            self.save("flow", self._stored(seen, publish=publish))

    async def _stored(self, seen: "Revision", *, publish: bool) -> None:
        try:
            done = await self._with.revising.store(self.desk.actor, seen, publish=publish)
        except Conflict:
            if not self.is_attached:
                raise
            self.reload()
            return
        if self._sheet is not None:
            self._sheet.done()
        self._leave(f"v{done.number} is {'in use' if publish else 'kept as a draft'}.")

    def action_throw_away(self) -> None:
        if self._sheet is not None:
            self._sheet.done()
        self._leave("Thrown away; nothing was changed.")

    def _leave(self, said: str) -> None:
        if self.is_attached and self.in_front:
            self.app.pop_screen()
        page = self.app.screen
        if isinstance(page, Page):
            page.notice.say(said)


def _use(version: "VersionInfo") -> str:
    return {"published": "in use", "draft": "a draft", "retired": "out of use"}[version.status]


def begin(page: Page[None], authoring: "Authoring", manuscript: Manuscript) -> None:
    """Into the person's editor with it, or with what they have left of it; what comes back is shown."""
    try:
        begun = flow_sheets.begin(page.desk.sheets, manuscript)
    except Trouble as trouble:
        page.tell(trouble)
        return

    def show(sheet: Sheet, back: Manuscript) -> None:
        if back.text in {manuscript.text, begun.manuscript.text}:
            sheet.done()
            page.notice.say("Nothing was changed.")
        else:
            page.app.push_screen(RevisionScreen(page.desk, authoring, back, sheet, begun.news))

    if not _edit(page, begun.sheet, begun.manuscript, show):
        begun.sheet.let_go()


def _edit(page: Page[None], sheet: Sheet, manuscript: Manuscript, show: Callable[[Sheet, Manuscript], None]) -> bool:
    """Whether something came back."""
    try:
        text = sheet.edit(page.app, manuscript.text)
    except Trouble as trouble:
        page.tell(trouble)
        return False
    show(sheet, Manuscript(manuscript.slug, flow_sheets.number(sheet.file), text))
    return True
