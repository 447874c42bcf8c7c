"""The matcher of each account, fitted once and again only when the account's library has changed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.flows.library import Library, Published
from services.flows.nodes import Flow, flow_from_json
from services.matching.index import Index
from storage.database import Reading
from storage.repository import Proposals
from storage.tables import Proposal

_OF_PROPOSAL = "proposal:"
"""No slug has a colon: a proposal can stand in the same index as the flows."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one account's callers can be matched to."""

    revision: int
    index: Index
    flows: Mapping[str, Published]
    """By slug."""
    proposals: Mapping[str, Proposal]
    """Pending ones that ended a call well, by the slug they have in the index."""


class Shelves:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._shelves: dict[UUID, Shelf] = {}

    async def of(self, read: Reading) -> Shelf:
        """The account's shelf as its library is now."""
        revision = await self._library.revision(read)
        shelf = self._shelves.get(read.account_id)
        if shelf is None or shelf.revision != revision:
            shelf = await self._fill(read, revision)
            self._shelves[read.account_id] = shelf
        return shelf

    async def _fill(self, read: Reading, revision: int) -> Shelf:
        flows = {published.flow.slug: published for published in await self._library.published(read)}
        proved = Proposals(read).base().where(Proposal.status == "pending", Proposal.validated_by_outcome)
        proposals = {_OF_PROPOSAL + row.id.hex: row for row in await Proposals(read).all(proved)}
        documents = [each.flow for each in flows.values()]
        documents += [_document(slug, row) for slug, row in proposals.items()]
        # Fitting a large library takes seconds: not on the loop that draws the screen.
        index = await asyncio.to_thread(Index.build, documents)
        return Shelf(revision, index, flows, proposals)


def _document(slug: str, row: Proposal) -> Flow:
    return flow_from_json({**row.tree, "slug": slug, "title": row.title, "keywords": row.keywords})
