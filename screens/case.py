"""The engineer's desk for one call: its story in five lines, and what was found, line by line."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.brief import Remark, Thing, brief, id_of, label_of, things, whole
from screens.engineering import Engineering
from screens.form import HEIGHTS
from screens.layout import Cell, Row
from screens.on_the_desk import CallOnTheDesk
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line
from screens.times import hour
from screens.words import STYLES, state
from services.errors import Conflict, Refused
from services.fixes.model import Case, Fact, Fix
from services.walks.model import Claim, Step

if TYPE_CHECKING:
    from services.fixes.model import Suggestion
    from services.fixes.scripts.model import StoredTemplate, Template


MOST_ANSWER, MOST_OUTCOME = 28, 42
"""Cells of a step's answer, and of what became of a fix."""


class CaseScreen(CallOnTheDesk):
    CSS_PATH = "case.tcss"
    BINDINGS = bindings("case")
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = "#lines"

    def __init__(self, desk: Desk, engineering: Engineering, session_id: UUID) -> None:
        super().__init__(desk, engineering)
        self._with = engineering
        self._session_id = session_id
        self._turn = asyncio.Lock()
        self._brief = Static(id="brief")
        self._rows = Rows(id="lines")
        self._whole = Static(id="told")
        self._pane = VerticalScroll(self._whole, id="whole")

    def content(self) -> Iterable[Widget]:
        yield self._brief
        yield self._rows
        yield self._pane

    @property
    def call_id(self) -> UUID | None:
        return self._session_id

    def reload(self) -> None:
        self.load("case", self._open, self._show)

    def heard(self) -> None:
        self.reload()

    async def _open(self) -> Case:
        return await self._with.cases.open(self.desk.actor, self._session_id)

    def _show(self, case: Case) -> None:
        if self.case is not None and case.walk.state_version < self.case.walk.state_version:
            return  # read before one's own change was stored, and here after it
        self.case = case
        walk = case.walk
        told = line(state(walk.status), STYLES.get(walk.status, ""))
        by = line(_claimed(walk.claim, self.desk.actor.user_id))
        has = [Cell(by, min(24, by.cell_length), needs=60)] if by else []
        self.title_bar.show(line(walk.problem_text), *has, Cell(told, 16, right=True), self.badge)
        lines = [(each, *label_of(case, each)) for each in things(case)]
        longest = max((text.cell_length for _, _, text, became in lines if became), default=0)
        self._rows.put([_option(*told, longest) for told in lines], first=False)
        if self._chosen is None:  # the newest in sight, and the room for what is highlighted still the list's
            self._rows.scroll_end(animate=False)
        self.refresh_bindings()
        self._tell_the_story()
        self._tell()

    def on_resize(self) -> None:
        self._tell_the_story()

    def _tell_the_story(self) -> None:
        """On half of the screen, or on more where the path needs less; it gives way to what is highlighted."""
        if self.case is not None:
            height = self.app.size.height
            room = max(height // 2 + 2, height - 5 - max(6, len(things(self.case))))
            if self._chosen is not None:
                room = height // 2 - 1
            self._brief.update(brief(self.case, self.desk.clock(), room=room))

    @property
    def _chosen(self) -> Thing | None:
        case, chosen = self.case, self._rows.chosen
        if case is None or chosen is None:
            return None
        return next((each for each in things(case) if id_of(each) == chosen), None)

    def on_option_list_option_highlighted(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        chosen = self._chosen
        shown = chosen is not None or not self._rows.options
        if shown != self._pane.display:
            self._pane.display = shown
            self._tell_the_story()
        self._whole.update(whole(chosen))

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        case, chosen = self.case, self._chosen
        fix = None if case is None else case.found.fix
        can = {
            "record": isinstance(chosen, Step) and not chosen.taken_back,
            "edit": isinstance(chosen, Fact),
            "remove": isinstance(chosen, Fact),
            "go": (isinstance(chosen, Step) and not chosen.taken_back)
            or isinstance(chosen, Fact)
            or (isinstance(chosen, Fix) and chosen.script is not None),
            "script": self._scripted is not None,
            "build": self._template is not None,
            "outcome": fix is not None,
            "decide": fix is not None or isinstance(chosen, Fix),
            "model": case is not None and self._with.suggester is not None,
        }
        if (may := self.may(action)) is not None:
            return may
        needs_case = action in {"add", "suggest", "like", "missing", "library"}
        return can.get(action, case is not None or not needs_case)

    @property
    def _scripted(self) -> Fix | None:
        """The fix whose script is meant: the highlighted one, else the active one."""
        chosen = self._chosen if isinstance(self._chosen, Fix) else None
        fix = chosen or (None if self.case is None else self.case.found.fix)
        return fix if fix is not None and fix.script is not None else None

    @property
    def _template(self) -> UUID | None:
        """The script of the library that is meant: of the highlighted fix, else of the active one."""
        chosen = self._chosen if isinstance(self._chosen, Fix) else None
        fix = chosen or (None if self.case is None else self.case.found.fix)
        return None if fix is None else fix.template_id or fix.draft_id

    # Changes: each against the state that the one before it gave

    async def change(self, make: Callable[[Case], Awaitable[Case]]) -> Case:
        """Raises Conflict after the new state was read."""
        async with self._turn:
            case = self.case or await self._open()
            try:
                case = await make(case)
            except Conflict:
                self._adopt(await self._open())
                raise
            self._adopt(case)
            return case

    def _adopt(self, case: Case) -> None:
        self.case = case
        if self.is_attached:
            self._show(case)

    async def _do(self, make: Callable[[Case], Awaitable[Case]], said: str) -> None:
        await self.change(make)
        self.notice.say(said)

    def on_option_list_option_selected(self) -> None:
        match self._chosen:
            case Step():
                self.action_record()
            case Fact():
                self.action_edit()
            case Fix():
                self.action_script()

    def action_go(self) -> None:
        self.on_option_list_option_selected()

    def action_record(self) -> None:
        step = self._chosen
        if isinstance(step, Step) and not step.taken_back:
            facts, actor = self._with.facts, self.desk.actor
            self.save("case", self._do(lambda case: facts.from_step(actor, case.walk, step.step_id), "On record."))

    def action_remove(self) -> None:
        fact = self._chosen
        if isinstance(fact, Fact):
            facts, actor = self._with.facts, self.desk.actor
            self.save("case", self._do(lambda case: facts.remove(actor, case.walk, fact.id), "Taken off the record."))

    def action_add(self) -> None:
        from screens.finding import adding

        self._form(lambda case: adding(self.desk, self._with, case, self.change))

    def action_edit(self) -> None:
        from screens.finding import editing

        fact = self._chosen
        if isinstance(fact, Fact):
            self._form(lambda case: editing(self.desk, self._with, case, self.change, fact))

    def action_missing(self) -> None:
        from screens.finding import asking

        self._form(lambda case: asking(self.desk, self._with, case, self.change))

    def action_suggest(self) -> None:
        self.suggest(None)

    def suggest(self, begun: "Suggestion | None") -> None:
        """The form for a fix, filled in with what is known of it."""
        from screens.suggest import SuggestScreen

        self._form(lambda case: SuggestScreen(self.desk, self._with, case, self.change, begun))

    def action_outcome(self) -> None:
        from screens.outcome import OutcomeScreen

        self._form(lambda case: OutcomeScreen(self.desk, self._with, case, self.change))

    def action_decide(self) -> None:
        from screens.decide import DecideScreen

        chosen = self._chosen if isinstance(self._chosen, Fix) else None
        self._form(
            lambda case: DecideScreen(
                self.desk, self._with, case, self.change, chosen or case.found.fix, self.begin_template
            )
        )

    def action_script(self) -> None:
        from screens.script import ScriptScreen

        fix = self._scripted
        if fix is not None:
            self.app.push_screen(ScriptScreen(self.desk, fix, self.suggest))

    def action_build(self) -> None:
        self.load("template", self._open_template, self._fill)

    def begin_template(self, fix: Fix) -> None:
        """The builder with the script of a fix, its parameters found."""
        from screens.fill import FillScreen

        def show(template: "Template") -> None:
            async def keep() -> None:
                await self._with.scripts.add(self.desk.actor, fix.title, template)

            self.app.push_screen(FillScreen(self.desk, fix.title, template, keep))

        self.load("template", lambda: self._with.fixes.begun(self.desk.actor, self._session_id, fix.id), show)

    async def _open_template(self) -> "StoredTemplate":
        template_id = self._template
        if template_id is None:
            raise Refused("this fix has no script of the library", "Decide to keep its script first.")
        return await self._with.scripts.open(self.desk.actor, template_id)

    def _fill(self, stored: "StoredTemplate") -> None:
        from screens.fill import FillScreen

        self.app.push_screen(FillScreen(self.desk, stored.title, stored.template))

    def action_library(self) -> None:
        from screens.scripts import ScriptsScreen

        self.app.push_screen(ScriptsScreen(self.desk, self._with.scripts))

    def action_like(self) -> None:
        from screens.like import LikeScreen

        self._form(lambda case: LikeScreen(self.desk, self._with, case, self.suggest))

    def action_model(self) -> None:
        self.notice.ask("The model is thinking; go on meanwhile")
        self.load("model", self._by_model, self.suggest)

    async def _by_model(self) -> "Suggestion":
        case = self.case or await self._open()
        if self._with.suggester is None:
            raise RuntimeError("offered without a model")
        return await self._with.suggester.fix(self.desk.actor, case)

    def _form(self, make: "Callable[[Case], Page[None]]") -> None:
        if self.case is not None:
            self.app.push_screen(make(self.case))


def _claimed(claim: Claim | None, me: UUID) -> str:
    return "" if claim is None else f"claimed by {'you' if claim.by.id == me else claim.by.name}"


def _option(each: Thing, label: str, text: Content, became: Content, longest: int) -> Option:
    """`longest`: cells of the longest text of which something became, behind which that stands in a column."""
    most = MOST_OUTCOME if isinstance(each, Fix) else MOST_ANSWER
    known = Cell(became, min(became.cell_length, most))
    at = "" if isinstance(each, Remark) else hour(each.at)
    begin = (Cell(Content.styled(at, "$text-muted"), 5), Cell(Content.styled(label, "$text-muted"), 9))
    return Option(Row(*begin, Cell(text, most=longest if became else 0), *([known] if became else [])), id=id_of(each))
