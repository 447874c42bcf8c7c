"""Queries around the counts of ended calls: what is in none of them yet, adding to them, reading them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Table, TextClause, and_, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Reading, Transaction
from storage.tables import ENDED, ON_SCREEN, Session, Step, VisitCount, WeekCount


class Visit(NamedTuple):
    """The key of a `VisitCount`, of some account."""

    tree: str
    node: str
    ending: str
    seconds: int


class Week(NamedTuple):
    """The key of a `WeekCount`, of some account."""

    week: str
    kind: str
    category: str
    ending: str
    reason: str
    reopened: bool


@dataclass(frozen=True, slots=True)
class Walked:
    """One answered node, as far as it is counted."""

    before: Mapping[str, Any]
    seconds: int


Uncounted: TypeAlias = tuple[Session, Sequence[Walked]]


async def uncounted(read: Reading, limit: int) -> Sequence[Uncounted]:
    """Ended calls that are in no count, the one that ended first first, with the steps that were not taken back."""
    waiting = _waiting(read, "id", "ORDER BY changed_at LIMIT :limit").bindparams(limit=limit).columns(Session.id)
    ids = (await read.session.scalars(waiting)).all()
    if not ids:
        return []
    found = select(Session).where(Session.account_id == read.account_id, Session.id.in_(ids))
    rows = (await read.session.scalars(found.order_by(Session.changed_at))).all()
    steps = await walked(read, ids)
    return [(row, steps.get(row.id, ())) for row in rows]


async def how_many_uncounted(read: Reading) -> int:
    number: int = (await read.session.execute(_waiting(read, "count(*)"))).scalar_one()
    return number


def _waiting(read: Reading, what: str, order: str = "") -> TextClause:
    """By their own index, which SQLite is told to use: by what it knows of a file in which much has been counted since,
    it would read every call that has ended."""
    by_index = "" if _on_server(read) else "INDEXED BY ix_sessions_uncounted"
    ended = ", ".join(repr(status) for status in ENDED)
    return text(
        f"SELECT {what} FROM sessions {by_index}"  # nothing of it is from outside
        f" WHERE account_id = :account AND counted IS NULL AND status IN ({ended}) {order}"
    ).bindparams(bindparam("account", read.account_id, Session.account_id.type))


def _on_server(within: Reading) -> bool:
    return within.session.get_bind().dialect.name == "postgresql"


async def walked(read: Reading, session_ids: Collection[UUID]) -> Mapping[UUID, list[Walked]]:
    found = select(Step.session_id, Step.before, Step.seconds).where(
        Step.session_id.in_(session_ids), Step.taken_back_at.is_(None)
    )
    steps: dict[UUID, list[Walked]] = {}
    for session_id, before, seconds in await read.session.execute(found.order_by(Step.session_id, Step.seq)):
        steps.setdefault(session_id, []).append(Walked(before, seconds))
    return steps


async def free(tx: Transaction, calls: Sequence[Session]) -> Collection[UUID]:
    """Those of the calls that are as they were read and nobody else is counting, kept from other writers."""
    # That a call's ticket is open again is no new version of the call, but counts.
    read = {row.id: (row.state_version, row.reopened_at is None) for row in calls}
    found = select(Session.id, Session.state_version, Session.reopened_at.is_(None))
    found = found.where(Session.account_id == tx.account_id, Session.id.in_(read), Session.counted.is_(None))
    rows = await tx.session.execute(found.order_by(Session.id).with_for_update(skip_locked=True))
    return [session_id for session_id, *now in rows if read[session_id] == tuple(now)]


async def mark(tx: Transaction, calls: Sequence[tuple[UUID, str, float | None]]) -> None:
    """Calls as counted: how each had ended, and how many seconds it took."""
    rows = [{"id": call, "counted": ending, "handled": handled} for call, ending, handled in calls]
    if rows:
        await tx.session.execute(update(Session), rows)


async def add(tx: Transaction, visits: Mapping[Visit, int], weeks: Mapping[Week, int]) -> None:
    """Takes from them where the numbers are below 0. Always in one order: two at once do not wait for each other."""
    await _add(tx, VisitCount, [(*key, number) for key, number in sorted(visits.items())])
    await _add(tx, WeekCount, [(*key, number) for key, number in sorted(weeks.items())])


async def _add(tx: Transaction, table: type[VisitCount | WeekCount], rows: Sequence[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.__table__.columns]
    if rows:
        values = [dict(zip(names, (tx.account_id, *row), strict=True)) for row in rows]
        await tx.session.execute(_adding(tx, table), values)


def _adding(tx: Transaction, table: type[VisitCount | WeekCount]) -> Insert:
    rows = cast("Table", table.__table__)
    keys = [column.name for column in rows.primary_key]
    if _on_server(tx):
        on_server = postgresql.insert(rows)
        more = {"calls": table.calls + on_server.excluded.calls}
        return on_server.on_conflict_do_update(index_elements=keys, set_=more)
    in_file = sqlite.insert(rows)
    return in_file.on_conflict_do_update(index_elements=keys, set_={"calls": table.calls + in_file.excluded.calls})


class Counts:
    def __init__(self, within: Reading) -> None:
        self.within = within

    async def visits(self, trees: Collection[str], nodes: Collection[str] | None = None) -> Sequence[tuple[Visit, int]]:
        """Of these nodes, or of all in the trees and the trees as a whole."""
        columns = (VisitCount.tree, VisitCount.node, VisitCount.ending, VisitCount.seconds, VisitCount.calls)
        found = select(*columns).where(VisitCount.account_id == self.within.account_id, VisitCount.calls > 0)
        found = found.where(VisitCount.tree.in_(trees))
        if nodes is not None:
            found = found.where(VisitCount.node.in_(nodes))
        return [(Visit(*row[:-1]), row[-1]) for row in await self.within.session.execute(found)]

    async def times(self, trees: Collection[str]) -> Sequence[tuple[str, int, int]]:
        """Of each tree as a whole: seconds, and how many calls took so many, however they ended; in no order."""
        found = select(VisitCount.tree, VisitCount.seconds, func.sum(VisitCount.calls)).where(
            VisitCount.account_id == self.within.account_id,
            VisitCount.tree.in_(trees),
            VisitCount.node == "",
            VisitCount.calls > 0,
        )
        grouped = found.group_by(VisitCount.tree, VisitCount.seconds)
        return [(tree, seconds, int(number)) for tree, seconds, number in await self.within.session.execute(grouped)]

    async def passed_on_from(self) -> Sequence[tuple[str, str, int]]:
        """Tree and node that escalated calls had on the screen at the end, and how many; in no order."""
        found = select(VisitCount.tree, VisitCount.node, VisitCount.calls).where(
            self._at_the_end, VisitCount.ending == "escalated", VisitCount.calls > 0
        )
        return [(*row,) for row in await self.within.session.execute(found)]

    async def ended_by_playbook(self) -> int:
        """Calls that had a node out of a playbook on the screen at the end."""
        found = select(func.sum(VisitCount.calls)).where(self._at_the_end, VisitCount.tree.like("playbook:%"))
        return int((await self.within.session.execute(found)).scalar_one() or 0)

    @property
    def _at_the_end(self) -> ColumnElement[bool]:
        """In the words of their index."""
        return and_(VisitCount.account_id == self.within.account_id, text(f"visit_counts.seconds = {ON_SCREEN}"))

    async def totals(self) -> Sequence[tuple[Week, int]]:
        """Of all weeks together: each with an empty week."""
        columns = [getattr(WeekCount, name) for name in Week._fields[1:]]
        found = select(*columns, func.sum(WeekCount.calls)).where(WeekCount.account_id == self.within.account_id)
        rows = await self.within.session.execute(found.group_by(*columns).having(func.sum(WeekCount.calls) > 0))
        return [(Week("", *row[:-1]), int(row[-1])) for row in rows]

    async def weeks(self, since: str) -> Sequence[tuple[Week, int]]:
        """From that Monday on."""
        columns = [getattr(WeekCount, name) for name in Week._fields]
        found = select(*columns, WeekCount.calls).where(
            WeekCount.account_id == self.within.account_id, WeekCount.week >= since, WeekCount.calls > 0
        )
        return [(Week(*row[:-1]), row[-1]) for row in await self.within.session.execute(found)]

    async def handled(self) -> tuple[float, float] | None:
        """Mean and median seconds; None without any."""
        mine = (Session.account_id == self.within.account_id, text("handled IS NOT NULL"))
        counted = select(func.count(), func.avg(Session.handled)).where(*mine)
        number, mean = (await self.within.session.execute(counted)).one()
        if not number:
            return None
        middle = select(Session.handled).where(*mine).order_by(Session.handled)
        middle = middle.offset((number - 1) // 2).limit(2 - number % 2)
        median = (await self.within.session.execute(select(func.avg(middle.subquery().c.handled)))).scalar_one()
        return float(mean), float(median)
