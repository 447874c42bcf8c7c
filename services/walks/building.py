"""The next node of an AI-built walk: made outside any transaction, checked in code, stored before it is shown."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

from services.access import Actor
from services.builder.ahead import Ahead
from services.builder.guardrails import read_rules
from services.builder.playbook import PlaybookBuilder
from services.builder.protocol import BuildContext, Builder, BuildFailed, Built, Show, Taken, Unusable
from services.builder.rules import AT_THE_CAP, NOT_SAFE, check, usable
from services.clock import Clock
from services.errors import Refused, Unsafe
from services.flows.nodes import Instruction, Question
from services.walks.changes import Sheet, conflict
from services.walks.engine import Position, gated, said
from services.walks.model import Acknowledge, CannotTell, Choose, Pending, Reply, Walk
from services.walks.records import pending_to_json
from storage.building import Attempt, begin_building, end_building
from storage.database import Database
from storage.walks import Sessions

LIMIT = 14.0
"""Seconds until the technician is told that no node was made, however often it was tried."""
LOST_AFTER = 20.0
"""Seconds: an attempt of which nothing was heard for so long has died with its terminal."""
LOOKS_EVERY = 0.25
"""Seconds between two looks at what another terminal is making."""


class Building:
    def __init__(
        self, database: Database, clock: Clock, sheet: Sheet, builder: Builder, ahead: Ahead | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._sheet = sheet
        self._builder = builder
        self._playbooks = PlaybookBuilder()
        self._ahead = ahead

    def at_hand(self, actor: Actor, walk: Walk) -> Position:
        """The next position where it needs no waiting; without a pending node where it does."""
        context = _context(actor, walk)
        if len(context.steps) >= walk.depth_cap:
            return _position(walk, AT_THE_CAP)
        built = None if self._ahead is None else self._ahead.ready(_as_prepared(context))
        if built is None:
            built = self._builder.at_hand(context)
        return Position(None, (), walk.verified) if built is None else _checked(walk, built, context)

    def ready(self, actor: Actor, walk: Walk) -> bool:
        return self.at_hand(actor, walk).pending is not None

    def look_ahead(self, actor: Actor, walk: Walk) -> None:
        """Starts preparing what may come after the pending node; what was prepared for anything else is dropped."""
        if self._ahead is None or walk.kind != "ai_build":
            return
        if walk.awaits_node:
            self._ahead.keep(_as_prepared(_context(actor, walk)))
        else:
            self._ahead.prepare(walk.id, self._to_prepare(actor, walk))

    def forget(self, walk: Walk) -> None:
        """The call is somebody else's now, or over."""
        if self._ahead is not None:
            self._ahead.forget(walk.id)

    async def next_node(self, actor: Actor, walk: Walk, *, show: Show | None = None, by_playbook: bool = False) -> Walk:
        """Raises BuildFailed; Conflict where the session has moved on while the node was made.

        Where another terminal is making it already, what that one gets: no node is paid for twice.
        """
        if not walk.awaits_node:
            raise Refused("no step is waited for", "Answer the one on the screen.")
        deadline = time.monotonic() + LIMIT
        await self.prepared()
        position = self.at_hand(actor, walk)
        if position.pending is None and by_playbook:
            context = _context(actor, walk)
            position = _checked(walk, self._playbooks.at_hand(context), context)
        if position.pending is not None:
            return await self._store(actor, walk, position)
        async with self._alone(actor, walk, deadline) as others:
            if others is not None:
                return others
            built = await self._built(_context(actor, walk), show, deadline)
            return await self._store(actor, walk, _position(walk, built))

    async def prepared(self) -> None:
        """What every node is checked with is read by now; beside the event loop, since it takes a while."""
        await asyncio.to_thread(read_rules)

    async def _built(self, context: BuildContext, show: Show | None, deadline: float) -> Built:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                coming = None if self._ahead is None else await self._ahead.coming(_as_prepared(context), show)
                return coming or await usable(self._builder, context, show)
        except TimeoutError as error:
            raise BuildFailed("no next step was made in time", "Try again, or go on with the playbook.") from error

    async def _store(self, actor: Actor, walk: Walk, position: Position) -> Walk:
        """Notes may have been written meanwhile; what the node follows must be the same. Raises Conflict."""
        async with self._sheet.change(actor, walk, ("active",), versioned=False) as change:
            row = change.row
            last = await Sessions(change.tx).last_step(row.id)
            same = (walk.steps[-1].step_id if walk.steps else None) == (None if last is None else last.step_id)
            if not same or row.pending is not None or row.free_notes or row.user_id != walk.technician.id:
                raise await conflict(change.tx, row)
            row.building_by = row.building_until = None
            row.pending = None if position.pending is None else pending_to_json(position.pending)
            await change.tx.flush()
            stored = await self._sheet.load(change.tx, row.id)
        self.look_ahead(actor, stored)
        return stored

    @asynccontextmanager
    async def _alone(self, actor: Actor, walk: Walk, deadline: float) -> AsyncIterator[Walk | None]:
        """Nobody else makes the same node meanwhile; where somebody did, the walk with it. Raises BuildFailed."""
        attempt = Attempt(actor.account_id, walk.id, uuid4())
        while not await begin_building(self._database, attempt, self._clock(), LOST_AFTER):
            if time.monotonic() >= deadline:
                raise BuildFailed("another terminal is making the next step", "Wait for a moment, then look again.")
            await asyncio.sleep(LOOKS_EVERY)
        try:
            now = await self._sheet.open(actor, walk.id)
            yield None if now.awaits_node else replace(now, repeated=True)
        finally:
            await end_building(self._database, attempt)

    def _to_prepare(self, actor: Actor, walk: Walk) -> Iterator[BuildContext]:
        pending = walk.pending
        if pending is None or pending.behind is not None or walk.status != "active" or walk.free_notes:
            return
        context = _context(actor, walk)
        if len(context.steps) + 1 >= walk.depth_cap or self._builder.at_hand(context) is not None:
            return
        for reply in _replies(pending):
            words = said(pending, reply, methods={}, built=True)
            step = Taken(pending.node, pending.origin, words.answer, words.label)
            yield replace(context, steps=(*context.steps, step))


def _replies(pending: Pending) -> tuple[Reply, ...]:
    match pending.node:
        case Question(answers=answers):
            return (*(Choose(index) for index in range(len(answers))), CannotTell())
        case Instruction():
            return (Acknowledge(),)
        case _:
            return ()


def _context(actor: Actor, walk: Walk) -> BuildContext:
    return BuildContext(
        session_id=walk.id,
        category=walk.category or "unknown",
        problem=walk.problem_text,
        steps=tuple(Taken(s.pending.node, s.pending.origin, s.answer, s.answer_label, s.note) for s in walk.steps),
        verified=walk.verified,
        names=tuple(name for name in (walk.customer, walk.contact, walk.technician.name) if name.strip()),
        actor=actor,
    )


def _as_prepared(context: BuildContext) -> BuildContext:
    """Without the note on the last step: it is written after the next nodes were prepared, and told with the one
    after them."""
    if not context.steps:
        return context
    return replace(context, steps=(*context.steps[:-1], replace(context.steps[-1], note=None)))


def _checked(walk: Walk, built: Built, context: BuildContext) -> Position:
    try:
        check(built, context)
    except (Unsafe, Unusable):
        return _position(walk, NOT_SAFE)
    return _position(walk, built)


def _position(walk: Walk, built: Built) -> Position:
    pending = Pending(str(uuid4()), built.node, origin=built.origin)
    return Position(gated(pending, verified=walk.verified), (), walk.verified)
