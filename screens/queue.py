"""The calls that wait and those under way: the first thing on the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.autosave import Debounce
from screens.fields import Line
from screens.layout import Cell, Row
from screens.messages import GoOn, NewCall, Read
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line
from screens.times import ago
from screens.words import HANDED_BACK, STYLES, state
from services.access import Act
from services.intake.call import Call
from services.walks.lines import OwnCall, QueueEntry, SessionSummary

if TYPE_CHECKING:
    from services.walks.glance import Opening
    from services.walks.queue import Queue
    from services.walks.service import Walks

FILTER_SECONDS = 0.15
LIMIT = 200


class Calls(Protocol):
    """What works here; loaded with the first thing that is asked of it."""

    @property
    def walks(self) -> "Walks": ...

    @property
    def queue(self) -> "Queue": ...


@dataclass(frozen=True, slots=True)
class Found:
    mine: tuple[OwnCall | SessionSummary, ...]
    entries: tuple[QueueEntry, ...]
    past: tuple[QueueEntry, ...]
    """Only those with the words of the filter, if it has any."""
    first_call: bool
    """The store has no session at all yet."""


class QueueScreen(Page[None]):
    BINDINGS = bindings("queue")
    AUTO_FOCUS = "#calls"

    def __init__(self, desk: Desk, calls: Calls, seen: "Opening | None" = None) -> None:
        """`seen` is shown at first, without a reading."""
        super().__init__(desk)
        self._calls = calls
        self._seen = seen
        self._filter = Line(id="filter", placeholder="Words in problem, customer or contact; past calls too")
        self._rows = Rows(id="calls")
        self._empty = Static(id="empty")
        self._status = Static(id="status")
        self._in_hand: UUID | None = None
        self._entries: dict[str, QueueEntry | OwnCall | SessionSummary] = {}
        self._pause = Debounce(self, FILTER_SECONDS, self.reload)

    def content(self) -> Iterable[Widget]:
        return (self._filter, self._rows, self._empty, self._status)

    def on_mount(self) -> None:
        self.title_bar.show(Content("Queue"), Cell(line(self.desk.actor.name), 16, right=True, needs=60), self.badge)
        self._filter.display = False

    # What is shown

    def reload(self) -> None:
        seen, self._seen = self._seen, None
        if seen is None:
            self.load("queue", self._read, self._show)
        else:
            self._show(Found(seen.mine, seen.entries, (), seen.first_call and not seen.entries))

    async def _read(self) -> Found:
        actor, words = self.desk.actor, self._filter.value
        queue, walks = self._calls.queue, self._calls.walks
        entries = await queue.listed(actor, words=words, limit=LIMIT)
        mine = await walks.resumable(actor) if actor.may(Act.TAKE_CALLS) else ()
        past = await queue.over(actor, words) if words.strip() else ()
        first = not (entries or mine or words) and not await walks.listed(actor, limit=1)
        return Found(tuple(call for call in mine if _has(call, words)), entries, past, first)

    def _show(self, found: Found) -> None:
        now = self.desk.clock()
        under_way = {call.id for call in found.mine}
        others = [entry for entry in found.entries if entry.session_id not in under_way]
        mine = [Option(_mine(call, now), id=f"session {call.id}") for call in found.mine]
        rest = [Option(_entry(entry, now), id=f"ticket {entry.ticket.id}") for entry in others]
        self._entries = {f"session {call.id}": call for call in found.mine}
        self._entries |= {f"ticket {entry.ticket.id}": entry for entry in others}
        self._entries |= {f"past {entry.session_id}": entry for entry in found.past}
        past = [Option(_entry(entry, now), id=f"past {entry.session_id}") for entry in found.past]
        parts = [("In progress", mine), ("Queue", rest), ("Past calls", past)]
        self._rows.put(list(_headed(parts)), at=self._new_in_hand(found.mine))
        self._rows.display = bool(self._entries)
        self._empty.display = not self._rows.display
        self._empty.update(self._nothing(found))
        if self._rows.display and self.focused is None:
            self.set_focus(self._rows)
        self._status.update(_status(found, others))
        self.refresh_bindings()

    def _new_in_hand(self, mine: Sequence[OwnCall | SessionSummary]) -> str | None:
        """The call that one has just come from: the cursor belongs there, not on a colleague's."""
        before, self._in_hand = self._in_hand, mine[0].id if mine else None
        return f"session {self._in_hand}" if self._in_hand not in {before, None} else None

    def _nothing(self, found: Found) -> Content:
        key = Content.styled(self.desk.keys.of("queue.new"), "bold $text-accent")
        if self._filter.value:
            back = Content.styled(self.desk.keys.of("page.back"), "bold $text-accent")
            return Content.assemble("No call has these words. ", back, " shows all.")
        if not found.first_call:
            return Content.assemble("Nothing waits. ", key, " starts a new call.")
        return Content.assemble(
            ("Welcome.\n\n", "bold"),
            "When the phone rings, press ",
            key,
            " and write what the caller says; what fits appears while you type.\n"
            "From then on there is one thing to read and one key to press, and everything is kept as you go.\n\n",
            (self.desk.keys.of("app.help"), "bold $text-accent"),
            " shows every key of a screen.",
            *self._tutor(),
        )

    def _tutor(self) -> Iterable[str | tuple[str, str]]:
        """Offered to whoever has taken no call yet, unless this is the tutor."""
        if self.desk.coach is None:
            yield from ("\n\nNew here? ", ("rfl1 tutor", "bold"), " in the terminal leads through a made-up call.")

    # What is done

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        if action == "list":
            return self.focused is self._filter
        if action == "open":
            return bool(self._entries)
        return True

    def action_open(self) -> None:
        match self._entries.get(self._rows.chosen or ""):
            case QueueEntry() as entry if not _in_hand(entry):
                self.app.post_message(NewCall(_about(entry)))
            case OwnCall(id=session_id) | SessionSummary(id=session_id) | QueueEntry(session_id=UUID() as session_id):
                self.save("open", self._open(session_id))

    async def _open(self, session_id: UUID) -> None:
        """One's own call goes on where it was; any other is read."""
        actor = self.desk.actor
        walks = self._calls.walks
        walk = await walks.open(actor, session_id)
        own = walk.technician.id == actor.user_id and actor.may(Act.TAKE_CALLS)
        if own and walk.status == "paused":
            walk = await walks.take(actor, walk)
        self.app.post_message(GoOn(walk) if own and walk.status == "active" else Read(walk))

    def action_filter(self) -> None:
        self._filter.display = True
        self.set_focus(self._filter)

    def action_list(self) -> None:
        self.set_focus(self._rows)

    def action_back(self) -> None:
        self._filter.value = ""
        self._filter.display = False
        self.set_focus(self._rows)

    def on_input_changed(self) -> None:
        self._pause.touch()

    def on_option_list_option_selected(self) -> None:
        self.action_open()


