"""Flows into the store: versions are added and never changed; what changes is which one is published."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from itertools import groupby
from typing import Literal, cast
from uuid import UUID, uuid4

from services.access import Actor
from services.errors import Conflict, NotFound
from services.flows.nodes import Flow, flow_to_json
from services.team import audit
from storage.accounts import bump_library
from storage.database import Reading, Transaction
from storage.library import Version, Versions, set_status
from storage.tables import Flow as FlowRow
from storage.tables import FlowVersion

Status = Literal["draft", "published", "retired"]


@dataclass(frozen=True, slots=True)
class Imported:
    slug: str
    title: str
    number: int
    status: Status
    change: Literal["new", "version", "published", "unchanged"]
    """A new flow, a new version of one, a version that was there and is published now, or nothing at all."""


@dataclass(frozen=True, slots=True)
class VersionInfo:
    number: int
    status: Status
    title: str
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """A flow as it is in the store."""

    versions: tuple[Version, ...]
    """Oldest first, at least one."""
    published: Version | None

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    def same(self, digest: str) -> Version | None:
        """The version with this content, if it is the one in use or the latest one."""
        return next((each for each in (self.published, self.newest) if each and each.digest == digest), None)


def digest(flow: Flow) -> str:
    """The same for the same content, in whatever order a file has it."""
    return sha256(json.dumps(flow_to_json(flow), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def store(
    tx: Transaction, actor: Actor, flows: Sequence[Flow], now: datetime, *, draft: bool = False
) -> tuple[Imported, ...]:
    """Adds what is new, publishes it unless `draft`. Within `locked_account`; the flows have passed lint."""
    there = known(await Versions(tx).of_slugs(flow.slug for flow in flows))
    shelf = _Shelf(tx, actor, now)
    done = tuple(shelf.put(flow, there.get(flow.slug), draft=draft) for flow in flows)
    await shelf.write()
    return done


async def roll_back(tx: Transaction, actor: Actor, there: Known, flow: Flow, *, of: int, now: datetime) -> Imported:
    """Publishes `flow`, the content of version `of`, as a version of its own. Within `locked_account`."""
    shelf = _Shelf(tx, actor, now)
    imported = shelf.again(flow, there, of)
    await shelf.write()
    return imported


async def publish(tx: Transaction, actor: Actor, version: Version, published: Version | None, now: datetime) -> None:
    """Puts one version in the place of another. Within `locked_account`."""
    shelf = _Shelf(tx, actor, now)
    shelf.publish(version, published)
    await shelf.write()


async def retire(tx: Transaction, actor: Actor, version: Version, now: datetime) -> None:
    """Takes a flow out of use. Within `locked_account`."""
    await set_status(tx, [version.id], "retired")
    await bump_library(tx)
    await audit.record(tx, actor, "flow.retire", now, details=_about(version.slug, version.number, version.id))


class _Shelf:
    """Collects what is to be written, so that a thousand flows are a handful of statements."""

    def __init__(self, tx: Transaction, actor: Actor, now: datetime) -> None:
        self._tx, self._actor, self._now = tx, actor, now
        self._flows: list[FlowRow] = []
        self._versions: list[FlowVersion] = []
        self._retired: list[UUID] = []
        self._published: list[UUID] = []
        self._audited: list[tuple[str, dict[str, object]]] = []

    def put(self, flow: Flow, there: Known | None, *, draft: bool) -> Imported:
        written = digest(flow)
        same = there.same(written) if there else None
        if same is not None and (draft or same.status == "published"):
            return Imported(flow.slug, flow.title, same.number, cast("Status", same.status), "unchanged")
        if same is not None and there is not None:
            self.publish(same, there.published)
            return Imported(flow.slug, flow.title, same.number, "published", "published")
        number = self._add(flow, written, there, draft=draft)
        status: Status = "draft" if draft else "published"
        return Imported(flow.slug, flow.title, number, status, "version" if there else "new")

    def publish(self, version: Version, published: Version | None) -> None:
        if published is not None:
            self._retired.append(published.id)
        self._published.append(version.id)
        self._audited.append(("flow.publish", _about(version.slug, version.number, version.id)))

    def again(self, flow: Flow, there: Known, of: int) -> Imported:
        number = self._add(flow, digest(flow), there, draft=False)
        _, details = self._audited[-1]
        self._audited += [("flow.roll_back", details | {"of": of})]
        return Imported(flow.slug, flow.title, number, "published", "version")

    def _add(self, flow: Flow, written: str, there: Known | None, *, draft: bool) -> int:
        """Gives the number of the new version."""
        version_id, number = uuid4(), 1 if there is None else there.newest.number + 1
        if there is None:
            flow_id = uuid4()
            self._flows.append(FlowRow(id=flow_id, slug=flow.slug, created_at=self._now))
        else:
            flow_id = there.newest.flow_id
            if there.published is not None and not draft:
                self._retired.append(there.published.id)
        self._versions.append(
            FlowVersion(
                id=version_id,
                flow_id=flow_id,
                number=number,
                status="draft" if draft else "published",
                title=flow.title,
                category=flow.category,
                content=flow_to_json(flow),
                nodes=len(flow.nodes),
                digest=written,
                created_at=self._now,
                created_by=self._actor.user_id,
            )
        )
        self._audited.append(("flow.draft" if draft else "flow.publish", _about(flow.slug, number, version_id)))
        return number

    async def write(self) -> None:
        # What is replaced goes first: only one version of a flow can be published, at any moment.
        await set_status(self._tx, self._retired, "retired")
        await set_status(self._tx, self._published, "published")
        for rows in (self._flows, self._versions):
            self._tx.add(*rows)
            await self._tx.flush()
        for action, details in self._audited:
            await audit.record(self._tx, self._actor, action, self._now, details=details)
        if any(action == "flow.publish" for action, _ in self._audited):
            await bump_library(self._tx)


def known(versions: Iterable[Version]) -> dict[str, Known]:
    """By slug, from versions sorted by slug and number."""
    found: dict[str, Known] = {}
    for slug, group in groupby(versions, key=lambda each: each.slug):
        of_flow = tuple(group)
        found[slug] = Known(of_flow, next((each for each in of_flow if each.status == "published"), None))
    return found


async def found(read: Reading, slug: str) -> Known:
    """Raises NotFound."""
    there = known(await Versions(read).of_slugs([slug]))
    if slug not in there:
        near = get_close_matches(slug, await Versions(read).slugs(), n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise NotFound(f"no flow {slug!r}", f"{hint}`rfl1 flows list` shows what there is.")
    return there[slug]


async def require_newest(read: Reading, expected: Mapping[str, int]) -> None:
    """Raises Conflict where the newest version of a flow has another number; 0 stands for no version at all."""
    there = known(await Versions(read).of_slugs(expected)) if expected else {}
    for slug, number in expected.items():
        newest = there[slug].newest if slug in there else None
        if newest is not None and newest.number != number:
            by = newest.created_by or "somebody"
            raise Conflict(
                f"{by} has written v{newest.number} of {slug} meanwhile",
                "Look at what is different now, then repeat what you wanted to do.",
                by=by,
                at=newest.created_at,
            )


def numbered(there: Known, number: int) -> Version:
    """Raises NotFound."""
    for version in there.versions:
        if version.number == number:
            return version
    slug, last = there.newest.slug, there.newest.number
    raise NotFound(f"the flow {slug!r} has no version {number}", f"They are numbered from 1 to {last}.")


def info_of(version: Version) -> VersionInfo:
    status = cast("Status", version.status)
    return VersionInfo(version.number, status, version.title, version.created_at, version.created_by)


def _about(slug: str, number: int, version_id: UUID) -> dict[str, object]:
    return {"slug": slug, "number": number, "version_id": str(version_id)}
