"""The matcher of each account, fitted once and again only when the account's library has changed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json
from services.matching.index import Index
from storage.database import Database, Scope
from storage.faults import translate
from storage.repository import Proposals
from storage.tables import Proposal
from storage.written import Unreadable, from_stored_json

PATIENCE = 0.5
"""Seconds that a changed library is waited for; a small one is fitted within them, for a large one the old shelf
goes on serving meanwhile."""

_OF_PROPOSAL = "proposal:"
"""No slug has a colon: a proposal can stand in the same index as the flows."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A pending proposal that ended a call well."""

    id: UUID
    title: str
    worked: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one account's callers can be matched to."""

    revision: int
    index: Index
    flows: Mapping[str, UUID]
    """The ids of the flows, by slug."""
    proposals: Mapping[str, Proved]
    """By the slug they have in the index."""


class Shelves:
    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library
        self._shelves: dict[UUID, Shelf] = {}
        self._fillings: dict[UUID, asyncio.Task[None]] = {}

    def at_hand(self, scope: Scope) -> Shelf | None:
        """What is there already, perhaps of an older library."""
        return self._shelves.get(scope.account_id)

    async def of(self, scope: Scope, revision: int, *, patient: bool = False) -> Shelf:
        """The account's shelf, at least as new as `revision`, or, for who is not `patient`, soon to be."""
        while (shelf := self.at_hand(scope)) is None or shelf.revision < revision:
            filling = self._filling(scope)
            done, _ = await asyncio.wait([filling], timeout=None if shelf is None or patient else PATIENCE)
            if shelf is not None and not done:
                return shelf
            filling.result()
        return shelf

    def _filling(self, scope: Scope) -> asyncio.Task[None]:
        """One at a time for an account, however many ask; it goes on where they stop asking."""
        filling = self._fillings.get(scope.account_id)
        if filling is None or filling.done():
            filling = self._fillings[scope.account_id] = asyncio.create_task(self._fill(scope))
            # Where it failed and nobody waits any more, the next who asks tries again and is told.
            filling.add_done_callback(lambda task: task.cancelled() or task.exception())
        return filling

    async def _fill(self, scope: Scope) -> None:
        async with self._database.reading(scope) as read:
            revision = await self._library.revision(read)
            flows = await self._library.published_texts(read)
            proved = Proposals(read).base().where(Proposal.status == "pending", Proposal.validated_by_outcome)
            proposals = await Proposals(read).all(proved)
        # Reading and fitting a large library takes seconds: neither with a connection in hand nor on the loop that
        # draws the screen.
        try:
            self._shelves[scope.account_id] = await asyncio.to_thread(_fitted, revision, flows, proposals)
        except Unreadable as error:
            raise translate(error, str(self._database.location)) or error from error


def _fitted(revision: int, flows: Mapping[UUID, str], proposals: Sequence[Proposal]) -> Shelf:
    published = {flow_id: flow_from_json(from_stored_json(text)) for flow_id, text in flows.items()}
    return Shelf(
        revision,
        Index.build([*published.values(), *(_document(row) for row in proposals)]),
        {flow.slug: flow_id for flow_id, flow in published.items()},
        {_slug(row): Proved(row.id, row.title, row.worked) for row in proposals},
    )


def _document(row: Proposal) -> Flow:
    return replace(flow_from_json(row.tree), slug=_slug(row), title=row.title, keywords=tuple(row.keywords))


def _slug(row: Proposal) -> str:
    return _OF_PROPOSAL + row.id.hex
