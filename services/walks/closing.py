"""How a session ends: resolved, escalated, abandoned."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import Refused
from services.flows.capture import capture
from services.flows.visible import blank
from services.team import audit
from services.team.notices import notify, notify_user, others_told
from services.team.settings import values
from services.walks.changes import Change, Sheet
from services.walks.counting import opened_again, within
from services.walks.handover import untold
from services.walks.intents import Work, ask, intend, take_back, worked
from services.walks.lessons import learn_from, unlearn_from
from services.walks.model import HandOver, Status, TicketStatus, Walk
from services.walks.settling import Settle, Settlement, nothing_to_settle
from services.walks.texts import kept
from services.walks.writebacks import Writeback
from storage.accounts import bump_library
from storage.database import Database, Transaction
from storage.repository import Proposals, Tickets
from storage.tables import HAND_OVERS, IN_ESCALATION, UNDER_WAY
from storage.team import reachable
from storage.walks import Sessions, names

RESOLVE_FROM: tuple[Status, ...] = ("active", "paused", "requesting_escalation", "escalated")
ESCALATE_FROM: tuple[Status, ...] = ("active", "paused", "resolved")
ABANDON_FROM: tuple[Status, ...] = ("active", "paused")

ABANDONED_AT_ONCE = 200
"""Forgotten calls in one transaction: whoever is on a call does not wait for all of them."""


class Closing:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        sheet: Sheet,
        settle: Settle = nothing_to_settle,
        signs_in_as: str = "",
    ) -> None:
        """`signs_in_as` is the person's name in the PSA, where it is known."""
        self._database = database
        self._clock = clock
        self._sheet = sheet
        self._settle = settle
        self._signs_in_as = signs_in_as

    async def resolve(
        self,
        actor: Actor,
        walk: Walk,
        *,
        helpful: bool,
        notes: str,
        fix: Settlement | None = None,
        log_time: bool | None = None,
    ) -> Walk:
        """A call on a PSA's ticket keeps its status and awaits the PSA: `services.writeback` does the rest.

        `fix` says what has become of a suggested fix that is open; `log_time` whether the PSA is to have the working
        time, None as the account sets it. Raises Refused where a fix is open and `fix` does not say, NotAllowed for an
        engineer who does not cover level 1 where the call is not escalated, Refused where somebody else has claimed it.
        """
        notes = kept(notes, "the notes")
        meant = ("resolved", helpful, notes)

        def made(now: Walk) -> bool:
            done = now.resolution
            return now.awaits_psa or (done is not None and (now.status, done.helpful, done.notes) == meant)

        return await self._sheet.once(actor, walk, self._resolve(actor, walk, helpful, notes, fix, log_time), made)

    async def _resolve(  # noqa: PLR0917
        self, actor: Actor, walk: Walk, helpful: bool, notes: str, fix: Settlement | None, log_time: bool | None
    ) -> Walk:
        async with self._sheet.change(actor, walk, RESOLVE_FROM, awaited=True) as change:
            row, warning = change.row, None
            escalated = row.status in IN_ESCALATION
            actor.require(Act.WORK_ESCALATIONS if escalated and actor.may(Act.WORK_ESCALATIONS) else Act.TAKE_CALLS)
            if escalated:
                await keep_to_claim(change)
            await self._settle(change, fix)
            if walk.ticket.kind == "psa":
                warning = await self._ask(change, walk, helpful, notes, log_time)
            else:
                await self._end_well(change, actor.user_id, helpful, notes)
            await change.tx.flush()
            return replace(await self._sheet.load(change.tx, row.id), warning=warning)

    async def time_to_log(self, actor: Actor, walk: Walk) -> Work | None:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            wanted = walk.ticket.kind == "psa" and (await values(read)).psa_log_time
        return worked(walk, actor.user_id, self._clock()) if wanted else None

    async def _ask(self, change: Change, walk: Walk, helpful: bool, notes: str, log_time: bool | None) -> str | None:
        """Stores what the PSA is to have. Gives what the person should know of it."""
        logs = (await values(change.tx)).psa_log_time if log_time is None else log_time
        work = worked(walk, change.actor.user_id, change.now) if logs else None
        if work is not None:
            work = replace(work, by=self._signs_in_as)
        warning = await ask(change, notes, helpful=helpful, work=work)
        details = {"helpful": helpful, "ticket_id": str(change.row.ticket_id), "notes": notes}
        await _record(change, "l1.session.resolve_asked", change.acting_as, details)
        return warning

    async def _end_well(self, change: Change, by: UUID, helpful: bool, notes: str) -> None:
        row, acting_as = change.row, change.acting_as
        row.status = "resolved"
        row.helpful, row.resolution_notes = helpful, notes
        row.resolved_at, row.resolved_by = change.now, by
        await settle_tickets(change.tx, {row.ticket_id}, change.now)
        if helpful and not row.learned:
            row.learned = True
            await self._learn(change)
        await learn_from(change.tx, row, change.now)
        # The row keeps the newest words only; the log keeps those of every time.
        details = {"helpful": helpful, "kind": row.kind, "ticket_id": str(row.ticket_id), "notes": notes}
        if by != change.actor.user_id:  # it reached the PSA from somebody else's terminal
            acting_as, details = None, {**details, "asked_by": str(by)}
        await _record(change, "l1.session.resolve", acting_as, details)

    async def landed(self, tx: Transaction, actor: Actor, asked: Writeback) -> None:
        """What was to be resolved has reached the PSA: it is resolved, by whoever asked. `actor` has seen to it."""
        change = await self._taken_up(tx, actor, asked)
        if change is not None:
            await self._end_well(change, asked.by.id, bool(asked.helpful), asked.text)

    async def given_up(self, tx: Transaction, actor: Actor, asked: Writeback, why: str) -> None:
        """It will not reach the PSA by itself any more: whoever ended the call and whoever runs the account are told,
        and a call that was to be resolved can be worked on again."""
        now = self._clock()
        await self._taken_up(tx, actor, asked)
        details = {"kind": asked.kind, "ticket_id": str(asked.ticket_id), "why": why}
        await audit.record(tx, actor, "psa.writeback.failed", now, session_id=asked.session_id, details=details)
        told = set(await reachable(tx, roles=("admin", "owner"))) | set(await reachable(tx, user_id=asked.by.id))
        for user_id in sorted(told):
            await notify_user(tx, user_id, "psa.writeback.failed", asked.session_id, now, details)
        await tx.flush()

    async def _taken_up(self, tx: Transaction, actor: Actor, asked: Writeback) -> Change | None:
        """The call that awaits this resolution, not waiting any more; None where it does not."""
        row = await Sessions(tx).locked(asked.session_id)
        if asked.kind != "resolution" or row is None or not row.awaits_psa:
            return None
        now = self._clock()
        row.state_version += 1
        row.changed_at, row.changed_by = now, actor.user_id
        row.awaits_psa = False
        return Change(tx, row, actor, now)

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk:
        """The walk comes back with a warning where nobody could be notified."""
        actor.require(Act.TAKE_CALLS)
        meant = ("escalated", category, kept(reason, "the reason"), how)
        escalated = await self._sheet.once(
            actor,
            walk,
            self._escalate(actor, walk, category, reason, how),
            lambda now: (
                now.escalation is not None
                and (now.status, now.escalation.category, now.escalation.reason, now.escalation.how) == meant
            ),
        )
        return await self._warned_again(actor, escalated) if escalated.repeated else escalated

    async def _escalate(self, actor: Actor, walk: Walk, category: str, reason: str, how: HandOver | None) -> Walk:
        async with self._sheet.change(actor, walk, ESCALATE_FROM, awaited=True) as change:
            await take_back(change)
            told = await put_to_engineers(change, walk, category, reason, how, action="l1.session.escalate")
            await unlearn_from(change.tx, change.row, change.now)
            if change.row.learned:
                change.row.learned = False
                await bump_library(change.tx)
                await Proposals(change.tx).ended(change.row, well=False)
            escalated = await self._sheet.load(change.tx, change.row.id)
        return with_warning(escalated, told)

    async def _warned_again(self, actor: Actor, escalated: Walk) -> Walk:
        async with self._database.reading(actor) as read:
            return with_warning(escalated, await others_told(read, actor))

    async def abandon(self, actor: Actor, walk: Walk) -> Walk:
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ABANDON_FROM) as change:
            await _abandon(change, by_clock=False)
            await settle_tickets(change.tx, {change.row.ticket_id}, change.now)
            return await self._sheet.load(change.tx, change.row.id)

    async def abandon_stale(self, actor: Actor) -> int:
        """Abandons the account's active sessions in which nothing happened for as long as it sets. Gives how many."""
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            limit = self._clock() - timedelta(hours=(await values(read)).abandon_after_hours)
            some = await Sessions(read).any_stale(limit)
        number = 0
        while some:
            done = await self._abandon_some(actor, limit)
            number, some = number + done, done == ABANDONED_AT_ONCE
        return number

    async def _abandon_some(self, actor: Actor, limit: datetime) -> int:
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            rows, now = await Sessions(tx).stale(limit, ABANDONED_AT_ONCE), self._clock()
            for row in rows:
                row.state_version += 1
                row.changed_at, row.changed_by = now, actor.user_id
                await _abandon(Change(tx, row, actor, now), by_clock=True)
            await settle_tickets(tx, {row.ticket_id for row in rows}, now)
        return len(rows)

    async def _learn(self, change: Change) -> None:
        """A call that ended well speaks for its proposal, or becomes one."""
        row = change.row
        if row.kind not in {"proposal", "ai_build"}:
            return
        await bump_library(change.tx)  # first, like a review does: two that wait for each other wait for ever
        if not await Proposals(change.tx).ended(row, well=True) and row.kind == "ai_build":
            await change.tx.flush()
            await capture(change.tx, await self._sheet.load(change.tx, row.id), change.now)


