"""A fix to suggest: by hand, or what a model or a call like this one has begun."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.desk_form import Change, DeskForm
from screens.engineering import Engineering
from screens.fields import Choice, Line
from screens.page import Desk
from screens.text import clean, one_line
from screens.writing import Writing
from services.errors import Refused
from services.fixes.model import Case, Suggestion
from services.fixes.scripts.model import LANGUAGES, Script
from services.flows.visible import blank
from services.walks.model import Walk


class SuggestScreen(DeskForm):
    CSS_PATH = ["form.tcss", "suggest.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#what"
    HEADING = "Suggest a fix"

    def __init__(
        self, desk: Desk, engineering: Engineering, case: Case, change: Change, begun: Suggestion | None
    ) -> None:
        super().__init__(desk, engineering, case, change, "suggest" if begun is None else "")
        self._begun = begun or Suggestion(title="")
        self._fix_id = uuid4()
        script = self._begun.script
        what, why, steps, body = self.kept(
            one_line(self._begun.title),
            self._begun.rationale,
            "\n".join(self._begun.steps),
            "" if script is None else script.body,
        )
        self._what = Line(what, id="what")
        self._why = Writing(why, id="why")
        self._steps = Writing(steps, id="steps")
        self._script = Writing(body, id="script")
        self._language = Choice(*LANGUAGES, chosen=0 if script is None else LANGUAGES.index(script.language))
        self._sure = Line(str(self._begun.confidence), id="sure")

    @property
    def texts(self) -> tuple[str, ...]:
        return self._what.value, self._why.text, self._steps.text, self._script.text

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("What is to be done?"))
        yield self._what
        yield Label(Content("Why?"))
        yield self._why
        yield Label(Content("Steps, a line each"))
        yield self._steps
        yield Label(Content("Script, if there is one"))
        yield self._script
        yield self._language
        yield Label(Content("How sure, of 100?"))
        yield self._sure

    async def send(self) -> Walk:
        sure, script = self._sure.value.strip(), self._script.text
        if not (sure.isascii() and sure.isdigit()):
            self.set_focus(self._sure)
            raise Refused("how sure is no number", "Write one from 0 to 100.")
        drafted = None if blank(script) else Script(clean(script), LANGUAGES[self._language.chosen])
        made = replace(
            self._begun,
            title=self._what.value,
            rationale=self._why.text,
            steps=tuple(self._steps.text.splitlines()),
            confidence=int(sure),
            script=drafted,
            template_id=None if drafted is not None else self._begun.template_id,
        )
        suggest, given = self.engineering.fixes.suggest, self._fix_id
        return (await self.change(lambda case: suggest(self.desk.actor, case.walk, made, fix_id=given))).walk
