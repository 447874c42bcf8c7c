"""The matcher of each account: made once, and again only of what has changed in the account's library since.

What was read of a flow is kept beside it in the store, so that the next who needs it has only to load it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.clock import Clock
from services.errors import StoreTrouble
from services.flows.library import Library
from services.flows.nodes import flow_from_json
from services.flows.proposal import OPEN
from services.intake.behind import behind
from services.intake.proved import Proved, document, proved_slug
from services.matching.calibration import Fit
from services.matching.embedding import Embedding
from services.matching.fitting import LEAST_EXAMPLES, Source, refit
from services.matching.gists import Embedder, Gist, Texts, gists, reader_name
from services.matching.index import Index
from storage import matching as kept
from storage.database import Database, Reading, Scope
from storage.faults import translate
from storage.library import Versions
from storage.repository import Proposals
from storage.tables import Proposal
from storage.written import Unreadable

PATIENCE = 0.5
"""Seconds that a changed library is waited for; a small one is read within them, for a large one the old shelf goes on
serving meanwhile."""
_AT_ONCE = 25
"""Flows read at once: others work on the same machine."""
_TAKEN_AT_ONCE = 250
"""Flows that are taken in at once: what has been read of each takes more room than the index."""
_SEARCHED = 300
"""Flows of which examples are held back when the matcher is fitted."""
_MOST_WRONG = 100
_GROWN = 1.25
"""A fit serves a library that is so much larger or smaller than the one it was made for."""

Learnt = tuple[tuple[str, str], ...]
"""Id and text of each example that was learnt for a flow, oldest first."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one account's callers can be matched to."""

    revision: int
    learnt_until: datetime | None
    index: Index
    flows: Mapping[str, UUID]
    """The ids of the flows, by slug."""
    proposals: Mapping[str, Proved]
    """By the slug they have in the index."""
    held: Mapping[UUID, tuple[UUID, tuple[str, ...]]] = field(repr=False)
    """By flow: the version that was read, and the ids of what was learnt for it."""
    exampled: tuple[UUID, ...] = field(repr=False)
    """The flows that have examples enough to hold some back."""