async def put_to_engineers(
    change: Change, walk: Walk, category: str, reason: str, how: HandOver | None, *, action: str
) -> int:
    """Escalates `walk` within a change: status, ticket, audit row, notification rows.

    Gives how many people will be told."""
    reasons = (await values(change.tx)).escalation_reasons
    if category not in reasons:
        raise Refused(f"{category!r} is no reason category of this account", f"Use one of: {', '.join(reasons)}.")
    reason = kept(reason, "the reason")
    if blank(reason):
        raise Refused("an escalation needs a reason", "One sentence for the engineer is enough.")
    if how is not None and how not in HAND_OVERS:
        raise Refused(f"{how!r} is no way of handing over", f"Use one of: {', '.join(HAND_OVERS)}.")
    row, acting_as = change.row, change.acting_as
    await opened_again(change.tx, row, change.now)
    row.status = "escalated"
    row.escalation_category, row.escalation_how = category, how
    row.escalation_reason = reason
    row.escalation_untold = list(untold(walk, reason=reason, category=category))
    row.escalated_at, row.escalated_by = change.now, change.actor.user_id
    row.escalated_node = within(row.pending, row.frames) if row.pending else await _answered_last(change)
    row.claimed_at = row.claimed_by = None
    ticket = await Tickets(change.tx).get(row.ticket_id)
    if ticket is not None and ticket.kind == "psa":
        await intend(change, "escalation", reason)
    await settle_tickets(change.tx, {row.ticket_id}, change.now)
    details = {"category": category, "how": how, "kind": row.kind, "ticket_id": str(row.ticket_id), "reason": reason}
    await _record(change, action, acting_as, details)
    told = await notify(change.tx, change.actor, "l1.session.escalated", row.id, change.now, {"category": category})
    await change.tx.flush()
    return told


