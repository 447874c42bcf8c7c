"""A call that ends on a ticket of the PSA: what has to be written there is stored with the end, and not sent yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.errors import Refused
from services.psa import notes
from services.walks.changes import Change
from services.walks.model import Walk
from services.walks.writebacks import WritebackKind
from storage.clocks import store_clock
from storage.tables import Writeback
from storage.writebacks import Writebacks, rewritten, withdrawn

WORDS: dict[WritebackKind, str] = {"resolution": "resolve", "escalation": "escalate"}
"""What a note's reference calls it."""
NOTHING_SAID = "Resolved."
"""What the customer reads where nothing was written: a note has to say something."""
SHORTEST = timedelta(minutes=1)
KEPT = "The note in the PSA stays as it was written first: it is there, or may be."


@dataclass(frozen=True, slots=True)
class Work:
    """Time to log with the note."""

    started_at: datetime
    ended_at: datetime
    by: str = ""
    """As they sign in to the PSA; empty is whoever the credentials belong to."""

    @property
    def minutes(self) -> int:
        return round((self.ended_at - self.started_at).total_seconds() / 60)


def worked(walk: Walk, user_id: UUID, now: datetime) -> Work | None:
    """How long the call has been worked on, without pauses; None where that is not known: somebody else's escalation.

    An engineer's time runs from the claim, a technician's is that of the steps and what came after them.
    """
    if walk.status == "active":
        took = sum((timedelta(seconds=step.seconds) for step in walk.path), now - walk.last_step_at)
        ended = now
    elif walk.status == "paused":
        took = sum((timedelta(seconds=step.seconds) for step in walk.path), timedelta())
        ended = walk.last_step_at
    elif walk.claim is not None and walk.claim.by.id == user_id:
        took, ended = now - walk.claim.at, now
    else:
        return None
    return Work(ended - max(took, SHORTEST), ended)


async def intend(
    change: Change, kind: WritebackKind, text: str, *, helpful: bool | None = None, work: Work | None = None
) -> Writeback:
    """A new row, with a mark that the account has nowhere else."""
    rows = Writebacks(change.tx)
    before = sum(each.kind == kind for each in await rows.of_session(change.row.id))
    mark = notes.reference(str(change.row.id), WORDS[kind] + (str(before + 1) if before else ""))
    newest = await rows.newest_of_ticket(change.row.ticket_id)
    # Clocks of terminals differ; the order about one ticket has to be that of its calls all the same.
    now = change.now if newest is None else max(change.now, newest + timedelta(microseconds=1))
    row = Writeback(
        session_id=change.row.id,
        ticket_id=change.row.ticket_id,
        user_id=change.actor.user_id,
        kind=kind,
        provider="",
        mark=mark,
        markdown=notes.signed(text.strip() or NOTHING_SAID, mark),
        helpful=helpful,
        state="waiting",
        why="",
        worked_by="",
        next_try_at=await store_clock(change.tx, change.now),
        created_at=now,
    )
    if work is not None:
        row.work_started_at, row.work_ended_at, row.worked_by = work.started_at, work.ended_at, work.by
    change.tx.add(row)
    return row


async def ask(change: Change, text: str, *, helpful: bool, work: Work | None) -> str | None:
    """The call is to be resolved as soon as the PSA has it. Gives a warning where the note is another one.

    After a resolve that failed, or that waits, the same row goes on with the same mark: what was posted stays posted.
    """
    rows = await Writebacks(change.tx).of_session(change.row.id)
    last = next((row for row in reversed(rows) if row.kind == "resolution"), None)
    warning = None
    if last is None or last.state not in {"waiting", "failed"} or _anothers(change, last):
        await intend(change, "resolution", text, helpful=helpful, work=work)
    else:
        markdown = notes.signed(text.strip() or NOTHING_SAID, last.mark)
        if not await _again(change, last, markdown, helpful, work) and markdown != last.markdown:
            warning = KEPT
    change.row.awaits_psa = True
    return warning


def _anothers(change: Change, last: Writeback) -> bool:
    """A colleague's, of which nothing was sent: the call is resolved in the name of who does it now."""
    return last.state == "failed" and last.posting_at is None and last.user_id != change.actor.user_id


async def _again(change: Change, last: Writeback, markdown: str, helpful: bool, work: Work | None) -> bool:
    """The row waits once more. Gives whether the note is the new one."""
    newly = {"markdown": markdown, "helpful": helpful}
    timed: dict[str, object] = {"work_started_at": None, "work_ended_at": None, "worked_by": ""}
    if work is not None:
        timed = {"work_started_at": work.started_at, "work_ended_at": work.ended_at, "worked_by": work.by}
    return await rewritten(change.tx, last, newly, timed, change.now)


async def take_back(change: Change) -> None:
    """What was to be resolved is not any more. Raises Refused where the note may be in the PSA already."""
    if not change.row.awaits_psa:
        return
    why = f"taken back by {change.actor.name}"
    if not await withdrawn(change.tx, change.row.id, why, change.now):
        raise Refused(
            "the call is being closed: its note is in the PSA, or may be", "Let it be resolved first, then escalate it."
        )
    change.row.awaits_psa = False
