"""Figures over the calls of an account that are in no count: those under way, and how many stand where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, func, select, type_coerce

from storage.database import Reading
from storage.repository import spelled_out
from storage.tables import UNDER_WAY, Flow, FlowVersion, Proposal, Session


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Calls that have not ended, or not for good."""

    kind: str
    category: str
    reason: str | None
    """The category that it was passed on under, before it came back; None for one that never was."""
    by_playbook: bool
    """Its newest node came out of a playbook."""
    calls: int


class Figures:
    def __init__(self, within: Reading) -> None:
        self.within = within
        self._mine = Session.account_id == within.account_id

    async def by_status(self) -> Mapping[str, int]:
        counted = select(Session.status, func.count()).where(self._mine).group_by(Session.status)
        return {status: number for status, number in await self.within.session.execute(counted)}

    async def under_way(self) -> Sequence[UnderWay]:
        passed_on = Session.escalated_at.is_not(None)
        # In JSON, a quote within a text is never bare.
        by_playbook = func.coalesce(type_coerce(Session.pending, Text).like('%"origin":"playbook:%'), False)
        grouped = (Session.kind, Session.category, Session.escalation_category, passed_on, by_playbook)
        counted = select(*grouped, func.count()).where(self._mine, Session.status.in_(spelled_out(UNDER_WAY)))
        rows = await self.within.session.execute(counted.group_by(*grouped))
        return [
            UnderWay(kind, category or "", (reason or "other") if was else None, bool(book), number)
            for kind, category, reason, was, book, number in rows
        ]

    async def came_back(self) -> Sequence[Session]:
        """Calls under way that were passed on before."""
        found = select(Session).where(self._mine, Session.status.in_(spelled_out(UNDER_WAY)))
        return (await self.within.session.scalars(found.where(Session.escalated_at.is_not(None)))).all()


async def versions_named(read: Reading) -> Sequence[tuple[UUID, str]]:
    """Every version of a flow with the flow's slug; older versions first."""
    found = select(FlowVersion.id, Flow.slug).join(Flow, Flow.id == FlowVersion.flow_id)
    rows = await read.session.execute(
        found.where(FlowVersion.account_id == read.account_id).order_by(FlowVersion.number)
    )
    return [(version, slug) for version, slug in rows]


async def proposals_named(read: Reading, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """The tree of each, as JSON."""
    found = select(Proposal.id, Proposal.tree).where(Proposal.account_id == read.account_id, Proposal.id.in_(ids))
    return {proposal: tree for proposal, tree in await read.session.execute(found)}
