"""Queries around the PSA's open tickets as they were last listed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.clocks import Ahead, told
from storage.database import Reading, Transaction
from storage.tables import PsaList, PsaTicket

_KEPT = ("id", "account_id", "list_id", "external_id", "seen_at", "opened_at")
"""Stay as they were first seen."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one terminal to refresh one list."""

    list_id: UUID
    holder: UUID


class PsaLists:
    def __init__(self, within: Reading) -> None:
        self.within = within

    async def named(self, names: Iterable[str]) -> Sequence[PsaList]:
        found = select(PsaList).where(PsaList.account_id == self.within.account_id, PsaList.name.in_(list(names)))
        return (await self.within.session.scalars(found)).all()

    async def ticket(self, names: Iterable[str], known: str) -> PsaTicket | None:
        """By the PSA's id, or else by what people call it."""
        mine = select(PsaTicket).join(PsaList, PsaList.id == PsaTicket.list_id)
        mine = mine.where(PsaTicket.account_id == self.within.account_id, PsaList.name.in_(list(names)))
        for is_it in (PsaTicket.external_id == known, PsaTicket.number == known):
            if (found := (await self.within.session.scalars(mine.where(is_it).limit(1))).first()) is not None:
                return found
        return None

    async def marks(self, list_id: UUID) -> Mapping[str, str]:
        """What is kept of a list: each id with the mark of all that is known."""
        found = select(PsaTicket.external_id, PsaTicket.mark).where(_of(self.within, list_id))
        return {known: mark for known, mark in await self.within.session.execute(found)}


async def any_due(read: Reading, name: str, now: datetime) -> bool:
    """Whether the list is due, or not known yet."""
    mine = and_(PsaList.account_id == read.account_id, PsaList.name == name)
    later = select(PsaList.id).where(mine, PsaList.due_at > told(read, now))
    return await read.session.scalar(later) is None


async def claim(tx: Transaction, name: str, now: datetime, seconds: float, *, at_once: bool) -> Lease | None:
    """For one of several who want to, for so long; None where it is not due, or another refreshes it. `at_once`: due
    or not."""
    insert = _insert(tx, PsaList)
    new = {"id": uuid4(), "account_id": tx.account_id, "name": name, "error": "", "due_at": told(tx, now)}
    made = insert.values({**new, "tickets": 0, "failures": 0})
    await tx.session.execute(made.on_conflict_do_nothing(index_elements=["account_id", "name"]))
    holder = uuid4()
    free = or_(PsaList.leased_until.is_(None), PsaList.leased_until <= told(tx, now))
    wanted = and_(PsaList.account_id == tx.account_id, PsaList.name == name, free)
    due = wanted if at_once else and_(wanted, PsaList.due_at <= told(tx, now))
    leased = {"leased_by": holder, "leased_until": told(tx, now, seconds)}
    taken = update(PsaList).where(due).values(leased).returning(PsaList.id)
    list_id = (await tx.session.scalars(taken.execution_options(synchronize_session=False))).one_or_none()
    return None if list_id is None else Lease(list_id, holder)


async def holds(tx: Transaction, lease: Lease) -> bool:
    """Keeps the list from other writers until the transaction ends."""
    found = select(PsaList.id).where(_leased(tx, lease)).with_for_update(key_share=True)
    return (await tx.session.scalars(found)).one_or_none() is not None


async def failures(tx: Transaction, lease: Lease) -> int:
    """Attempts in a row that failed before this one."""
    return (await tx.session.scalars(select(PsaList.failures).where(_leased(tx, lease)))).one_or_none() or 0


async def put(tx: Transaction, list_id: UUID, tickets: Sequence[Mapping[str, object]]) -> None:
    """Adds them, or changes what was known of them."""
    insert = _insert(tx, PsaTicket)
    fresh = {name: insert.excluded[name] for name in tickets[0] if name not in _KEPT}
    wanted = insert.on_conflict_do_update(index_elements=["account_id", "list_id", "external_id"], set_=fresh)
    rows = [{**each, "id": uuid4(), "account_id": tx.account_id, "list_id": list_id} for each in tickets]
    await tx.session.execute(wanted, rows)


async def drop(tx: Transaction, list_id: UUID, known: Sequence[str]) -> None:
    await tx.session.execute(delete(PsaTicket).where(_of(tx, list_id), PsaTicket.external_id.in_(known)))


async def release(tx: Transaction, lease: Lease, now: datetime, due: Ahead, **outcome: object) -> None:
    """Ends the attempt with what came of it; nothing where another has the list now."""
    values = {**outcome, "due_at": told(tx, now, due.seconds), "leased_by": None, "leased_until": None}
    ended = update(PsaList).where(_leased(tx, lease)).values(values)
    await tx.session.execute(ended.execution_options(synchronize_session=False))


def _insert(tx: Transaction, table: type[PsaList | PsaTicket]) -> "postgresql.Insert | sqlite.Insert":
    on_server = tx.session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if on_server else sqlite.insert(table)


def _of(within: Reading, list_id: UUID) -> ColumnElement[bool]:
    return and_(PsaTicket.account_id == within.account_id, PsaTicket.list_id == list_id)


def _leased(within: Reading, lease: Lease) -> ColumnElement[bool]:
    mine = and_(PsaList.account_id == within.account_id, PsaList.id == lease.list_id)
    return and_(mine, PsaList.leased_by == lease.holder)
