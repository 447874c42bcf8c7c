"""The problem is solved: what it was, and whether the steps helped."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.drafted import Drafted, DraftedForm
from screens.fields import UNSAID, Choice
from screens.page import Desk, Page
from screens.text import line
from screens.writing import Writing
from services.errors import Refused
from services.flows.visible import blank
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.fixes.model import Case, FixStatus
    from services.walks.intents import Work
    from services.walks.settling import Settlement

_HELPFUL = (True, False)
BECAME: tuple[tuple["FixStatus", str], ...] = (
    ("applied_success", "worked"),
    ("applied_partial", "partly"),
    ("applied_failed", "did not"),
    ("dismissed", "never applied"),
    ("applied_pending", "still waiting"),
)
"""What can have become of a fix: its status, its word."""


class ResolveScreen(DraftedForm):
    AUTO_FOCUS = "#text"
    HEADING = "Resolve"

    def __init__(
        self,
        desk: Desk,
        walk: Walk,
        resolve: Callable[[bool, str, "Settlement | None", bool | None], Awaitable[Walk]],
        drafting: "Drafting",
        time: Callable[[], Awaitable["Work | None"]],
        *,
        notes: str,
    ) -> None:
        """`notes` is a first draft of them; `time` what may be logged in the PSA."""
        super().__init__(desk, walk)
        self._walk = walk
        self._resolve = resolve
        self._notes = notes
        draft = desk.drafts.closing(walk.id)
        self._writing = Writing(notes if draft.notes is None else draft.notes, id="text")
        self.drafted = Drafted(self, drafting, walk, "resolution_note", self._writing)
        self._choice = Choice("yes", "no", chosen=_HELPFUL.index(draft.helpful))
        self._asked = Label(id="asked")
        self._became = Choice(*(word for _, word in BECAME), chosen=UNSAID, id="became")
        self._time = time
        self._timed = Label(id="timed")
        self._log = Choice("yes", "no", id="log")
        for part in (self._asked, self._became, self._timed, self._log):
            part.display = False

    def fields(self) -> Iterable[Widget]:
        yield Label(Content("What solved it?"))
        yield self._writing
        yield from self.draft_line()
        yield Label(Content("Did the steps help the caller?" if self._walk.steps else "Is the caller helped?"))
        yield self._choice
        yield self._asked
        yield self._became
        yield self._timed
        yield self._log

    def on_mount(self) -> None:
        if self._walk.ticket.kind == "psa":
            self.load("time", self._time, self._offer)
        if self.desk.engineering is not None:
            self.load("fix", self._open, self._ask)

    def _offer(self, work: "Work | None") -> None:
        if work is not None:
            self._timed.update(Content(f"Log {work.minutes} min of work on the ticket in the PSA?"))
            self._timed.display = self._log.display = True

    async def _open(self) -> "Case | None":
        desk = self.desk.engineering
        return None if desk is None else await desk().cases.open(self.desk.actor, self._walk.id)

    def _ask(self, case: "Case | None") -> None:
        """A suggested fix of which nobody has said anything yet is settled with the call."""
        fix = None if case is None else case.found.fix
        if fix is not None and fix.status == "proposed":
            self._asked.update(line(f"What became of the suggested fix: {fix.title}?"))
            self._asked.display = self._became.display = True

    def on_text_area_changed(self) -> None:
        text = self._writing.text
        self.desk.drafts.closing(self._walk.id).notes = None if text == self._notes else text

    def on_choice_changed(self, event: Choice.Changed) -> None:
        if event.choice in {self._became, self._log}:
            return
        self.desk.drafts.closing(self._walk.id).helpful = self._helpful

    @property
    def _helpful(self) -> bool:
        return _HELPFUL[self._choice.chosen]

    async def send(self) -> Walk:
        notes = self._writing.text.rstrip()
        log_time = self._log.chosen == 0 if self._log.display else None
        if not self._became.display:
            return await self._resolve(self._helpful, notes, None, log_time)
        if self._became.chosen == UNSAID:
            self.set_focus(self._became)
            raise Refused("what became of the suggested fix is not said", "Choose one: its first letter is enough.")
        from services.walks.settling import Settlement

        settled = Settlement(BECAME[self._became.chosen][0], notes)
        try:
            return await self._resolve(self._helpful, notes, settled, log_time)
        except Refused:
            wait_for_words(self, self._writing)
            raise

    def forget(self) -> None:
        self.desk.drafts.ended(self._walk.id)


def wait_for_words(page: Page[None], writing: Writing) -> None:
    """What became of a fix was refused: where no word is written, words are what is missing. Typed at what is chosen,
    their letters would choose something else."""
    if blank(writing.text):
        page.set_focus(writing)
