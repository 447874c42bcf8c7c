"""Queries around sessions, and the one write that has to be fast: an answered step."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, select

from storage.database import Database, Reading, unbroken
from storage.faults import is_taken
from storage.repository import Repository, spelled_out
from storage.tables import Flow, FlowVersion, NoteEntry, Session, Step, Ticket, User, Writeback
from storage.writebacks import Writebacks
from storage.written import to_stored_json, to_stored_text, to_stored_time


@dataclass(frozen=True, slots=True)
class SessionRows:
    """All rows that make one session."""

    session: Session
    ticket: Ticket
    version: FlowVersion | None
    slug: str | None
    steps: Sequence[Step]
    notes: Sequence[NoteEntry]
    writebacks: Sequence[Writeback]
    """Oldest first; only a PSA's ticket can have any."""
    people: Mapping[UUID, str]
    """Names of everybody who appears, by user id; also of those who were deleted since."""


class Sessions(Repository[Session]):
    table = Session

    async def locked(self, session_id: UUID) -> Session | None:
        """The row, kept from other writers until the transaction ends."""
        return await self.first(self.base().where(Session.id == session_id).with_for_update())

    async def version(self, session_id: UUID) -> int | None:
        """Without reading the session; None where there is none."""
        found = select(Session.state_version).where(Session.account_id == self.within.account_id)
        return (await self.within.session.scalars(found.where(Session.id == session_id))).first()

    async def resolved(self, ticket_id: UUID) -> Sequence[Session]:
        """Of one ticket, kept from other writers."""
        found = self.base().where(Session.ticket_id == ticket_id, Session.status == "resolved")
        return await self.all(found.order_by(Session.id).with_for_update())

    async def any_stale(self, before: datetime) -> bool:
        return await self.first(self._stale(before)) is not None

    async def stale(self, before: datetime, limit: int) -> Sequence[Session]:
        """Active sessions in which nothing has happened since, kept from other writers; not those that another has."""
        found = self._stale(before).order_by(Session.changed_at).limit(limit)
        return await self.all(found.with_for_update(skip_locked=True))

    def _stale(self, before: datetime) -> Select[Session]:
        return self.base().where(Session.status == "active", Session.changed_at <= before, ~Session.awaits_psa)

    async def tickets(self, ticket_ids: Collection[UUID]) -> Sequence[Ticket]:
        """As they are now, kept from other writers; always in one order, so that two do not wait for each other."""
        found = select(Ticket).where(Ticket.account_id == self.within.account_id, Ticket.id.in_(ticket_ids))
        locked = found.order_by(Ticket.id).with_for_update().execution_options(populate_existing=True)
        return (await self.within.session.scalars(locked)).all()

    async def statuses(self, ticket_ids: Collection[UUID]) -> Mapping[UUID, set[str]]:
        """Of all calls about each ticket."""
        found = select(Session.ticket_id, Session.status).distinct()
        found = found.where(Session.account_id == self.within.account_id, Session.ticket_id.in_(ticket_ids))
        statuses = defaultdict[UUID, set[str]](set)
        for ticket_id, status in await self.within.session.execute(found):
            statuses[ticket_id].add(status)
        return statuses

    async def whole(self, row: Session) -> SessionRows:
        run = self.within.session
        ticket = (await run.scalars(select(Ticket).where(Ticket.id == row.ticket_id))).one()
        version, slug = None, None
        if row.flow_version_id is not None:
            found = select(FlowVersion, Flow.slug).join(Flow, Flow.id == FlowVersion.flow_id)
            version, slug = (await run.execute(found.where(FlowVersion.id == row.flow_version_id))).one()
        steps = (await run.scalars(select(Step).where(Step.session_id == row.id).order_by(Step.seq))).all()
        notes = await self.notes(row.id)
        writebacks = await Writebacks(self.within).of_session(row.id) if ticket.kind == "psa" else ()
        others = (
            {step.by for step in steps} | {each.author_id for each in notes} | {each.user_id for each in writebacks}
        )
        people = await names(self.within, involved(row) | others)
        return SessionRows(row, ticket, version, slug, steps, notes, writebacks, people)

    async def step(self, step_id: UUID) -> Step | None:
        """The step that a client made under this id."""
        found = select(Step).where(Step.account_id == self.within.account_id, Step.step_id == step_id)
        return (await self.within.session.scalars(found)).first()

    async def last_step(self, session_id: UUID) -> Step | None:
        """The last one that was not taken back."""
        found = select(Step).where(Step.session_id == session_id, Step.taken_back_at.is_(None))
        return (await self.within.session.scalars(found.order_by(Step.seq.desc()).limit(1))).first()

    async def notes(self, session_id: UUID) -> Sequence[NoteEntry]:
        found = select(NoteEntry).where(NoteEntry.session_id == session_id)
        return (await self.within.session.scalars(found.order_by(NoteEntry.created_at, NoteEntry.id))).all()

    async def listed(
        self, *, statuses: Sequence[str] | None, of: UUID | None, limit: int, by: Literal["start", "step", "escalation"]
    ) -> Sequence[tuple[Session, Ticket, str | None, int]]:
        """Sessions with their tickets, their flows' titles and how many steps they have, newest first by what is
        asked for."""
        order = {"start": Session.created_at, "step": Session.last_step_at, "escalation": Session.escalated_at}[by]
        steps = select(func.count()).where(Step.session_id == Session.id, Step.taken_back_at.is_(None))
        found = (
            select(Session, Ticket, FlowVersion.title, steps.correlate(Session).scalar_subquery())
            .join(Ticket, Ticket.id == Session.ticket_id)
            .join(FlowVersion, FlowVersion.id == Session.flow_version_id, isouter=True)
            .where(Session.account_id == self.within.account_id)
            .order_by(order.desc(), Session.id)
            .limit(limit)
        )
        if statuses is not None:
            found = found.where(Session.status.in_(spelled_out(statuses)))
        if of is not None:
            found = found.where(Session.user_id == of)
        rows = await self.within.session.execute(found)
        return [(session, ticket, title, count) for session, ticket, title, count in rows]


