"""The lines of the queue: how long, what, for whom, who has it and how it stands; and what is told below them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from screens.layout import Cell, Row
from screens.text import line, one_line
from screens.times import ago
from screens.words import AWAITS_PSA, HANDED_BACK, STYLES, state
from services.psa.lists import EVERY_SECONDS, PsaNews
from services.walks.lines import OwnCall, QueueEntry, QueueTicket, SessionSummary

if TYPE_CHECKING:
    from services.writeback.outbox import Counts

LATE_SECONDS = 3 * EVERY_SECONDS
"""What is older was missed by the program, or by the PSA."""


def key(entry: QueueEntry) -> str:
    """Of its line: the same before and after a call has begun on it."""
    ticket = entry.ticket
    return f"ticket {ticket.id}" if ticket.external_id is None else f"psa {ticket.external_id}"


def waits(entry: QueueEntry) -> bool:
    """Whether nobody walks it (any more): it waits for a new call."""
    again = entry.session_status == "resolved" and entry.ticket.status == "open"
    return again or entry.session_status in {None, "abandoned"}


def headed(parts: Iterable[tuple[str, list[Option]]]) -> Iterable[Option]:
    """The queue by itself needs no heading."""
    shown = [(heading, rows) for heading, rows in parts if rows]
    for heading, rows in shown:
        if heading != "Queue" or len(shown) > 1:
            yield Option(Content.styled(heading, "bold $text-accent"), disabled=True)
        yield from rows


def mine(call: OwnCall | SessionSummary, now: datetime) -> Row:
    status = _told(call.status, handed_back=call.handed_back, awaits_psa=call.awaits_psa)
    return _row(ago(call.last_step_at, now), call.problem_text, call.customer, "you", status)


def waiting(entry: QueueEntry, now: datetime) -> Row:
    psa = entry.ticket.psa
    if not waits(entry) and entry.session_status is not None:
        who = "" if entry.technician is None else entry.technician.name
        told = _told(entry.session_status, handed_back=entry.handed_back, awaits_psa=entry.awaits_psa)
    else:
        who, told = "" if psa is None else psa.owner, entry.ticket.status
    at_psa = psa.status if psa is not None and told == "open" else ""
    number = _number(entry.ticket)
    return _row(ago(entry.created_at, now), entry.problem, entry.customer, who, told, number=number, at_psa=at_psa)


def past(entry: QueueEntry, now: datetime) -> Row:
    """Of a call that has ended, whatever has become of its ticket."""
    who = "" if entry.technician is None else entry.technician.name
    told = _told(entry.session_status or "", handed_back=False, awaits_psa=entry.awaits_psa)
    return _row(ago(entry.created_at, now), entry.problem, entry.customer, who, told, number=_number(entry.ticket))


def outbox_told(counts: "Counts | None") -> str:
    """What of the calls the PSA does not know yet; empty where nothing."""
    if counts is None:
        return ""
    waits = f"{counts.waiting} {'waits' if counts.waiting == 1 else 'wait'} for the PSA" if counts.waiting else ""
    failed = f"{counts.failed} did not reach the PSA" if counts.failed else ""
    return " · ".join(each for each in (waits, failed) if each)


def _number(ticket: QueueTicket) -> str:
    if ticket.kind != "psa":
        return ""
    return ticket.psa.number if ticket.psa is not None else ticket.external_id or ""


def _told(status: str, *, handed_back: bool, awaits_psa: bool) -> str:
    """A call under way that an engineer has sent back, or that is being resolved, waits for more than the next step."""
    if awaits_psa:
        return AWAITS_PSA
    return HANDED_BACK if handed_back and status == "active" else status


def _row(age: str, problem: str, customer: str, who: str, status: str, *, number: str = "", at_psa: str = "") -> Row:
    """`number` and `at_psa` are of the PSA: what it calls the ticket, and its own word for where it stands."""
    sign, _, word = state(status).partition(" ")
    told = Content.styled(f"{sign} {one_line(at_psa) or word}", STYLES.get(status, ""))
    numbered = (f"#{one_line(number)} ", "$text-muted") if number else ""
    return Row(
        Cell(Content.styled(age, "$text-muted"), 6, right=True),
        Cell(Content.assemble(numbered, line(problem))),
        Cell(line(customer), 20, needs=100),
        Cell(line(who), 12, needs=74),
        Cell(told, 17),
    )


def counted(own: int, others: Sequence[QueueEntry], past: int, *, more: bool) -> str:
    """How many of what; `more`: not all of them are shown."""
    counts = (
        (own, "in progress"),
        (sum(waits(entry) for entry in others), "waiting"),
        (sum(entry.ticket.status == "escalated" for entry in others), "escalated"),
        (past, "past"),
    )
    told = " · ".join(f"{count} {words}" for count, words in counts if count)
    return told + (" (the newest are shown)" if more else "")


def psa_told(news: PsaNews, now: datetime) -> Content:
    """How old the PSA's tickets are, and why they are no newer."""
    if news.refreshed_at is None:
        read = "PSA not read yet"
    else:
        since = ago(news.refreshed_at, now)
        read = "PSA read just now" if since == "now" else f"PSA read {since} ago"
    if news.more:
        read += ", its newest"
    if news.error:
        return line(f"✗ {read}: {news.error}", "$text-error")
    late = news.refreshed_at is not None and (now - news.refreshed_at).total_seconds() > LATE_SECONDS
    return Content.styled(read, "$text-warning" if late else "$text-muted")