@dataclass(frozen=True, slots=True)
class _Library:
    """What the store says at one moment."""

    revision: int
    learnt_until: datetime | None
    versions: Mapping[UUID, UUID]
    learnt: Mapping[UUID, Learnt]
    proposals: Sequence[Proposal]
    fit: Fit | None

    def held(self, flow_id: UUID) -> tuple[UUID, tuple[str, ...]]:
        return self.versions[flow_id], tuple(key for key, _ in self.learnt.get(flow_id, ()))


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a library has been taken in."""

    index: Index
    slugs: Mapping[UUID, str]
    exampled: frozenset[UUID]

    def with_more(self, gists: Mapping[UUID, Gist]) -> "Taken":
        exampled = {flow_id for flow_id, gist in gists.items() if len(gist.examples) >= LEAST_EXAMPLES}
        return Taken(
            self.index.changed(gists.values()),
            {**self.slugs, **{flow_id: gist.slug for flow_id, gist in gists.items()}},
            self.exampled - gists.keys() | exampled,
        )


class Shelves:
    def __init__(self, database: Database, clock: Clock, library: Library, embedding: Embedding | None) -> None:
        """Without `embedding` words alone serve."""
        self._database = database
        self._clock = clock
        self._library = library
        self._embedding = embedding
        self._shelves: dict[UUID, Shelf] = {}
        self._fillings: dict[UUID, asyncio.Task[None]] = {}

    def at_hand(self, scope: Scope) -> Shelf | None:
        """What is there already, perhaps of an older library."""
        return self._shelves.get(scope.account_id)

    async def of(self, scope: Scope, revision: int, learnt_until: datetime | None, *, patient: bool = False) -> Shelf:
        """The account's shelf, at least as new as `revision`, or, for who is not `patient`, soon to be. For what was
        learnt since nobody waits."""
        while (shelf := self.at_hand(scope)) is None or shelf.revision < revision:
            filling = self._filling(scope)
            done, _ = await asyncio.wait([filling], timeout=None if shelf is None or patient else PATIENCE)
            if shelf is not None and not done:
                return shelf
            filling.result()
        if shelf.learnt_until != learnt_until:
            self._filling(scope)
        return shelf

    async def settle(self, scope: Scope, *, for_all: bool) -> None:
        """Fits the matcher to the account's library as it is now, where that has not been done; takes its time. The
        fit is this terminal's own, or `for_all` of the account."""
        await self._filling(scope)
        shelf, reader = self._shelves[scope.account_id], reader_name(await self._embedder())
        async with self._database.reading(scope) as read:
            last = await kept.fit(read, reader)
            if last is not None and (last.revision, last.learnt_until) == (shelf.revision, shelf.learnt_until):
                return
            wrong = await kept.nothing_fitted(read, _MOST_WRONG)
            chosen = shelf.exampled[:: max(1, len(shelf.exampled) // _SEARCHED)][:_SEARCHED]
            packed = await kept.readings(read, reader, [shelf.held[flow_id][0] for flow_id in chosen])
            learnt = _learnt(await kept.examples(read))
        texts = await self._texts(scope, shelf.held, learnt, chosen)
        fit = await behind(_refit, shelf, texts, packed, wrong)
        stored = {} if fit is None else {"size": len(shelf.index), **fit.to_json()}
        if for_all:
            async with self._database.transaction(scope) as tx:
                await kept.keep_fit(
                    tx, reader, stored, revision=shelf.revision, learnt=shelf.learnt_until, now=self._clock()
                )
                await kept.forget_readings(tx)
        if fit is not None and self._shelves[scope.account_id] is shelf:
            self._shelves[scope.account_id] = replace(shelf, index=shelf.index.fitted(fit))

    def _filling(self, scope: Scope) -> asyncio.Task[None]:
        """One at a time for an account, however many ask; it goes on where they stop asking."""
        filling = self._fillings.get(scope.account_id)
        if filling is None or filling.done():
            filling = self._fillings[scope.account_id] = asyncio.create_task(self._fill(scope))
            # Where it failed and nobody waits any more, the next who asks tries again and is told.
            filling.add_done_callback(lambda task: task.cancelled() or task.exception())
        return filling

    async def _embedder(self) -> Embedder | None:
        return None if self._embedding is None else await behind(self._embedding.get)

    async def _fill(self, scope: Scope) -> None:
        # Reading a large library takes seconds: neither with a connection in hand nor on the loop that draws the
        # screen.
        embedder, old = await self._embedder(), self.at_hand(scope)
        library = await self._seen(scope, reader_name(embedder))
        changed = [flow_id for flow_id in library.versions if _is_new(library, old, flow_id)]
        taken = _before(old, embedder)
        for start in range(0, len(changed), _TAKEN_AT_ONCE):
            some = changed[start : start + _TAKEN_AT_ONCE]
            taken = await behind(taken.with_more, await self._gists(scope, library, some, embedder))
        try:
            shelf = await behind(shelved, library, taken, old, embedder)
        except Unreadable as error:
            raise translate(error, str(self._database.location)) or error from error
        self._shelves[scope.account_id] = shelf

    async def _seen(self, scope: Scope, reader: str) -> _Library:
        async with self._database.reading(scope) as read:
            versions = await kept.published_versions(read)
            proved = Proposals(read).base().where(Proposal.status.in_(OPEN), Proposal.validated_by_outcome)
            return _Library(
                revision=await self._library.revision(read),
                learnt_until=await kept.learnt_until(read),
                versions=versions,
                learnt=_learnt(await kept.examples(read)),
                proposals=await Proposals(read).all(proved),
                fit=await _last_fit(read, reader, len(versions)),
            )

    async def _gists(
        self, scope: Scope, library: _Library, flow_ids: Sequence[UUID], embedder: Embedder | None
    ) -> dict[UUID, Gist]:
        versions = [library.versions[flow_id] for flow_id in flow_ids]
        async with self._database.reading(scope) as read:
            packed = await kept.readings(read, reader_name(embedder), versions)
        found = await behind(_known, library, flow_ids, packed, embedder)
        unread = [flow_id for flow_id in flow_ids if flow_id not in found]
        return found | await self._read(scope, library, unread, embedder)

    async def _read(
        self, scope: Scope, library: _Library, unread: Sequence[UUID], embedder: Embedder | None
    ) -> dict[UUID, Gist]:
        """What nobody has read yet, kept for the next."""
        made: dict[UUID, Gist] = {}
        for start in range(0, len(unread), _AT_ONCE):
            some = unread[start : start + _AT_ONCE]
            held = {flow_id: library.held(flow_id) for flow_id in some}
            texts = await self._texts(scope, held, library.learnt, some)
            new = dict(zip(texts, await behind(gists, list(texts.values()), embedder), strict=True))
            made |= new
            packed = {library.versions[flow_id]: gist.pack() for flow_id, gist in new.items()}
            try:
                async with self._database.transaction(scope) as tx:
                    await kept.keep_readings(tx, reader_name(embedder), packed)
            except StoreTrouble:
                continue  # a store that cannot be written to: the next reads it again
        return made

    async def _texts(
        self,
        scope: Scope,
        held: Mapping[UUID, tuple[UUID, tuple[str, ...]]],
        learnt: Mapping[UUID, Learnt],
        flow_ids: Collection[UUID],
    ) -> dict[UUID, Texts]:
        versions = {held[flow_id][0]: flow_id for flow_id in flow_ids}
        async with self._database.reading(scope) as read:
            contents = await Versions(read).contents(versions)
        try:
            return {
                versions[version]: Texts.of(flow_from_json(content), learnt.get(versions[version], ()))
                for version, content in contents.items()
            }
        except Unreadable as error:
            raise translate(error, str(self._database.location)) or error from error


async def _last_fit(read: Reading, reader: str, size: int) -> Fit | None:
    last = await kept.fit(read, reader)
    if last is None or not last.fitted:
        return None
    made_for = last.fitted["size"]
    return Fit.from_json(last.fitted) if made_for / _GROWN <= size <= made_for * _GROWN else None


def _learnt(examples: Sequence[kept.Example]) -> dict[UUID, Learnt]:
    found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for each in examples:
        if each.verdict == "right":
            found[each.flow_id].append((each.id.hex, each.text))
    return {flow_id: tuple(learnt) for flow_id, learnt in found.items()}


def _is_new(library: _Library, old: Shelf | None, flow_id: UUID) -> bool:
    return old is None or old.held.get(flow_id) != library.held(flow_id)


def _known(
    library: _Library, flow_ids: Sequence[UUID], packed: Mapping[UUID, bytes], embedder: Embedder | None
) -> dict[UUID, Gist]:
    """Of the flows that were read before, with all that has been learnt for them since."""
    known = {}
    for flow_id in flow_ids:
        version, learnt = library.held(flow_id)
        gist = _gist(packed.get(version), embedder)
        if gist is not None and gist.learnt == Texts.kept(learnt):
            known[flow_id] = gist
    return known


def _gist(packed: bytes | None, embedder: Embedder | None) -> Gist | None:
    if packed is None:
        return None
    try:
        return Gist.unpack(packed, embedder.size if embedder else 0)
    except ValueError:
        return None  # what cannot be read is read anew from the flow


def _before(old: Shelf | None, embedder: Embedder | None) -> Taken:
    if old is None:
        return Taken(Index.of((), embedder), {}, frozenset())
    return Taken(old.index, {flow_id: slug for slug, flow_id in old.flows.items()}, frozenset(old.exampled))


def shelved(library: _Library, taken: Taken, old: Shelf | None, embedder: Embedder | None) -> Shelf:
    """`taken`: all flows of the library, and what is left of the old shelf."""
    slugs = {flow_id: slug for flow_id, slug in taken.slugs.items() if flow_id in library.versions}
    proposals = {proved_slug(row): Proved(row.id, row.title, row.worked) for row in library.proposals}
    gone = {*old.flows, *old.proposals} - {*slugs.values()} - proposals.keys() if old else set()
    proved = gists([Texts.of(document(row)) for row in library.proposals], embedder)
    return Shelf(
        revision=library.revision,
        learnt_until=library.learnt_until,
        index=taken.index.changed(proved, gone, library.fit),
        flows={slug: flow_id for flow_id, slug in slugs.items()},
        proposals=proposals,
        held={flow_id: library.held(flow_id) for flow_id in library.versions},
        exampled=tuple(sorted(taken.exampled & library.versions.keys())),
    )


def _refit(shelf: Shelf, texts: Mapping[UUID, Texts], packed: Mapping[UUID, bytes], wrong: Sequence[str]) -> Fit | None:
    sources = []
    for flow_id, each in texts.items():
        stored = packed.get(shelf.held[flow_id][0])
        if stored is not None:
            sources.append(Source(each, Gist.unpack(stored, shelf.index.vector_size)))
    return refit(shelf.index, sources, wrong)