def _has(call: OwnCall | SessionSummary, words: str) -> bool:
    text = f"{call.problem_text} {call.customer} {call.contact}".casefold()
    return all(word in text for word in words.casefold().split())


def _in_hand(entry: QueueEntry) -> bool:
    """Whether somebody walks it; a ticket nobody walks (any more) waits for a new call."""
    return entry.session_status not in {None, "abandoned"}


def _about(entry: QueueEntry) -> Call:
    return Call(problem=entry.problem, customer=entry.customer, contact=entry.contact, ticket_id=entry.ticket.id)


def _headed(parts: Iterable[tuple[str, list[Option]]]) -> Iterable[Option]:
    """The queue by itself needs no heading."""
    shown = [(heading, rows) for heading, rows in parts if rows]
    for heading, rows in shown:
        if heading != "Queue" or len(shown) > 1:
            yield Option(Content.styled(heading, "bold $text-accent"), disabled=True)
        yield from rows


def _mine(call: OwnCall | SessionSummary, now: datetime) -> Row:
    status = _told(call.status, handed_back=call.handed_back)
    return _row(ago(call.last_step_at, now), call.problem_text, call.customer, "you", status)


def _entry(entry: QueueEntry, now: datetime) -> Row:
    who = entry.technician.name if entry.technician and _in_hand(entry) else ""
    status = entry.session_status if entry.session_status and _in_hand(entry) else entry.ticket.status
    told = _told(status, handed_back=entry.handed_back)
    return _row(ago(entry.created_at, now), entry.problem, entry.customer, who, told)


def _told(status: str, *, handed_back: bool) -> str:
    """A call under way that an engineer has sent back waits for more than the next step."""
    return HANDED_BACK if handed_back and status == "active" else status


def _row(age: str, problem: str, customer: str, who: str, status: str) -> Row:
    return Row(
        Cell(Content.styled(age, "$text-muted"), 6, right=True),
        Cell(line(problem)),
        Cell(line(customer), 20, needs=100),
        Cell(line(who), 12, needs=74),
        Cell(Content.styled(state(status), STYLES.get(status, "")), 15),
    )


def _status(found: Found, others: list[QueueEntry]) -> Content:
    counts = (
        (len(found.mine), "in progress"),
        (sum(entry.ticket.status == "open" for entry in others), "waiting"),
        (sum(entry.ticket.status == "escalated" for entry in others), "escalated"),
        (len(found.past), "past"),
    )
    told = [f"{count} {words}" for count, words in counts if count]
    more = " (the newest are shown)" if len(found.entries) >= LIMIT else ""
    return Content.styled(" · ".join(told) + more, "$text-muted")
