"""How a session ends: resolved, escalated, abandoned."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from services.access import Act, Actor
from services.access.acting import still_acting
from services.builder.guardrails import scrub
from services.clock import Clock
from services.errors import Refused
from services.flows.capture import capture
from services.team import audit
from services.team.notices import notify
from services.team.settings import values
from services.walks.changes import Change, Sheet
from services.walks.model import HandOver, Status, Walk
from storage.accounts import bump_library
from storage.database import Database, Transaction
from storage.repository import Proposals, Tickets
from storage.tables import HAND_OVERS, IN_ESCALATION, Session
from storage.walks import Sessions

RESOLVE_FROM: tuple[Status, ...] = ("active", "paused", "requesting_escalation", "escalated")
ESCALATE_FROM: tuple[Status, ...] = ("active", "paused", "resolved")
ABANDON_FROM: tuple[Status, ...] = ("active", "paused")

TEXT_LIMIT = 256 * 1024
"""Bytes of UTF-8 that closing notes or a reason may have."""


class Closing:
    def __init__(self, database: Database, clock: Clock, sheet: Sheet) -> None:
        self._database = database
        self._clock = clock
        self._sheet = sheet

    async def resolve(self, actor: Actor, walk: Walk, *, helpful: bool, notes: str) -> Walk:
        actor.require(Act.WORK_ESCALATIONS if walk.status in IN_ESCALATION and _engineer(actor) else Act.TAKE_CALLS)
        notes = scrub(sized(notes, "the notes"))
        async with self._sheet.change(actor, walk, RESOLVE_FROM) as change:
            row, acting_as = change.row, change.acting_as
            row.status = "resolved"
            row.helpful, row.resolution_notes = helpful, notes
            row.resolved_at, row.resolved_by = change.now, actor.user_id
            await set_ticket(change.tx, row, "resolved", change)
            if helpful:
                await self._learn(change)
            details = {"helpful": helpful, "kind": row.kind, "ticket_id": str(row.ticket_id)}
            await _record(change, "l1.session.resolve", acting_as, details)
            await change.tx.flush()
            return await self._sheet.load(change.tx, row.id)

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk:
        """The walk comes back with a warning where nobody could be notified."""
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ESCALATE_FROM) as change:
            told = await put_to_engineers(change, category, reason, how, action="l1.session.escalate")
            escalated = await self._sheet.load(change.tx, change.row.id)
        return with_warning(escalated, told)

    async def abandon(self, actor: Actor, walk: Walk) -> Walk:
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ABANDON_FROM) as change:
            await _abandon(change, by_clock=False)
            await change.tx.flush()
            return await self._sheet.load(change.tx, change.row.id)

    async def abandon_stale(self, actor: Actor) -> int:
        """Abandons the account's active sessions that had no step for the time the account sets. Gives how many."""
        async with self._database.reading(actor) as read:
            limit = self._clock() - timedelta(hours=(await values(read)).abandon_after_hours)
            stale = await Sessions(read).stale(limit)
        if not stale:
            return 0
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            rows = await Sessions(tx).stale(limit, locked=True)
            for row in rows:
                now = self._clock()
                row.state_version += 1
                row.changed_at, row.changed_by = now, actor.user_id
                await _abandon(Change(tx, row, actor, now), by_clock=True)
        return len(rows)

    async def _learn(self, change: Change) -> None:
        """A call that ended well speaks for its proposal, or becomes one."""
        row = change.row
        if row.kind == "proposal" and row.proposal_id is not None:
            await bump_library(change.tx)  # first, like a review does: two that wait for each other wait for ever
            await Proposals(change.tx).ended_well(row.proposal_id)
        elif row.kind == "ai_build":
            await change.tx.flush()
            await capture(change.tx, await self._sheet.load(change.tx, row.id), change.now)


async def put_to_engineers(change: Change, category: str, reason: str, how: HandOver | None, *, action: str) -> int:
    """Escalates within a change: status, ticket, audit row, notification rows. Gives how many people will be told."""
    reasons = (await values(change.tx)).escalation_reasons
    if category not in reasons:
        raise Refused(f"{category!r} is no reason category of this account", f"Use one of: {', '.join(reasons)}.")
    if not reason.strip():
        raise Refused("an escalation needs a reason", "One sentence for the engineer is enough.")
    if how is not None and how not in HAND_OVERS:
        raise Refused(f"{how!r} is no way of handing over", f"Use one of: {', '.join(HAND_OVERS)}.")
    row, acting_as = change.row, change.acting_as
    row.status = "escalated"
    row.escalation_category, row.escalation_how = category, how
    row.escalation_reason = scrub(sized(reason, "the reason"))
    row.escalated_at, row.escalated_by = change.now, change.actor.user_id
    row.claimed_at = row.claimed_by = None
    await set_ticket(change.tx, row, "escalated", change)
    details = {"category": category, "how": how, "kind": row.kind, "ticket_id": str(row.ticket_id)}
    await _record(change, action, acting_as, details)
    told = await notify(change.tx, change.actor, "l1.session.escalated", row.id, change.now, {"category": category})
    await change.tx.flush()
    return told


async def set_ticket(tx: Transaction, row: Session, status: str, change: Change) -> None:
    ticket = await Tickets(tx).get(row.ticket_id)
    if ticket is not None and ticket.status != status:
        ticket.status, ticket.updated_at = status, change.now


def with_warning(walk: Walk, told: int) -> Walk:
    warning = "Nobody is there to be notified: no active engineer, admin or owner. Ring somebody."
    return replace(walk, warning=None if told else warning)


def sized(text: str, what: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_LIMIT:
        raise Refused(f"{what} is longer than {TEXT_LIMIT // 1024} KiB", "Shorten it; nothing was stored or lost.")
    return text


def _engineer(actor: Actor) -> bool:
    return actor.may(Act.WORK_ESCALATIONS)


async def _abandon(change: Change, *, by_clock: bool) -> None:
    acting_as = change.acting_as
    change.row.status = "abandoned"
    await set_ticket(change.tx, change.row, "open", change)
    await _record(change, "l1.session.abandon", acting_as, {"by_clock": by_clock})


async def _record(change: Change, action: str, acting_as: str | None, details: Mapping[str, object]) -> None:
    await audit.record(
        change.tx, change.actor, action, change.now, session_id=change.row.id, acting_as=acting_as, details=details
    )
