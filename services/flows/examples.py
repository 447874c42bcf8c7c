"""What the matcher has learnt for a flow: seen by everybody, taken out and put back by who reviews flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows.library import Library
from services.team import audit
from services.walks.texts import kept
from storage import matching as stored
from storage.database import Database, Reading, Transaction
from storage.library import Versions
from storage.tables import FlowExample

TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    id: UUID | None
    """None for one of the flow's own, which are changed in its file."""
    text: str
    right: bool
    """False: the flow was no help to who said that."""
    source: str
    """`flow`, `call` or `person`."""
    at: datetime | None
    dropped: bool
    session_id: UUID | None


class Examples:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._clock = clock
        self._library = library

    async def of(self, actor: Actor, slug: str) -> tuple[Example, ...]:
        """The flow's own, then what was learnt, oldest first, with what was taken out. Raises NotFound."""
        flow = (await self._library.show(actor, slug)).flow
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            learnt = await stored.examples(read, await _flow_id(read, slug), dropped=True)
        own = (
            Example(id=None, text=text, right=True, source="flow", at=None, dropped=False, session_id=None)
            for text in flow.examples
        )
        return (*own, *map(_example, learnt))

    async def add(self, actor: Actor, slug: str, text: str) -> UUID:
        """Raises NotFound, Refused for a text that says nothing."""
        text = kept(text, "the example", TEXT_LIMIT).strip()
        if not text:
            raise Refused("the example is empty", "Write what a caller would say.")
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            example_id, now = uuid4(), self._clock()
            row = FlowExample(
                id=example_id,
                flow_id=await _flow_id(tx, slug),
                text=text,
                verdict="right",
                source="person",
                created_at=now,
                changed_at=now,
                changed_by=actor.user_id,
            )
            tx.add(row)
            await self._record(tx, actor, "add", {"slug": slug, "example_id": str(example_id)})
        return example_id

    async def drop(self, actor: Actor, slug: str, example_id: UUID) -> None:
        """It is kept, and counts no more. Raises NotFound."""
        await self._mark(actor, slug, example_id, dropped=True)

    async def restore(self, actor: Actor, slug: str, example_id: UUID) -> None:
        await self._mark(actor, slug, example_id, dropped=False)

    async def _mark(self, actor: Actor, slug: str, example_id: UUID, *, dropped: bool) -> None:
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await stored.example(tx, example_id)
            if row is None or row.flow_id != await _flow_id(tx, slug):
                raise NotFound(
                    f"{slug!r} has learnt no example {example_id}", f"`rfl1 flows examples {slug}` lists them."
                )
            if (row.dropped_at is not None) == dropped:
                return
            now = self._clock()
            row.dropped_at, row.changed_at, row.changed_by = (now if dropped else None), now, actor.user_id
            done = "drop" if dropped else "restore"
            await self._record(tx, actor, done, {"slug": slug, "example_id": str(example_id)})

    async def _record(self, tx: Transaction, actor: Actor, done: str, details: Mapping[str, object]) -> None:
        await audit.record(tx, actor, f"flow.example.{done}", self._clock(), details=details)
        await tx.flush()


async def _flow_id(read: Reading, slug: str) -> UUID:
    found = await Versions(read).of_slugs([slug])
    if not found:
        raise NotFound(f"no flow {slug!r}", "`rfl1 flows list` shows what there is.")
    return found[0].flow_id


def _example(row: stored.Example) -> Example:
    return Example(
        id=row.id,
        text=row.text,
        right=row.verdict == "right",
        source=row.source,
        at=row.created_at,
        dropped=row.dropped_at is not None,
        session_id=row.session_id,
    )
