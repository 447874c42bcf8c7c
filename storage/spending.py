"""Sums over what model calls have cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from storage.database import Reading
from storage.tables import ModelCall


@dataclass(frozen=True, slots=True)
class Sums:
    calls: int
    tokens: int
    """Read and written."""
    cost: int
    """Millionths of a US dollar."""


class ModelCalls:
    def __init__(self, within: Reading) -> None:
        self.within = within
        self._mine = ModelCall.account_id == within.account_id

    async def cost(self, *, since: datetime | None = None, session_id: UUID | None = None) -> int:
        found = select(func.coalesce(func.sum(ModelCall.cost), 0)).where(self._mine, *_narrowed(since, session_id))
        return int((await self.within.session.execute(found)).scalar_one())

    async def sums(self, *, since: datetime | None = None, session_id: UUID | None = None) -> Sums:
        found = select(*_SUMS).where(self._mine, *_narrowed(since, session_id))
        calls, tokens, cost = (await self.within.session.execute(found)).one()
        return Sums(calls, int(tokens), int(cost))

    async def by_purpose(self, since: datetime | None) -> Mapping[str, Sums]:
        found = select(ModelCall.purpose, *_SUMS).where(self._mine, *_narrowed(since, None))
        rows = await self.within.session.execute(found.group_by(ModelCall.purpose).order_by(ModelCall.purpose))
        return {purpose: Sums(calls, int(tokens), int(cost)) for purpose, calls, tokens, cost in rows}

    async def in_sessions(self) -> tuple[int, int]:
        """How many calls a model had a part in, and what it cost in them, in millionths of a US dollar."""
        found = select(func.count(ModelCall.session_id.distinct()), func.coalesce(func.sum(ModelCall.cost), 0)).where(
            self._mine, ModelCall.session_id.is_not(None)
        )
        sessions, cost = (await self.within.session.execute(found)).one()
        return sessions, int(cost)

    async def dearest(self, limit: int) -> Sequence[tuple[UUID, Sums]]:
        """Of the calls that a model had a part in, those that cost most; the dearest first."""
        found = select(ModelCall.session_id, *_SUMS).where(self._mine, ModelCall.session_id.is_not(None))
        dearest = found.group_by(ModelCall.session_id).order_by(func.sum(ModelCall.cost).desc(), ModelCall.session_id)
        rows = await self.within.session.execute(dearest.limit(limit))
        return [(session_id, Sums(calls, int(tokens), int(cost))) for session_id, calls, tokens, cost in rows]


_TOKENS = ModelCall.input_tokens + ModelCall.cache_write_tokens + ModelCall.cache_read_tokens + ModelCall.output_tokens
_SUMS: tuple[ColumnElement[Any], ...] = (
    func.count(),
    func.coalesce(func.sum(_TOKENS), 0),
    func.coalesce(func.sum(ModelCall.cost), 0),
)


def _narrowed(since: datetime | None, session_id: UUID | None) -> list[ColumnElement[bool]]:
    narrowed = [] if since is None else [ModelCall.at >= since]
    return narrowed if session_id is None else [*narrowed, ModelCall.session_id == session_id]
