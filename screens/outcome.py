"""What became of a suggested fix."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Label

from screens.desk_form import Change, DeskForm
from screens.engineering import Engineering
from screens.fields import UNSAID, Choice
from screens.page import Desk
from screens.resolve import BECAME, wait_for_words
from screens.text import line
from screens.writing import Writing
from services.errors import Refused
from services.fixes.model import Case
from services.walks.model import Walk


class OutcomeScreen(DeskForm):
    AUTO_FOCUS = "#became"
    HEADING = "Outcome"
    TYPING = False

    def __init__(self, desk: Desk, engineering: Engineering, case: Case, change: Change) -> None:
        super().__init__(desk, engineering, case, change, "outcome")
        self._became = Choice(*(word for _, word in BECAME), chosen=UNSAID, id="became")
        self._writing = Writing(self.kept("")[0], id="text")

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._writing.text,)

    def fields(self) -> Iterable[Widget]:
        fix = self.case.found.fix
        yield Label(line("" if fix is None else fix.title))
        yield self._became
        yield Label(line("In words: what works now, why not, or what is waited for"))
        yield self._writing

    async def send(self) -> Walk:
        if self._became.chosen == UNSAID:
            self.set_focus(self._became)
            raise Refused("what became of it is not said", "Choose one: its first letter is enough.")
        record, status = self.engineering.fixes.record, BECAME[self._became.chosen][0]
        fix = self.case.found.fix
        if fix is None:
            raise Refused("there is no suggested fix", "Suggest one first.")
        notes = self._writing.text
        try:
            return (await self.change(lambda case: record(self.desk.actor, case.walk, fix.id, status, notes))).walk
        except Refused:
            wait_for_words(self, self._writing)
            raise
