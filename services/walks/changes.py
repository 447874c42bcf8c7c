"""One change of one session, made against the version that the caller saw, in one short transaction."""

from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import Conflict, NotFound, Refused
from services.team.settings import values
from services.walks.model import SessionSummary, Walk
from services.walks.records import to_summary, to_walk
from services.walks.trees import Trees
from storage.database import Database, Reading, Transaction
from storage.tables import IN_ESCALATION, UNDER_WAY, Session
from storage.walks import Sessions, involved, names

BEING_CLOSED = "the call is being closed: its note waits for the PSA"
WAIT_FOR_IT = "Try that again, or leave it to the outbox."


@dataclass(slots=True)
class Change:
    """A session's row, locked, already counted up and signed; what is set on it is stored on leaving."""

    tx: Transaction
    row: Session
    actor: Actor
    now: datetime
    at_the_desk: bool = False
    """What only engineers do: that is nobody's level-1 work where the call has left level 1."""

    @property
    def acting_as(self) -> str | None:
        """Escalated calls are the engineer's own field; everything before is the level-1 surface."""
        own = self.row.status in IN_ESCALATION or (self.at_the_desk and self.row.status not in UNDER_WAY)
        return None if own else self.actor.acting_as


class Sheet:
    """Reads sessions whole, and opens them for changes."""

    def __init__(self, database: Database, clock: Clock, trees: Trees) -> None:
        self._database = database
        self._clock = clock
        self._trees = trees

    async def open(self, actor: Actor, session_id: UUID) -> Walk:
        """Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await self.load(read, session_id)

    async def row(self, read: Reading, session_id: UUID) -> Session:
        """Raises NotFound."""
        row = await Sessions(read).get(session_id)
        if row is None:
            raise not_found(session_id)
        return row

    async def load(self, read: Reading, session_id: UUID) -> Walk:
        walk = to_walk(await Sessions(read).whole(await self.row(read, session_id)), {})
        trees = {} if walk.pending is None else await self._trees.of(read, walk.frames)
        depth_cap = (await values(read)).depth_cap if walk.kind == "ai_build" else walk.depth_cap
        return replace(walk, trees=trees, depth_cap=depth_cap)

    async def listed(
        self,
        actor: Actor,
        act: Act,
        *,
        statuses: Sequence[str] | None = None,
        of: UUID | None = None,
        limit: int = 200,
        by: Literal["start", "step", "escalation"] = "start",
    ) -> tuple[SessionSummary, ...]:
        async with reading(self._database, actor, act) as read:
            found = await Sessions(read).listed(statuses=statuses, of=of, limit=limit, by=by)
            people = await names(read, {user for session, *_ in found for user in involved(session)})
        return tuple(to_summary(session, ticket, title, steps, people) for session, ticket, title, steps in found)

    @asynccontextmanager
    async def change(
        self,
        actor: Actor,
        walk: Walk,
        allowed: Collection[str],
        *,
        versioned: bool = True,
        at_the_desk: bool = False,
        awaited: bool = False,
    ) -> AsyncIterator[Change]:
        """Raises NotFound, Conflict where somebody changed it since, Refused where its status does not allow it, or
        where it waits for the PSA and what is done is not one of the few things that may be done then (`awaited`)."""
        async with self._database.transaction(actor) as tx:
            row = await Sessions(tx).locked(walk.id)
            await still_acting(tx, actor)  # asked last: waiting for the row may have taken its time
            if row is None:
                raise not_found(walk.id)
            if versioned and row.state_version != walk.state_version:
                raise await conflict(tx, row)
            if row.status not in allowed:
                raise Refused(f"the call is {row.status.replace('_', ' ')}", _mend(row.status))
            if row.awaits_psa and not awaited:
                raise Refused(BEING_CLOSED, WAIT_FOR_IT)
            now = self._clock()
            row.state_version += 1
            row.changed_at, row.changed_by = now, actor.user_id
            change = Change(tx, row, actor, now, at_the_desk)
            row.acting_as = change.acting_as or row.acting_as
            yield change
            await tx.flush()

    async def once(
        self, actor: Actor, walk: Walk, changing: Coroutine[object, object, Walk], made: Callable[[Walk], bool]
    ) -> Walk:
        """The change; where the actor made it before and the answer was lost, what it made, as `repeated`."""
        try:
            return await changing
        except Conflict:
            now = await self.open(actor, walk.id)
            if (now.state_version, now.changed_by.id) == (walk.state_version + 1, actor.user_id) and made(now):
                return replace(now, repeated=True)
            raise


async def conflict(read: Reading, row: Session) -> Conflict:
    people = await names(read, {row.changed_by})
    by = people[row.changed_by]
    return Conflict(
        f"{by} changed this call at {row.changed_at:%H:%M:%S} UTC",
        "Look at it again, then repeat what you wanted to do.",
        by=by,
        at=row.changed_at,
    )


def not_found(session_id: UUID) -> NotFound:
    return NotFound(f"no call {session_id}", "`rfl1 sessions list` shows them.")


def _mend(status: str) -> str:
    return {
        "paused": "Resume it first.",
        "escalated": "An engineer has it now; it can be handed back.",
        "requesting_escalation": "An engineer is being asked; it can be handed back.",
        "abandoned": "Start a new call.",
        "resolved": "Start a new call, or escalate this one.",
        "active": "It is under way.",
    }[status]
