"""What waits for the PSA: who goes on with it, and what is stored of each step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    String,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from storage.clocks import Ahead, told
from storage.database import Reading, Transaction
from storage.repository import Repository, spelled_out
from storage.tables import IN_ESCALATION, Session, Ticket, User, Writeback

OVER = ("resolved", "abandoned")


@dataclass(frozen=True, slots=True)
class Turn:
    """One attempt of one terminal: what it stores counts only while the lease is its own."""

    id: UUID
    seconds: float
    """How long it may be silent."""


@dataclass(frozen=True, slots=True)
class Due:
    """Which of those that wait are meant."""

    since: datetime | None
    """None: those whose time has come. Else all that nobody has tried since then."""
    escalated_only: bool
    """What somebody may do who takes no calls: packages, and what ends an escalated call."""


@dataclass(frozen=True, slots=True)
class WritebackRow:
    """A row, and the names beside it."""

    row: Writeback
    ticket: str | None
    """The PSA's own id of it."""
    by: str
    problem: str


class Writebacks(Repository[Writeback]):
    table = Writeback

    async def of_session(self, session_id: UUID) -> Sequence[Writeback]:
        """Oldest first."""
        found = self.base().where(Writeback.session_id == session_id)
        return await self.all(found.order_by(Writeback.created_at, Writeback.id))

    async def newest_of_ticket(self, ticket_id: UUID) -> datetime | None:
        found = select(func.max(Writeback.created_at)).where(*self._ours(), Writeback.ticket_id == ticket_id)
        return (await self.within.session.scalars(found)).one()

    async def ahead_of(self, writeback_id: UUID) -> Sequence[UUID]:
        """What waits about its ticket up to this one, oldest first: they reach the PSA in the order of the calls."""
        this = aliased(Writeback)
        found = (
            select(Writeback.id)
            .join(this, and_(this.account_id == Writeback.account_id, this.ticket_id == Writeback.ticket_id))
            .where(*self._ours(), this.id == writeback_id, _waits(), Writeback.created_at <= this.created_at)
            .order_by(Writeback.created_at, Writeback.id)
        )
        return (await self.within.session.scalars(found)).all()

    async def listed(self, states: Sequence[str], limit: int) -> Sequence[WritebackRow]:
        """Oldest first; of too many the newest."""
        newest = self._told().where(Writeback.state.in_(spelled_out(states)))
        rows = (
            await self.within.session.execute(
                newest.order_by(Writeback.created_at.desc(), Writeback.id.desc()).limit(limit)
            )
        ).all()
        return [WritebackRow(*row) for row in reversed(rows)]

    async def told(self, writeback_id: UUID) -> WritebackRow | None:
        row = (await self.within.session.execute(self._told().where(Writeback.id == writeback_id))).first()
        return None if row is None else WritebackRow(*row)

    async def waiting(self) -> int:
        found = select(func.count(Writeback.id)).where(*self._ours(), _waits())
        return (await self.within.session.scalars(found)).one()

    async def unsettled(self) -> int:
        """Those that failed and nobody has done anything about: the call is not over, nothing of it came later."""
        later = aliased(Writeback)
        newer = exists().where(
            later.account_id == Writeback.account_id,
            later.session_id == Writeback.session_id,
            later.created_at > Writeback.created_at,
        )
        found = (
            select(func.count(Writeback.id))
            .select_from(Writeback)
            .join(Session, Session.id == Writeback.session_id)
            .where(*self._ours(), _is("failed"))
            .where(Session.status.not_in(OVER), ~newer)
        )
        return (await self.within.session.scalars(found)).one()

    async def in_other_hands(self, due: Due) -> bool:
        """Whether some of those that are meant wait, and a terminal has them, or had them when it died."""
        found = select(Writeback.id).where(*self._ours(), _waits(), Writeback.leased_until.is_not(None))
        return await self.within.session.scalar(_meant(found, due).limit(1)) is not None

    def _ours(self) -> tuple[ColumnElement[bool], ...]:
        return (Writeback.account_id == self.within.account_id,)

    def _told(self) -> Select[Writeback, str | None, str, str]:
        return (
            select(Writeback, Ticket.external_id, User.name, Session.problem_text)
            .join(Ticket, Ticket.id == Writeback.ticket_id)
            .join(User, User.id == Writeback.user_id)
            .join(Session, Session.id == Writeback.session_id)
            .where(*self._ours())
        )


async def any_due(read: Reading, due: Due, now: datetime) -> bool:
    """Whether there is one that nobody works on."""
    return await read.session.scalar(_due(read, due, now).limit(1)) is not None


async def take(tx: Transaction, turn: Turn, writeback_id: UUID, now: datetime) -> Writeback | None:
    """The one named, where it waits, nobody works on it, and nothing older of its ticket waits."""
    return await _taken(tx, turn, _free(tx, now).where(Writeback.id == writeback_id), now)


