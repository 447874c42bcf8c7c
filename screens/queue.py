"""The calls that wait and those under way: the first thing on the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens import queue_lines as lines
from screens.actions import bindings
from screens.autosave import Debounce
from screens.fields import Line
from screens.layout import Cell
from screens.messages import GoOn, LookAtPsa, NewCall, Read
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import line
from services.access import Act
from services.intake.call import Call, described
from services.psa.lists import PsaNews
from services.walks.lines import OwnCall, QueueEntry, SessionSummary

if TYPE_CHECKING:
    from services.psa.open_tickets import OpenTickets
    from services.walks.glance import Opening
    from services.walks.queue import Queue
    from services.walks.service import Walks
    from services.writeback.outbox import Counts, Outbox

FILTER_SECONDS = 0.15
AGE_SECONDS = 20.0
"""How often it is told anew how old the PSA's part is."""
LIMIT = 200


class Calls(Protocol):
    """What works here; loaded with the first thing that is asked of it."""

    @property
    def walks(self) -> "Walks": ...

    @property
    def queue(self) -> "Queue": ...

    @property
    def open_tickets(self) -> "OpenTickets | None": ...

    @property
    def outbox(self) -> "Outbox": ...


@dataclass(frozen=True, slots=True)
class Found:
    mine: tuple[OwnCall | SessionSummary, ...]
    entries: tuple[QueueEntry, ...]
    past: tuple[QueueEntry, ...]
    """Only those with the words of the filter, if it has any."""
    first_call: bool
    """The store has no session at all yet."""
    psa: PsaNews | None = None
    """None where no PSA is set up."""
    outbox: "Counts | None" = None
    """None where nobody has counted yet."""
    words: str = ""
    """Of the filter, when it was read."""


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
        self._below: tuple[Found, Sequence[QueueEntry]] | None = None
        self._in_hand: UUID | None = None
        self._entries: dict[str, QueueEntry | OwnCall | SessionSummary] = {}
        self._pause = Debounce(self, FILTER_SECONDS, self.reload)

    def content(self) -> Iterable[Widget]:
        return (self._filter, self._rows, self._empty, self._status)

    def on_mount(self) -> None:
        self.title_bar.show(Content("Queue"), Cell(line(self.desk.actor.name), 16, right=True, needs=60), self.badge)
        self._filter.display = False
        self.set_interval(AGE_SECONDS, self._grow_older)

    # What is shown

    def reload(self) -> None:
        seen, self._seen = self._seen, None
        if seen is None:
            self.load("queue", self._read, self._show)
        else:
            self._show(Found(seen.mine, seen.entries, (), seen.first_call and not seen.entries, seen.psa))

    def heard(self) -> None:
        self.reload()

    async def _read(self) -> Found:
        actor, words = self.desk.actor, self._filter.value
        queue, walks = self._calls.queue, self._calls.walks
        entries = await queue.listed(actor, words=words, limit=LIMIT)
        mine = await walks.resumable(actor) if actor.may(Act.TAKE_CALLS) else ()
        past = await queue.over(actor, words) if words.strip() else ()
        first = not (entries or mine or words) and not await walks.listed(actor, limit=1)
        own = tuple(call for call in mine if _has(call, words))
        return Found(own, entries, past, first, await queue.psa(actor), await self._calls.outbox.counts(actor), words)

    def _show(self, found: Found) -> None:
        now = self.desk.clock()
        under_way = {call.id for call in found.mine}
        others = [entry for entry in found.entries if entry.session_id not in under_way]
        mine = [Option(lines.mine(call, now), id=f"session {call.id}") for call in found.mine]
        rest = [Option(lines.waiting(entry, now), id=lines.key(entry)) for entry in others]
        self._entries = {f"session {call.id}": call for call in found.mine}
        self._entries |= {lines.key(entry): entry for entry in others}
        self._entries |= {f"past {entry.session_id}": entry for entry in found.past}
        past = [Option(lines.waiting(entry, now), id=f"past {entry.session_id}") for entry in found.past]
        parts = [("In progress", mine), ("Queue", rest), ("Past calls", past)]
        self._rows.put(list(lines.headed(parts)), at=self._new_in_hand(found.mine))
        self._rows.display = bool(self._entries)
        self._empty.display = not self._rows.display
        self._empty.update(self._nothing(found))
        if self._rows.display and self.focused is None:
            self.set_focus(self._rows)
        self._below = (found, others)
        self._status.update(self._told_below(found, others))
        self.refresh_bindings()

    def _grow_older(self) -> None:
        if self._below is not None and self._below[0].psa is not None:
            self._status.update(self._told_below(*self._below))

    def _told_below(self, found: Found, others: Sequence[QueueEntry]) -> Content:
        """What somebody may have to see to comes first: where the line is too long, the counts are cut."""
        counts = lines.counted(len(found.mine), others, len(found.past), more=len(found.entries) >= LIMIT)
        told = [
            Content.styled(lines.outbox_told(found.outbox), "$text-warning"),
            lines.psa_told(found.psa, self.desk.clock()) if found.psa is not None else Content(),
            Content.styled(counts, "$text-muted"),
        ]
        return Content.styled(" · ", "$text-muted").join([each for each in told if each])

    def _new_in_hand(self, mine: Sequence[OwnCall | SessionSummary]) -> str | None:
        """The call that one has just come from: the cursor belongs there, not on a colleague's."""
        before, self._in_hand = self._in_hand, mine[0].id if mine else None
        return f"session {self._in_hand}" if self._in_hand not in {before, None} else None

    def _nothing(self, found: Found) -> Content:
        key = Content.styled(self.desk.keys.of("queue.new"), "bold $text-accent")
        if found.words:
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
            *self._colleagues(),
        )

    def _tutor(self) -> Iterable[str | tuple[str, str]]:
        """Offered to whoever has taken no call yet, unless this is the tutor."""
        if self.desk.coach is None:
            yield from ("\n\nNew here? ", ("rfl1 tutor", "bold"), " in the terminal leads through a made-up call.")

    def _colleagues(self) -> Iterable[str | tuple[str, str]]:
        """For whoever may let them in."""
        if self.desk.coach is None and self.desk.actor.may(Act.MANAGE_USERS):
            yield from ("\n\nNot alone? ", ("rfl1 users add", "bold"), " in the terminal lets colleagues in.")

    def action_refresh(self) -> None:
        self.app.post_message(LookAtPsa())
        super().action_refresh()

    # What is done

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        if action == "list":
            return self.focused is self._filter
        if action == "open":
            return bool(self._entries)
        return True

    def action_open(self) -> None:
        match self._entries.get(self._rows.chosen or ""):
            case QueueEntry() as entry if lines.waits(entry):
                self.save("open", self._begin(entry))
            case OwnCall(id=session_id) | SessionSummary(id=session_id) | QueueEntry(session_id=UUID() as session_id):
                self.save("open", self._open(session_id))

    async def _begin(self, entry: QueueEntry) -> None:
        """A new call about a ticket; where a colleague has begun one meanwhile, that is read instead."""
        actor, queue, ticket = self.desk.actor, self._calls.queue, entry.ticket
        if (session_id := await queue.in_hand(actor, ticket)) is not None:
            await self._open(session_id)
            return
        problem = entry.problem
        if ticket.id is None and ticket.external_id is not None:
            text = await queue.reported(actor, ticket.external_id) or await self._asked(ticket.external_id)
            problem = described(problem, text)
        about = Call(problem=problem, customer=entry.customer, contact=entry.contact, ticket_id=ticket.id)
        self.app.post_message(NewCall(replace(about, psa_ticket=ticket.external_id if ticket.id is None else None)))

    async def _asked(self, external_id: str) -> str:
        if (tickets := self._calls.open_tickets) is None:
            return ""
        self.notice.ask("Reading what was reported")
        try:
            return await tickets.reported(external_id)
        finally:
            self.notice.clear()

    async def _open(self, session_id: UUID) -> None:
        """One's own call goes on where it was; any other is read."""
        actor = self.desk.actor
        walks = self._calls.walks
        walk = await walks.open(actor, session_id)
        own = walk.technician.id == actor.user_id and actor.may(Act.TAKE_CALLS)
        own = own and not walk.awaits_psa
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
