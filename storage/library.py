"""Queries around flows and their versions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, and_, case, func, or_, select, type_coerce, update
from sqlalchemy.orm import aliased

from storage.database import Reading, Transaction
from storage.tables import ENDED, Flow, FlowVersion, Session, User

_CHUNK = 500
"""Values in one IN: both databases have a limit on parameters."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version without its content."""

    id: UUID
    flow_id: UUID
    slug: str
    number: int
    status: str
    title: str
    category: str
    nodes: int
    """How many it has."""
    digest: str
    created_at: datetime
    created_by: str | None


class Standing(NamedTuple):
    """A version as a list of flows shows it, which may be long."""

    flow_id: UUID
    slug: str
    number: int
    status: str
    title: str
    category: str
    nodes: int
    created_at: datetime


class Versions:
    def __init__(self, within: Reading) -> None:
        self.within = within

    def base(self) -> Select[*tuple[Any, ...]]:
        """All versions of the account's flows that were not deleted."""
        return (
            select(
                FlowVersion.id,
                FlowVersion.flow_id,
                Flow.slug,
                FlowVersion.number,
                FlowVersion.status,
                FlowVersion.title,
                FlowVersion.category,
                FlowVersion.nodes,
                FlowVersion.digest,
                FlowVersion.created_at,
                User.name,
            )
            .join(Flow, Flow.id == FlowVersion.flow_id)
            .outerjoin(User, and_(User.account_id == FlowVersion.account_id, User.id == FlowVersion.created_by))
            .where(
                FlowVersion.account_id == self.within.account_id,
                Flow.account_id == self.within.account_id,
                Flow.deleted_at.is_(None),
            )
        )

    async def standing(self) -> list[Standing]:
        """Of each flow the version in use and the newest one, which may be the same; by slug, older first."""
        other = aliased(FlowVersion)
        newest = select(func.max(other.number)).where(
            other.account_id == self.within.account_id, other.flow_id == FlowVersion.flow_id
        )
        whose = {"slug": Flow.slug}
        found = (
            select(*(whose.get(name) or getattr(FlowVersion, name) for name in Standing._fields))
            .join(Flow, Flow.id == FlowVersion.flow_id)
            .where(FlowVersion.account_id == self.within.account_id, Flow.account_id == self.within.account_id)
            .where(Flow.deleted_at.is_(None))
            .where(or_(FlowVersion.status == "published", FlowVersion.number == newest.scalar_subquery()))
            .order_by(Flow.slug, FlowVersion.number)
        )
        return [Standing(*row) for row in await self.within.session.execute(found)]

    async def published(self) -> list[Version]:
        return await self._run(self.base().where(FlowVersion.status == "published"))

    async def published_of(self, slug: str) -> Version | None:
        if not slug.isascii() or "\x00" in slug:  # what no slug can hold, some databases cannot even be asked
            return None
        found = await self._run(self.base().where(Flow.slug == slug, FlowVersion.status == "published"))
        return found[0] if found else None

    async def of_slugs(self, slugs: Iterable[str]) -> list[Version]:
        """By slug, oldest first."""
        found: list[Version] = []
        for chunk in _chunks([slug for slug in slugs if slug.isascii() and "\x00" not in slug]):
            found += await self._run(self.base().where(Flow.slug.in_(chunk)))
        return found

    async def slugs(self) -> Sequence[str]:
        """Of every flow, also of those that are retired."""
        found = select(Flow.slug).where(Flow.account_id == self.within.account_id, Flow.deleted_at.is_(None))
        return (await self.within.session.scalars(found)).all()

    async def published_texts(self) -> dict[UUID, str]:
        """The JSON of all that is published, by flow, not read yet: with a large library that takes its time."""
        found = (
            select(FlowVersion.flow_id, type_coerce(FlowVersion.content, Text))
            .join(Flow, Flow.id == FlowVersion.flow_id)
            .where(
                FlowVersion.account_id == self.within.account_id,
                FlowVersion.status == "published",
                Flow.deleted_at.is_(None),
            )
        )
        return {flow_id: text for flow_id, text in await self.within.session.execute(found)}

    async def texts(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The JSON of versions by slug and number, not read yet."""
        mine = (
            select(Flow.slug, FlowVersion.number, type_coerce(FlowVersion.content, Text))
            .join(Flow, Flow.id == FlowVersion.flow_id)
            .where(FlowVersion.account_id == self.within.account_id, Flow.account_id == self.within.account_id)
            .where(Flow.deleted_at.is_(None))
        )
        found: dict[tuple[str, int], str] = {}
        numbers = groupby(sorted(keys, key=lambda key: key[1]), key=lambda key: key[1])
        for number, of_number in [(number, [slug for slug, _ in group]) for number, group in numbers]:
            for chunk in _chunks(of_number):
                rows = await self.within.session.execute(mine.where(FlowVersion.number == number, Flow.slug.in_(chunk)))
                found |= {(slug, number): text for slug, number, text in rows}
        return found

    async def contents(self, version_ids: Collection[UUID]) -> dict[UUID, Any]:
        """The content of those versions that are the account's."""
        found: dict[UUID, Any] = {}
        mine = select(FlowVersion.id, FlowVersion.content).where(FlowVersion.account_id == self.within.account_id)
        for chunk in _chunks(list(version_ids)):
            rows = await self.within.session.execute(mine.where(FlowVersion.id.in_(chunk)))
            found |= {version_id: content for version_id, content in rows}
        return found

    async def _run(self, statement: Select[*tuple[Any, ...]]) -> list[Version]:
        rows = await self.within.session.execute(statement.order_by(Flow.slug, FlowVersion.number))
        return [Version(*row) for row in rows]


async def siblings(read: Reading, version_id: UUID) -> Sequence[UUID]:
    """All versions of the flow that this is one of."""
    its = select(FlowVersion.flow_id).where(FlowVersion.account_id == read.account_id, FlowVersion.id == version_id)
    found = select(FlowVersion.id).where(
        FlowVersion.account_id == read.account_id, FlowVersion.flow_id == its.scalar_subquery()
    )
    return (await read.session.scalars(found)).all()


async def set_status(tx: Transaction, version_ids: Sequence[UUID], status: str) -> None:
    mine = update(FlowVersion).where(FlowVersion.account_id == tx.account_id).values(status=status)
    for chunk in _chunks(version_ids):
        await tx.session.execute(mine.where(FlowVersion.id.in_(chunk)))


async def record(
    read: Reading, flow_ids: Collection[UUID] | None = None, since: datetime | None = None
) -> Mapping[UUID, tuple[int, int]]:
    """Of each flow's calls: how many it ended well without an engineer, of how many that ended; of those that began
    `since` then only."""
    worked = and_(Session.status == "resolved", Session.helpful.is_(True), Session.escalated_at.is_(None))
    counted = select(Session.flow_id, func.count(case((worked, 1))), func.count()).where(
        Session.account_id == read.account_id, Session.status.in_(ENDED)
    )
    # Not both: SQLite would look through the calls of every flow.
    counted = counted.where(Session.flow_id.is_not(None) if flow_ids is None else Session.flow_id.in_(flow_ids))
    if since is not None:
        counted = counted.where(Session.created_at >= since)
    rows = await read.session.execute(counted.group_by(Session.flow_id))
    return {flow_id: (resolved, ended) for flow_id, resolved, ended in rows if flow_id is not None}


async def used(read: Reading, flow_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the flows that a call ever began with."""
    calls = select(Session.id).where(Session.account_id == Flow.account_id, Session.flow_id == Flow.id)
    found = select(Flow.id).where(Flow.account_id == read.account_id, Flow.id.in_(flow_ids), calls.exists())
    return frozenset(await read.session.scalars(found))


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
