"""The account's flows: what there is, what is published, and how it gets there."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows import versions
from services.flows.nodes import Flow, Link, flow_from_json
from services.flows.versions import Imported, Status, VersionInfo, found, info_of, numbered
from storage import library as stored
from storage.accounts import library_revision
from storage.database import Database, Reading, Transaction
from storage.library import Standing, Versions
from storage.tables import FLOW_STATUSES

if TYPE_CHECKING:  # walking a flow needs neither reader nor lint
    from services.flows.format import FlowFile
    from services.flows.lint import Fault

KEPT_TREES = 2000
"""Flows kept in memory: versions never change, so what was read once is good for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSummary:
    """A flow as it is in use, or as it was last written where it is not."""

    slug: str
    title: str
    category: str
    status: Status
    number: int
    waiting: int | None
    """The number of a draft that is newer."""
    updated_at: datetime
    nodes: int
    calls: int
    """Ended ones."""
    resolved: int
    """Those that ended well without an engineer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDetail:
    flow: Flow
    number: int
    status: Status
    versions: tuple[VersionInfo, ...]
    """Newest first."""
    calls: int
    resolved: int


LATELY = timedelta(days=90)
"""Whoever chooses a flow wants to know how it fares now, as it is now written."""


@dataclass(frozen=True, slots=True)
class Published:
    flow_id: UUID
    version_id: UUID
    number: int
    flow: Flow


class Library:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._trees: OrderedDict[tuple[UUID, UUID], Flow] = OrderedDict()
        """By account and version."""

    # For people.

    async def listed(self, actor: Actor, *, status: str | None = None) -> tuple[FlowSummary, ...]:
        """By slug. With a status: flows in use, flows with a draft that waits, flows out of use. Raises Refused."""
        if status is not None and status not in FLOW_STATUSES:
            raise Refused(f"flows have no status {status!r}", f"Use one of: {', '.join(FLOW_STATUSES)}.")
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            standing = await Versions(read).standing()
            calls = await self.record(read)
        newest = {each.slug: each for each in standing}
        used = {each.slug: each for each in standing if each.status == "published"}
        flows = ((_shown(used.get(slug), last, status), last) for slug, last in newest.items())
        return tuple(_summary(version, last, calls) for version, last in flows if version is not None)

    async def changes(self, actor: Actor) -> int:
        """How often what is published has changed."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await self.revision(read)

    async def show(self, actor: Actor, slug: str, number: int | None = None) -> FlowDetail:
        """One version of a flow: `number`, or the published one, or the newest. Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            there = await found(read, slug)
            version = numbered(there, number) if number is not None else there.published or there.newest
            flow = await self.tree(read, version.id)
            resolved, ended = (await self.record(read, [version.flow_id])).get(version.flow_id, (0, 0))
        return FlowDetail(
            flow=flow,
            number=version.number,
            status=cast("Status", version.status),
            versions=tuple(info_of(each) for each in reversed(there.versions)),
            calls=ended,
            resolved=resolved,
        )

    async def bring_in(
        self,
        actor: Actor,
        files: "Sequence[FlowFile]",
        *,
        draft: bool = False,
        expected: Mapping[str, int] | None = None,
    ) -> tuple[Imported, ...]:
        """Stores flows and publishes them unless `draft`, all or none. What is there already stays as it is.

        `expected` has the number of the newest version, by slug, that each was made from; 0 for none.
        Raises Invalid with every mistake in all of them, Conflict where a newer version is there.
        """
        actor.require(Act.REVIEW_FLOWS)
        # Lint takes its time with a thousand flows, so it comes before the lock; again only if flows changed meanwhile.
        async with self._database.reading(actor) as read:
            revision = await self.revision(read)
            await self._lint(read, files, draft=draft)
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            if await self.revision(tx) != revision:
                await self._lint(tx, files, draft=draft)
            await versions.require_newest(tx, expected or {})
            return await versions.store(tx, actor, [file.flow for file in files], self._clock(), draft=draft)

    async def publish(self, actor: Actor, slug: str, number: int | None = None) -> VersionInfo:
        """Puts version `number`, or the newest, into use. Raises NotFound, Invalid where it does not pass lint."""
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            there = await found(tx, slug)
            version = there.newest if number is None else numbered(there, number)
            if version.status != "published":
                await self.require_sound(tx, await self.tree(tx, version.id))
                await versions.publish(tx, actor, version, there.published, self._clock())
        return VersionInfo(version.number, "published", version.title, version.created_at, version.created_by)

    async def retire(self, actor: Actor, slug: str, *, newest: int | None = None) -> VersionInfo:
        """Takes a flow out of use; calls that walk it go on. Raises NotFound, Refused while another links to it,
        Conflict where a newer version than `newest` is there."""
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            await versions.require_newest(tx, {} if newest is None else {slug: newest})
            version = (await found(tx, slug)).published
            if version is None:
                raise Refused(f"the flow {slug!r} is not published", "Nothing has to be done.")
            linking = [each.flow.slug for each in await self.published(tx) if slug in _linked(each.flow)]
            if linking:
                raise Refused(f"{', '.join(linking)} links to {slug!r}", "Retire or change that first.")
            await versions.retire(tx, actor, version, self._clock())
        return VersionInfo(version.number, "retired", version.title, version.created_at, version.created_by)

    # For services, within their own unit of work.

    async def revision(self, read: Reading) -> int:
        """Goes up with every change of what is published."""
        return await library_revision(read)

    async def published(self, read: Reading) -> tuple[Published, ...]:
        """All that callers can be walked through, by slug."""
        found = await Versions(read).published()
        trees = await self._trees_of(read, [version.id for version in found])
        return tuple(Published(each.flow_id, each.id, each.number, trees[each.id]) for each in found)

    async def published_texts(self, read: Reading) -> Mapping[UUID, str]:
        """The same as JSON texts by flow id, for who needs all of a large library once."""
        return await Versions(read).published_texts()

    async def published_one(self, read: Reading, slug: str) -> Published | None:
        found = await Versions(read).published_of(slug)
        if found is None:
            return None
        return Published(found.flow_id, found.id, found.number, await self.tree(read, found.id))

    async def tree(self, read: Reading, version_id: UUID) -> Flow:
        """Raises NotFound."""
        trees = await self._trees_of(read, [version_id])
        if version_id not in trees:
            raise NotFound(f"no flow version {version_id}", "`rfl1 flows list` shows what there is.")
        return trees[version_id]

    async def add(self, tx: Transaction, actor: Actor, flow: Flow) -> Imported:
        """Publishes a flow within a unit of work that holds the account. Raises Invalid where it does not pass lint."""
        await self.require_sound(tx, flow)
        [imported] = await versions.store(tx, actor, [flow], self._clock())
        return imported

    async def faults(self, read: Reading, flow: Flow, *, publishing: bool = True) -> "tuple[Fault, ...]":
        """What lint finds wrong with it, also what keeps it from being published only."""
        from services.flows.lint import lint

        return lint(flow, await self.linkable(read, [flow]), publishing=publishing)

    async def record(self, read: Reading, flow_ids: Collection[UUID] | None = None) -> Mapping[UUID, tuple[int, int]]:
        """By flow: how many calls it ended well without an engineer, of how many that ended."""
        return await stored.record(read, flow_ids)

    async def record_lately(self, read: Reading, flow_ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
        """The same of the calls of the last 90 days; a flow that no call ever began with is not in it."""
        known = await stored.record(read, flow_ids, self._clock() - LATELY)
        before = await stored.used(read, set(flow_ids) - known.keys())
        return {**dict.fromkeys(before, (0, 0)), **known}

    async def require_sound(self, read: Reading, flow: Flow, *, publishing: bool = True) -> None:
        """Raises Invalid where it does not pass lint."""
        from services.documents.document import printable, refusal

        if faults := await self.faults(read, flow, publishing=publishing):
            raise refusal(f"{printable(flow.slug)}: {fault}" for fault in faults)

    async def linkable(self, read: Reading, flows: Iterable[Flow]) -> Mapping[str, Flow]:
        """What is published, by slug, as far as lint needs to know it: not at all where nothing is linked to."""
        if not any(_linked(flow) for flow in flows):
            return {}
        return {each.flow.slug: each.flow for each in await self.published(read)}

    async def _trees_of(self, read: Reading, version_ids: Iterable[UUID]) -> dict[UUID, Flow]:
        """Those that are the account's."""
        keys = [(read.account_id, version_id) for version_id in version_ids]
        missing = [version_id for account_id, version_id in keys if (account_id, version_id) not in self._trees]
        contents = await Versions(read).contents(missing) if missing else {}
        found: dict[UUID, Flow] = {}
        for key in keys:
            flow = self._trees.pop(key, None) or (flow_from_json(contents[key[1]]) if key[1] in contents else None)
            if flow is not None:
                self._trees[key] = found[key[1]] = flow
        while len(self._trees) > KEPT_TREES:
            self._trees.popitem(last=False)
        return found

    async def _lint(self, read: Reading, files: "Sequence[FlowFile]", *, draft: bool) -> None:
        from services.flows.lint import check

        check(files, await self.linkable(read, [file.flow for file in files]), publishing=not draft)


def _linked(flow: Flow) -> set[str]:
    """Slugs of the flows it links to."""
    return {node.flow for node in flow.nodes.values() if isinstance(node, Link)}


def _shown(used: Standing | None, newest: Standing, status: str | None) -> Standing | None:
    """The version that stands for the flow in a list, None where the flow does not belong into it."""
    match status:
        case "published":
            return used
        case "draft":
            return newest if newest.status == "draft" else None
        case "retired":
            return newest if used is None and newest.status == "retired" else None
        case _:
            return used or newest


def _summary(version: Standing, newest: Standing, calls: Mapping[UUID, tuple[int, int]]) -> FlowSummary:
    resolved, ended = calls.get(version.flow_id, (0, 0))
    return FlowSummary(
        slug=version.slug,
        title=version.title,
        category=version.category,
        status=cast("Status", version.status),
        number=version.number,
        waiting=newest.number if newest.status == "draft" and newest is not version else None,
        updated_at=version.created_at,
        nodes=version.nodes,
        calls=ended,
        resolved=resolved,
    )