async def _answered_last(change: Change) -> dict[str, object] | None:
    step = await Sessions(change.tx).last_step(change.row.id)
    return None if step is None else within(step.before["pending"], step.before["frames"])


async def settle_tickets(tx: Transaction, ticket_ids: Collection[UUID], now: datetime) -> None:
    """Each ticket's status is what its calls make it: one that an engineer has, else one under way, else one resolved
    speaks for it; a ticket without any is open again."""
    await tx.flush()
    sessions = Sessions(tx)
    tickets = await sessions.tickets(ticket_ids)
    calls = await sessions.statuses(ticket_ids)
    for ticket in tickets:
        status = _status(calls[ticket.id])
        if ticket.status != status:
            ticket.status, ticket.updated_at = status, now


def _status(calls: Collection[str]) -> TicketStatus:
    if any(status in IN_ESCALATION for status in calls):
        return "escalated"
    if any(status in UNDER_WAY for status in calls):
        return "walking"
    return "resolved" if "resolved" in calls else "open"


async def claim_holder(change: Change) -> UUID | None:
    """Who has claimed the call; a claim of somebody who is not active any more does not count."""
    claimed_by = change.row.claimed_by
    return claimed_by if claimed_by is not None and await reachable(change.tx, user_id=claimed_by) else None


async def keep_to_claim(change: Change) -> None:
    """Raises Refused where somebody else has claimed the call. Whoever runs the account may step in."""
    holder, actor = await claim_holder(change), change.actor
    if holder is not None and holder != actor.user_id and not actor.may(Act.ADMINISTER):
        by = (await names(change.tx, {holder}))[holder]
        raise Refused(f"{by} has claimed this call", "Ask them, or choose another one.")


def with_warning(walk: Walk, told: int) -> Walk:
    """`told` is how many others were."""
    warning = "Nobody else is there to be notified: no active engineer, admin or owner. Ring somebody."
    return replace(walk, warning=None if told else warning)


async def _abandon(change: Change, *, by_clock: bool) -> None:
    acting_as = change.acting_as
    change.row.status = "abandoned"
    await _record(change, "l1.session.abandon", acting_as, {"by_clock": by_clock})


async def _record(change: Change, action: str, acting_as: str | None, details: Mapping[str, object]) -> None:
    await audit.record(
        change.tx, change.actor, action, change.now, session_id=change.row.id, acting_as=acting_as, details=details
    )