async def take_next(tx: Transaction, turn: Turn, due: Due, now: datetime) -> Writeback | None:
    """The oldest that is due, unless another terminal is just taking it."""
    found = _due(tx, due, now).order_by(Writeback.created_at, Writeback.id).limit(1)
    return await _taken(tx, turn, found, now)


async def store(
    tx: Transaction, turn: Turn, writeback_id: UUID, values: Mapping[str, object], now: datetime
) -> Writeback | None:
    """Stores them and renews the lease. None where the lease is somebody else's by now: nothing was stored."""
    kept = {name: told(tx, now, value.seconds) if isinstance(value, Ahead) else value for name, value in values.items()}
    mine = update(Writeback).where(*_of(tx, writeback_id), Writeback.leased_by == turn.id, _waits())
    return await _changed(tx, mine.values({"leased_until": told(tx, now, turn.seconds), **kept}))


async def rewritten(
    tx: Transaction, row: Writeback, newly: Mapping[str, object], timed: Mapping[str, object], now: datetime
) -> bool:
    """One that waits or has failed waits once more. Gives whether it has what is `newly` said: not where the note may
    be in the PSA already, and nothing of it where another terminal works on it. `timed` counts until time is logged."""
    back: dict[str, object] = {"state": "waiting", "why": "", "finished_at": None, "unsettled": 0}
    back |= {"leased_by": None, "leased_until": None, "next_try_at": told(tx, now), "tries": 0}
    free = update(Writeback).where(*_of(tx, row.id), or_(_is("waiting"), _is("failed")), _nobody(tx, now))
    if await _changed(tx, free.where(Writeback.posting_at.is_(None)).values({**back, **newly, **timed})) is not None:
        return True
    if await _changed(tx, free.where(Writeback.timing_at.is_(None)).values({**back, **timed})) is None:
        await _changed(tx, free.values(back))
    return False


async def withdrawn(tx: Transaction, session_id: UUID, why: str, now: datetime) -> bool:
    """Whether the resolution of the call was ended before anything of it was sent."""
    waiting = update(Writeback).where(
        Writeback.account_id == tx.account_id,
        Writeback.session_id == session_id,
        Writeback.kind == "resolution",
        _waits(),
        _nobody(tx, now),
        Writeback.posting_at.is_(None),
    )
    ended = {"state": "failed", "why": why, "finished_at": now, "leased_by": None, "leased_until": None}
    return await _changed(tx, waiting.values(ended)) is not None


async def _taken(tx: Transaction, turn: Turn, found: Select[Any], now: datetime) -> Writeback | None:
    writeback_id = await tx.session.scalar(found.with_for_update(skip_locked=True, of=Writeback))
    if writeback_id is None:
        return None
    leased = {
        "leased_by": turn.id,
        "leased_until": told(tx, now, turn.seconds),
        "tried_at": told(tx, now),
        "tries": Writeback.tries + 1,
    }
    return await _changed(tx, update(Writeback).where(Writeback.id == writeback_id).values(leased))


async def _changed(tx: Transaction, statement: Update) -> Writeback | None:
    changed = statement.returning(Writeback).execution_options(synchronize_session=False, populate_existing=True)
    return (await tx.session.scalars(changed)).first()


def _is(state: str) -> ColumnElement[bool]:
    """Spelled out: SQLite uses a partial index only where it sees its condition."""
    return Writeback.state == bindparam(None, state, String, literal_execute=True)


def _waits() -> ColumnElement[bool]:
    return _is("waiting")


def _free(read: Reading, now: datetime) -> Select[Any]:
    """Those that wait and nobody works on, and that nothing older of their ticket stands before."""
    return select(Writeback.id).where(Writeback.account_id == read.account_id, _waits(), _nobody(read, now), ~_older())


def _nobody(read: Reading, now: datetime) -> ColumnElement[bool]:
    """No terminal works on it, or the one that did has died."""
    return or_(Writeback.leased_until.is_(None), Writeback.leased_until < told(read, now))


def _of(read: Reading, writeback_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Writeback.account_id == read.account_id, Writeback.id == writeback_id)


def _due(read: Reading, due: Due, now: datetime) -> Select[Any]:
    found = _free(read, now)
    if due.since is None:
        found = found.where(Writeback.next_try_at <= told(read, now))
    return _meant(found, due)


def _meant(found: Select[Any], due: Due) -> Select[Any]:
    if due.since is not None:
        found = found.where(or_(Writeback.tried_at.is_(None), Writeback.tried_at < due.since))
    if due.escalated_only:
        escalated = exists().where(Session.id == Writeback.session_id, Session.status.in_(spelled_out(IN_ESCALATION)))
        found = found.where(or_(Writeback.kind == "escalation", escalated))
    return found


def _older() -> Exists:
    before = aliased(Writeback)
    return exists().where(
        before.account_id == Writeback.account_id,
        before.ticket_id == Writeback.ticket_id,
        before.state == "waiting",
        before.created_at < Writeback.created_at,
    )