def involved(row: Session) -> set[UUID | None]:
    """Everybody whom the session's row names."""
    return {row.user_id, row.changed_by, row.resolved_by, row.escalated_by, row.claimed_by}


async def names(within: Reading, user_ids: set[UUID | None]) -> Mapping[UUID, str]:
    found = select(User.id, User.name).where(
        User.account_id == within.account_id, User.id.in_([each for each in user_ids if each is not None])
    )
    return {user_id: name for user_id, name in await within.session.execute(found)}


@dataclass(frozen=True, slots=True)
class StepWrite:
    """An answer and what it makes of the session, in one change made against `version`."""

    session_id: UUID
    account_id: UUID
    version: int
    by: UUID
    role: str
    covers_l1: bool
    """The actor as it was when it was looked up: if that has changed meanwhile, nothing is written."""
    seq: int
    step_id: UUID
    answer: str
    answer_label: str
    note: str | None
    at: datetime
    seconds: int
    before: object
    """JSON."""
    pending: object | None
    """JSON; None clears it."""
    frames: object
    """JSON."""
    verified: bool


CHANGE = """
UPDATE sessions SET state_version = state_version + 1, pending = :pending, pending_note = NULL, frames = :frames,
  verified = :verified, last_step_at = :at, changed_at = :at, changed_by = :by
WHERE id = :session_id AND account_id = :account_id AND state_version = :version
  AND status = 'active' AND NOT free_notes AND NOT awaits_psa AND user_id = :by
  AND EXISTS (SELECT 1 FROM users WHERE users.id = :by AND users.account_id = :account_id AND users.active
              AND users.deleted_at IS NULL AND users.role = :role AND users.covers_l1 = :covers_l1)"""
_COLUMNS = "session_id, seq, account_id, step_id, answer, answer_label, note, at, by, seconds, before"
_VALUES = ", ".join(f":{column}" for column in _COLUMNS.split(", "))

SQLITE_INSERT = f"INSERT INTO steps ({_COLUMNS}) VALUES ({_VALUES})"
_POSTGRES_NAMED = f"""
WITH changed AS ({CHANGE} RETURNING id)
INSERT INTO steps ({_COLUMNS}) SELECT {_VALUES} FROM changed RETURNING seq"""
_PARAMETER = re.compile(r"(?<!:):([a-z_0-9]+)")
_ORDER = tuple(dict.fromkeys(_PARAMETER.findall(_POSTGRES_NAMED)))
POSTGRES_STEP = _PARAMETER.sub(lambda found: f"${_ORDER.index(found[1]) + 1}", _POSTGRES_NAMED)


async def append_step(database: Database, write: StepWrite) -> bool:
    """Stores the step and the new state in one durable change; False where the session is not in that state any more,
    or the step is stored already.

    Goes to the driver directly: on this path SQLAlchemy's own work costs more than the database's
    (`benchmarks/steps.py` measures both).
    """
    stored = await unbroken(_append(database, write))
    if stored:
        database.ring(write)
    return stored


async def _append(database: Database, write: StepWrite) -> bool:
    async with database.driver() as driver:
        try:
            if database.dialect == "postgresql":
                return await driver.fetchval(POSTGRES_STEP, *postgres_values(write)) is not None
            return await _append_to_file(driver, sqlite_values(write))
        except Exception as error:
            if is_taken(error):
                return False
            raise


async def _append_to_file(driver: Any, values: dict[str, Any]) -> bool:
    await driver.execute("BEGIN IMMEDIATE")
    try:
        changed: bool = (await driver.execute(CHANGE, values)).rowcount == 1
        if changed:
            await driver.execute(SQLITE_INSERT, values)
        await driver.execute("COMMIT")
    except BaseException:
        await driver.rollback()
        raise
    return changed


def _common(write: StepWrite) -> dict[str, Any]:
    return {
        "version": write.version,
        "role": write.role,
        "covers_l1": write.covers_l1,
        "seq": write.seq,
        "answer": to_stored_text(write.answer),
        "answer_label": to_stored_text(write.answer_label),
        "note": None if write.note is None else to_stored_text(write.note),
        "seconds": write.seconds,
        "before": to_stored_json(write.before),
        "pending": None if write.pending is None else to_stored_json(write.pending),
        "frames": to_stored_json(write.frames),
        "verified": write.verified,
    }


def _identifiers(write: StepWrite) -> dict[str, UUID]:
    return {
        "session_id": write.session_id,
        "account_id": write.account_id,
        "by": write.by,
        "step_id": write.step_id,
    }


def sqlite_values(write: StepWrite) -> dict[str, Any]:
    identifiers = {name: value.hex for name, value in _identifiers(write).items()}
    return _common(write) | identifiers | {"at": to_stored_time(write.at)}


def postgres_values(write: StepWrite) -> list[Any]:
    values = _common(write) | _identifiers(write) | {"at": write.at}
    return [values[name] for name in _ORDER]
