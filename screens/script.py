"""A drafted script to read, copy and change: coloured, its risky lines marked. It is never run from here."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.editor import Sheet
from screens.layout import Lane, Lanes
from screens.page import Desk, Page
from screens.text import clean, line
from services.errors import Refused, Trouble
from services.fixes.model import Fix, Suggestion
from services.fixes.risks import Risk, script_risks
from services.fixes.scripts.model import Language, Script

_ENDINGS: dict[Language, str] = {"powershell": ".ps1", "cmd": ".bat", "bash": ".sh"}
_READ_AS: dict[Language, str] = {"powershell": "powershell", "cmd": "bat", "bash": "bash"}


class ScriptScreen(Page[None]):
    CSS_PATH = "help.tcss"
    BINDINGS = bindings("script")
    AUTO_FOCUS = "#keys"

    def __init__(self, desk: Desk, fix: Fix, suggest: Callable[[Suggestion], None]) -> None:
        super().__init__(desk)
        if fix.script is None:
            raise Refused("this fix has no script", "Its steps are done by hand.")
        self._fix = fix
        self._script = fix.script
        self._suggest = suggest
        self._text = Static()

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="keys"):
            yield self._text

    def on_mount(self) -> None:
        self.title_bar.show(line(f"Script: {self._fix.title}"))
        self._text.update(coloured(self._script))
        number = len(script_risks(self._script))
        if number:
            self.notice.ask(
                f"{number} {'line is' if number == 1 else 'lines are'} marked: read before you run it by hand."
            )

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._script.body)

    def action_edit(self) -> None:
        """In the person's own editor; what comes back begins a new suggestion."""
        sheet = Sheet(self.desk.sheets / f"fix-{self._fix.id}{_ENDINGS[self._script.language]}")
        try:
            body = sheet.edit(self.app, self._script.body)
        except Trouble as trouble:
            sheet.let_go()
            self.tell(trouble)
            return
        sheet.done()
        if body != self._script.body:
            fix = self._fix
            self.app.pop_screen()
            self._suggest(
                Suggestion(
                    title=fix.title,
                    rationale=fix.rationale,
                    steps=fix.steps,
                    confidence=fix.confidence,
                    script=replace(self._script, body=body),
                    origin=fix.origin,
                )
            )


def coloured(script: Script) -> Lanes:
    """Each line with its number, a mark where it is risky, and what for."""
    from textual.highlight import highlight

    marks = {risk.number: risk for risk in script_risks(script)}
    lines = highlight(clean(script.body), language=_READ_AS[script.language]).split("\n", allow_blank=True)
    return Lanes([_line(number, text, marks.get(number)) for number, text in enumerate(lines, 1)], label=6)


def _line(number: int, text: Content, risk: Risk | None) -> Lane:
    if risk is None:
        return Lane(Content.styled(f"{number:4}", "$text-muted"), text)
    mark = Content.assemble((f"▲{number:3}", "$text-error"))
    return Lane(mark, Content.assemble(text, "   ", line(f"‹{risk.what}›", "$text-error")))
