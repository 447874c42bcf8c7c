"""The next node of an AI-built walk: made outside any transaction, checked in code, stored before it is shown."""

from uuid import uuid4

from services.access import Actor
from services.builder.protocol import BuildContext, Builder, Built
from services.builder.rules import AT_THE_CAP, NOT_SAFE, check
from services.clock import Clock
from services.errors import Refused, Unsafe
from services.walks.changes import Sheet
from services.walks.engine import Position, gated
from services.walks.model import Pending, Walk
from services.walks.records import pending_to_json
from storage.database import Database

TRIES = 2
"""An unusable node is asked for once more, then the call is passed on."""


class Building:
    def __init__(self, database: Database, clock: Clock, sheet: Sheet, builder: Builder) -> None:
        self._database = database
        self._clock = clock
        self._sheet = sheet
        self._builder = builder

    def at_hand(self, walk: Walk) -> Position:
        """The next position where it needs no waiting; without a pending node where it does."""
        context = _context(walk)
        if len(context.steps) >= walk.depth_cap:
            return _position(walk, AT_THE_CAP)
        built = self._builder.at_hand(context)
        if built is None:
            return Position(None, (), walk.verified)
        try:
            check(built, context)
        except Unsafe:
            return _position(walk, NOT_SAFE)
        return _position(walk, built)

    def ready(self, walk: Walk) -> bool:
        return self.at_hand(walk).pending is not None

    async def next_node(self, actor: Actor, walk: Walk) -> Walk:
        """Raises BuildFailed; Conflict where the session has moved on while the node was made."""
        if not walk.awaits_node:
            raise Refused("no step is waited for", "Answer the one on the screen.")
        position = self.at_hand(walk)
        if position.pending is None:
            position = _position(walk, await self._built(_context(walk)))
        async with self._sheet.change(actor, walk, ("active",)) as change:
            row = change.row
            row.pending = None if position.pending is None else pending_to_json(position.pending)
            await change.tx.flush()
            return await self._sheet.load(change.tx, row.id)

    async def _built(self, context: BuildContext) -> Built:
        for _ in range(TRIES):
            built = await self._builder.build(context)
            try:
                check(built, context)
            except Unsafe:
                continue
            return built
        return NOT_SAFE


def _context(walk: Walk) -> BuildContext:
    return BuildContext(walk.id, walk.category or "unknown", walk.problem_text, walk.steps)


def _position(walk: Walk, built: Built) -> Position:
    pending = Pending(str(uuid4()), built.node, origin=built.origin)
    return Position(gated(pending, verified=walk.verified), (), walk.verified)
