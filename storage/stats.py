"""Figures over all calls of an account: counted by the database, never loaded."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Select, Text, and_, case, cast, extract, func, select, type_coerce

from storage.database import Reading
from storage.library import ENDED
from storage.tables import Flow, Session

_FIRST_CALL = and_(Session.status == "resolved", Session.escalated_at.is_(None))
_AT_A_TIME = 500


class Figures:
    def __init__(self, within: Reading) -> None:
        self.within = within
        self._mine = Session.account_id == within.account_id
        self._postgres = within.session.get_bind().dialect.name == "postgresql"

    async def by_status(self) -> Mapping[str, int]:
        return await self._counts(select(Session.status, func.count()).where(self._mine).group_by(Session.status))

    async def by_kind(self) -> Mapping[str, int]:
        return await self._counts(select(Session.kind, func.count()).where(self._mine).group_by(Session.kind))

    async def first_calls(self) -> tuple[int, int]:
        """How many calls were resolved without ever being escalated, of how many that ended."""
        counted = select(func.count(case((_FIRST_CALL, 1))), func.count())
        resolved, ended = (await self._run(counted.where(self._mine, Session.status.in_(ENDED)))).one()
        return resolved, ended

    async def handle_times(self) -> tuple[float, float] | None:
        """Mean and median seconds from the start of a call until it was passed on, or else resolved; None without any.

        Of a call that came back and was passed on again, the last time counts.
        """
        ended = func.coalesce(Session.escalated_at, Session.resolved_at)
        seconds = self._seconds(ended, Session.created_at.expression).label("seconds")
        calls = select(seconds).where(self._mine, Session.status.in_(ENDED), ended.is_not(None)).subquery()
        number, mean = (await self._run(select(func.count(), func.avg(calls.c.seconds)))).one()
        if not number:
            return None
        middle = select(calls.c.seconds).order_by(calls.c.seconds).offset((number - 1) // 2).limit(2 - number % 2)
        median = (await self._run(select(func.avg(middle.subquery().c.seconds)))).scalar_one()
        return float(mean), float(median)

    async def escalations_by_category(self) -> Mapping[str, int]:
        category = func.coalesce(Session.escalation_category, "other")
        return await self._counts(
            select(category, func.count()).where(self._mine, Session.escalated_at.is_not(None)).group_by(category)
        )

    async def escalated_from(self) -> AsyncIterator[tuple[str | None, UUID | None, Any, int]]:
        """The slug of the flow walked or the id of the proposal, the node then as JSON, how often: in no order.

        One node may come more than once, with another version of its flow.
        """
        counted = select(Flow.slug, Session.proposal_id, Session.escalated_node, func.count())
        counted = counted.outerjoin(Flow, Flow.id == Session.flow_id)
        counted = counted.where(self._mine, Session.escalated_at.is_not(None))
        grouped = counted.group_by(Flow.slug, Session.proposal_id, Session.escalated_node)
        async for slug, proposal_id, node, number in self._stream(grouped):
            yield slug, proposal_id, node, number

    async def builds(self) -> list[tuple[str, int, int, int]]:
        """Of AI-built calls by category: how many, how many resolved without an engineer, how many escalated."""
        category = func.coalesce(Session.category, "unknown")
        first, escalated = case((_FIRST_CALL, 1)), case((Session.escalated_at.is_not(None), 1))
        counted = select(category, func.count(), func.count(first), func.count(escalated))
        rows = await self._run(counted.where(self._mine, Session.kind == "ai_build").group_by(category))
        return [(key, calls, resolved, passed_on) for key, calls, resolved, passed_on in rows]

    async def built_by_playbook(self) -> int:
        """AI-built calls whose newest node came out of a playbook. In JSON, a quote within a text is never bare."""
        written = type_coerce(Session.pending, Text)
        found = select(func.count()).where(self._mine, Session.kind == "ai_build")
        number: int = (await self._run(found.where(written.like('%"origin":"playbook:%')))).scalar_one()
        return number

    def _seconds(self, until: ColumnElement[Any], since: ColumnElement[Any]) -> ColumnElement[float]:
        if self._postgres:
            return cast(extract("epoch", until - since), Float)
        return (func.julianday(until, type_=Float) - func.julianday(since, type_=Float)) * 86400

    async def _counts(self, counted: Select[str, int]) -> Mapping[str, int]:
        return {key: number for key, number in await self._run(counted)}

    async def _run(self, statement: Select[*tuple[Any, ...]]) -> Any:
        return await self.within.session.execute(statement)

    async def _stream(self, statement: Select[*tuple[Any, ...]]) -> AsyncIterator[Any]:
        rows = await self.within.session.stream(statement.execution_options(yield_per=_AT_A_TIME))
        async for row in rows:
            yield row
