"""One text to put on record: a fact, or what should have been asked."""

from collections.abc import Awaitable, Callable, Iterable
from uuid import uuid4

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from screens.desk_form import Change, DeskForm
from screens.engineering import Engineering
from screens.page import Desk
from screens.writing import Writing
from services.fixes.model import Case, Fact
from services.walks.model import Walk


class FindingScreen(DeskForm):
    AUTO_FOCUS = "#text"

    def __init__(
        self,
        desk: Desk,
        engineering: Engineering,
        case: Case,
        change: Change,
        *,
        asks: str,
        make: Callable[[Case, str], Awaitable[Case]],
        keeps: str,
        text: str = "",
    ) -> None:
        super().__init__(desk, engineering, case, change, keeps)
        self._asks = asks
        self._make = make
        self._writing = Writing(self.kept(text)[0], id="text")

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._writing.text,)

    def fields(self) -> Iterable[Widget]:
        yield Label(Content(self._asks))
        yield self._writing

    async def send(self) -> Walk:
        return (await self.change(lambda case: self._make(case, self._writing.text))).walk


class _Fact(FindingScreen):
    HEADING = "Fact"


class _Missing(FindingScreen):
    HEADING = "What was missing"


def adding(desk: Desk, engineering: Engineering, case: Case, change: Change) -> FindingScreen:
    """A fact in one's own words."""
    given = uuid4()
    add = engineering.facts.add
    return _Fact(
        desk,
        engineering,
        case,
        change,
        asks="What is known?",
        make=lambda now, text: add(desk.actor, now.walk, text, fact_id=given),
        keeps="fact",
    )


def editing(desk: Desk, engineering: Engineering, case: Case, change: Change, fact: Fact) -> FindingScreen:
    """The words of a fact."""
    edit = engineering.facts.edit
    return _Fact(
        desk,
        engineering,
        case,
        change,
        asks="What is known?",
        make=lambda now, text: edit(desk.actor, now.walk, fact.id, text),
        keeps=f"fact {fact.id}",
        text=fact.text,
    )


def asking(desk: Desk, engineering: Engineering, case: Case, change: Change) -> FindingScreen:
    """What should have been asked before the call was passed on; whoever edits the flow reads it."""
    given = uuid4()
    ask = engineering.missing.ask
    return _Missing(
        desk,
        engineering,
        case,
        change,
        asks="What should have been asked, where the call stopped?",
        make=lambda now, text: ask(desk.actor, now.walk, text, missed_id=given),
        keeps="missing",
    )
