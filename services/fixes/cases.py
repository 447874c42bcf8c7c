"""Calls with what engineers found: read whole, and opened for changes that only engineers make."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock
from services.errors import Conflict
from services.fixes.model import Case
from services.fixes.records import found
from services.flows.library import Library
from services.team import audit
from services.walks.changes import Change, Sheet
from services.walks.closing import keep_to_claim
from services.walks.model import IN_ESCALATION, Status, Walk
from services.walks.trees import Trees
from storage.database import Database, Reading
from storage.tables import UNDER_WAY

WHILE_OPEN: tuple[Status, ...] = ("active", "paused", "requesting_escalation", "escalated")
AFTERWARDS: tuple[Status, ...] = (*WHILE_OPEN, "resolved")
"""What became of a fix may be known only after its call."""

Work: TypeAlias = Callable[[Change], Awaitable[None]]


class Cases:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self.database = database
        self.clock = clock
        self._sheet = Sheet(database, clock, Trees(library))

    async def open(self, actor: Actor, session_id: UUID) -> Case:
        """Raises NotFound."""
        async with reading(self.database, actor, Act.READ_SESSIONS) as read:
            return await self._load(read, session_id)

    async def _load(self, read: Reading, session_id: UUID) -> Case:
        return Case(await self._sheet.load(read, session_id), await found(read, session_id))

    async def change(
        self, actor: Actor, walk: Walk, allowed: Collection[str], work: Work, made: Callable[[Case], bool]
    ) -> Case:
        """Does `work` in one change of the call, and gives what it is then; where the actor made that very change
        before and the answer was lost, as `made` finds out, it is given as `repeated`.

        Raises NotAllowed, Conflict, and Refused where somebody else has claimed the call.
        """
        actor.require(Act.WORK_ESCALATIONS)
        try:
            async with self._changing(actor, walk, allowed) as change:
                await work(change)
                await change.tx.flush()
                return await self._load(change.tx, walk.id)
        except Conflict:
            case = await self.open(actor, walk.id)
            mine = (case.walk.state_version, case.walk.changed_by.id) == (walk.state_version + 1, actor.user_id)
            if mine and made(case):
                return replace(case, repeated=True)
            raise

    @asynccontextmanager
    async def _changing(self, actor: Actor, walk: Walk, allowed: Collection[str]) -> AsyncIterator[Change]:
        async with self._sheet.change(actor, walk, allowed, at_the_desk=True) as change:
            row = change.row
            if row.status in UNDER_WAY or (row.status == "resolved" and row.escalated_at is None):
                actor.require(Act.TAKE_CALLS)
            if row.status in IN_ESCALATION:
                await keep_to_claim(change)
            yield change


async def log(change: Change, action: str, details: Mapping[str, object]) -> None:
    """An audit row of a change, `l1.session.` before its name."""
    await audit.record(
        change.tx,
        change.actor,
        f"l1.session.{action}",
        change.now,
        session_id=change.row.id,
        acting_as=change.acting_as,
        details=details,
    )
