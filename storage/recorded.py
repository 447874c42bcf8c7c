"""The paths of calls that walked a flow, as they were recorded."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storage.database import Reading
from storage.tables import Session, Step

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class RecordedStep:
    answer: str
    answer_label: str
    before: Any
    """JSON: what stood before the answer."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    id: UUID
    pending: Any
    """JSON: what stands at its end; None where it turned to free notes, or nothing does."""
    frames: Any
    steps: tuple[RecordedStep, ...]
    """Those that were not taken back, in order."""


async def recorded_calls(read: Reading, flow_id: UUID, limit: int) -> AsyncIterator[RecordedCall]:
    """Of all versions of a flow, newest first."""
    newest = select(Session.id, Session.pending, Session.frames, Session.free_notes)
    newest = newest.where(Session.account_id == read.account_id, Session.flow_id == flow_id)
    calls = (await read.session.execute(newest.order_by(Session.created_at.desc(), Session.id).limit(limit))).all()
    for start in range(0, len(calls), _AT_A_TIME):
        some = calls[start : start + _AT_A_TIME]
        steps = await _steps(read, [session_id for session_id, *_ in some])
        for session_id, pending, frames, free_notes in some:
            yield RecordedCall(session_id, None if free_notes else pending, frames, steps.get(session_id, ()))


async def _steps(read: Reading, session_ids: list[UUID]) -> dict[UUID, tuple[RecordedStep, ...]]:
    found = select(Step.session_id, Step.answer, Step.answer_label, Step.before).where(
        Step.account_id == read.account_id, Step.session_id.in_(session_ids), Step.taken_back_at.is_(None)
    )
    rows = await read.session.execute(found.order_by(Step.session_id, Step.seq))
    return {
        session_id: tuple(RecordedStep(*step) for _, *step in group)
        for session_id, group in groupby(rows, key=lambda row: row[0])
    }
