"""What an engineer does with an escalated call: claim it, hand it back. Resolving is the same as everywhere."""

from dataclasses import replace

from services.access import Act, Actor
from services.clock import Clock
from services.errors import Conflict, Refused
from services.flows.library import Library
from services.flows.visible import blank
from services.team import audit
from services.team.notices import notify_user
from services.walks.changes import Sheet
from services.walks.closing import claim_holder, keep_to_claim, settle_tickets
from services.walks.counting import uncount
from services.walks.model import SessionSummary, Walk
from services.walks.texts import kept
from services.walks.trees import Trees
from storage.database import Database
from storage.tables import IN_ESCALATION
from storage.walks import names


class Escalations:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self._sheet = Sheet(database, clock, Trees(library))

    async def listed(self, actor: Actor, *, limit: int = 200) -> tuple[SessionSummary, ...]:
        """What waits for an engineer, newest first."""
        return await self._sheet.listed(
            actor, Act.WORK_ESCALATIONS, statuses=IN_ESCALATION, limit=limit, by="escalation"
        )

    async def claim(self, actor: Actor, walk: Walk) -> Walk:
        """The first one has it; claiming again is fine; the others are told who was first, and when.

        What somebody claimed who is not active any more is free again.
        """
        actor.require(Act.WORK_ESCALATIONS)
        async with self._sheet.change(actor, walk, IN_ESCALATION, versioned=False) as change:
            row = change.row
            if row.escalated_by == actor.user_id:
                raise Refused("nobody claims what they escalated", "Somebody else has to take it.")
            holder = await claim_holder(change)
            if holder is not None and holder != actor.user_id:
                by, at = (await names(change.tx, {holder}))[holder], row.claimed_at
                raise Conflict(f"{by} claimed it at {at:%H:%M:%S} UTC", "Choose another one.", by=by, at=at)
            if holder is None:
                row.claimed_by, row.claimed_at = actor.user_id, change.now
                await audit.record(change.tx, actor, "l1.session.claim", change.now, session_id=row.id)
                await change.tx.flush()
                return await self._sheet.load(change.tx, row.id)
            # Claimed by the same person before: nothing changes, neither the version nor who changed it last.
            await change.tx.session.refresh(row)
            return replace(await self._sheet.load(change.tx, row.id), repeated=True)

    async def hand_back(self, actor: Actor, walk: Walk, instruction: str) -> Walk:
        """Back to the technician, active again at its pending node, with an instruction; the technician is told.

        The walk comes back with a warning where they are not there any more.
        """
        actor.require(Act.WORK_ESCALATIONS)
        if blank(instruction):
            raise Refused("an instruction is missing", "Say what the technician should do or ask.")
        instruction = kept(instruction, "the instruction")
        async with self._sheet.change(actor, walk, IN_ESCALATION) as change:
            row, now = change.row, change.now
            await keep_to_claim(change)
            await uncount(change.tx, row)
            row.status, row.instruction = "active", instruction
            row.claimed_by = row.claimed_at = None
            row.last_step_at = now
            await settle_tickets(change.tx, {row.ticket_id}, now)
            said = {"instruction": instruction}
            await audit.record(change.tx, actor, "l1.session.hand_back", now, session_id=row.id, details=said)
            by = {"by": actor.name}
            told = await notify_user(change.tx, row.user_id, "l1.session.handed_back", row.id, now, by)
            await change.tx.flush()
            back = await self._sheet.load(change.tx, row.id)
        gone = f"{back.technician.name} is not active any more: ask somebody to take the call over."
        return back if told else replace(back, warning=gone)
