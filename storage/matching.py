"""Queries around what the matcher keeps: readings of flows, examples, offers, fits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, case, delete, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Reading, Transaction
from storage.tables import Flow, FlowExample, FlowOffer, FlowReading, FlowVersion, MatchFit, Session

_CHUNK = 500
"""Values in one statement: both databases have a limit on parameters."""
_TELLING = 50
"""Calls whose words say what a flow is for."""


@dataclass(frozen=True, slots=True)
class Example:
    id: UUID
    flow_id: UUID
    text: str
    verdict: str
    source: str
    created_at: datetime
    dropped_at: datetime | None
    session_id: UUID | None


async def published_versions(read: Reading) -> dict[UUID, UUID]:
    """Flow to the version that is in use."""
    found = (
        select(FlowVersion.flow_id, FlowVersion.id)
        .join(Flow, Flow.id == FlowVersion.flow_id)
        .where(
            FlowVersion.account_id == read.account_id,
            FlowVersion.status == "published",
            Flow.deleted_at.is_(None),
        )
    )
    return {flow_id: version_id for flow_id, version_id in await read.session.execute(found)}


async def readings(read: Reading, reader: str, version_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """What one reader made of those versions that it has read."""
    mine = select(FlowReading.flow_version_id, FlowReading.content).where(
        FlowReading.account_id == read.account_id, FlowReading.reader == reader
    )
    wanted, found = list(version_ids), dict[UUID, bytes]()
    for start in range(0, len(wanted), _CHUNK):
        some = FlowReading.flow_version_id.in_(wanted[start : start + _CHUNK])
        rows = await read.session.execute(mine.where(some))
        found |= {version: content for version, content in rows}
    return found


async def keep_readings(tx: Transaction, reader: str, made: Mapping[UUID, bytes]) -> None:
    """In the place of what that reader made of them before; others who do the same at once do no harm."""
    rows = [
        {"id": uuid4(), "account_id": tx.account_id, "flow_version_id": version, "reader": reader, "content": content}
        for version, content in made.items()
    ]
    for start in range(0, len(rows), _CHUNK):
        await _upsert(tx, FlowReading, rows[start : start + _CHUNK], ("account_id", "flow_version_id", "reader"))


async def forget_readings(tx: Transaction) -> None:
    """Those of versions that are in use no more."""
    gone = select(FlowVersion.id).where(FlowVersion.account_id == tx.account_id, FlowVersion.status != "published")
    mine = FlowReading.account_id == tx.account_id
    await tx.session.execute(delete(FlowReading).where(mine, FlowReading.flow_version_id.in_(gone)))


def _examples() -> Any:
    return select(
        FlowExample.id,
        FlowExample.flow_id,
        FlowExample.text,
        FlowExample.verdict,
        FlowExample.source,
        FlowExample.created_at,
        FlowExample.dropped_at,
        FlowExample.session_id,
    ).order_by(FlowExample.created_at, FlowExample.id)


async def examples(read: Reading, flow_id: UUID | None = None, *, dropped: bool = False) -> list[Example]:
    """Oldest first; with those that were `dropped` only if asked for."""
    found = _examples().where(FlowExample.account_id == read.account_id)
    if flow_id is not None:
        found = found.where(FlowExample.flow_id == flow_id)
    if not dropped:
        found = found.where(FlowExample.dropped_at.is_(None))
    return [Example(*row) for row in await read.session.execute(found)]


async def learnt_until(read: Reading) -> datetime | None:
    """When an example was last added, dropped or taken back."""
    newest = select(func.max(FlowExample.changed_at)).where(FlowExample.account_id == read.account_id)
    return (await read.session.scalars(newest)).one()


async def learn(tx: Transaction, session_id: UUID, verdicts: Mapping[UUID, str], text: str, now: datetime) -> None:
    """By flow, whether it was right or wrong for the call; what was learnt of the call before is replaced."""
    rows = [
        {
            "id": uuid4(),
            "account_id": tx.account_id,
            "flow_id": flow_id,
            "session_id": session_id,
            "text": text,
            "verdict": verdict,
            "source": "call",
            "created_at": now,
            "changed_at": now,
        }
        for flow_id, verdict in verdicts.items()
    ]
    # What a person has dropped stays dropped.
    dropped = case((FlowExample.changed_by.is_(None), null()), else_=FlowExample.dropped_at)
    await _upsert(tx, FlowExample, rows, ("account_id", "session_id", "flow_id"), dropped_at=dropped)


async def unlearn(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """What the call taught was taken back with its end."""
    mine = and_(FlowExample.account_id == tx.account_id, FlowExample.session_id == session_id)
    still = FlowExample.dropped_at.is_(None)
    await tx.session.execute(update(FlowExample).where(mine, still).values(dropped_at=now, changed_at=now))


async def example(tx: Transaction, example_id: UUID) -> FlowExample | None:
    mine = select(FlowExample).where(FlowExample.account_id == tx.account_id, FlowExample.id == example_id)
    return (await tx.session.scalars(mine)).first()


async def walked_well(read: Reading, proposal_id: UUID) -> list[tuple[UUID, str]]:
    """The calls that a proposal has helped, with what their callers said; newest first, as many as teach something."""
    helped = and_(Session.status == "resolved", Session.helpful.is_(True), Session.escalated_at.is_(None))
    found = (
        select(Session.id, Session.problem_text)
        .where(Session.account_id == read.account_id, Session.proposal_id == proposal_id)
        .where(helped, Session.free_notes.is_(False))
        .order_by(Session.created_at.desc())
        .limit(_TELLING)
    )
    return [(session_id, said) for session_id, said in await read.session.execute(found)]


async def offers_passed(read: Reading, session_id: UUID) -> list[UUID]:
    """The flows that were offered when the session began and not taken, the best first."""
    mine = and_(FlowOffer.account_id == read.account_id, FlowOffer.session_id == session_id)
    found = select(FlowOffer.flow_id).where(mine, FlowOffer.taken == "passed").order_by(FlowOffer.place)
    return list((await read.session.scalars(found)).all())


async def nothing_fitted(read: Reading, limit: int) -> list[str]:
    """What callers said for whom a flow that was offered was wrong, and none right; newest first."""
    wrong, right = FlowExample, select(FlowExample.session_id).where(
        FlowExample.account_id == read.account_id, FlowExample.verdict == "right", FlowExample.session_id.is_not(None)
    )  # fmt: skip
    found = (
        select(wrong.text)
        .where(
            wrong.account_id == read.account_id,
            wrong.verdict == "wrong",
            wrong.dropped_at.is_(None),
            wrong.session_id.not_in(right),
        )
        .order_by(wrong.created_at.desc())
        .limit(limit)
    )
    return list((await read.session.scalars(found)).all())


async def fit(read: Reading, reader: str) -> MatchFit | None:
    mine = select(MatchFit).where(MatchFit.account_id == read.account_id, MatchFit.reader == reader)
    return (await read.session.scalars(mine)).first()


async def keep_fit(
    tx: Transaction, reader: str, fitted: dict[str, Any], *, revision: int, learnt: datetime | None, now: datetime
) -> None:
    row = {
        "id": uuid4(),
        "account_id": tx.account_id,
        "reader": reader,
        "revision": revision,
        "learnt_until": learnt,
        "fitted": fitted,
        "made_at": now,
    }
    await _upsert(tx, MatchFit, [row], ("account_id", "reader"))


async def calls_of(read: Reading, customer: str, contact: str, since: datetime) -> Sequence[Session]:
    """The newest calls since then of the same person, or of the same customer where no contact is given."""
    who = Session.contact == contact if contact else Session.customer == customer
    mine = and_(Session.account_id == read.account_id, Session.created_at >= since)
    if customer and contact:
        who = and_(who, Session.customer.in_((customer, "")))
    found = select(Session).where(mine, who).order_by(Session.created_at.desc()).limit(20)
    return (await read.session.scalars(found)).all()


async def _upsert(
    tx: Transaction,
    table: type[FlowReading | FlowExample | MatchFit],
    rows: Sequence[Mapping[str, Any]],
    key: Iterable[str],
    **more: Any,
) -> None:
    """New rows, in the place of those with the same key; `more` is set in these only."""
    if not rows:
        return
    keys = (*key,)
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    wanted = insert(table).values(list(rows))
    changed = {name: wanted.excluded[name] for name in rows[0] if name not in (*keys, "id")} | more
    await tx.session.execute(wanted.on_conflict_do_update(index_elements=keys, set_=changed))
