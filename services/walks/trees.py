"""The flows that a session walks: published versions, proposals, and what links lead to."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.errors import NotFound
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json
from services.walks.model import Frame
from storage.database import Reading
from storage.repository import Proposals


def of_version(version_id: UUID) -> str:
    """The key of a published flow's version in frames and trees."""
    return f"flow:{version_id}"


def of_proposal(proposal_id: UUID) -> str:
    return f"proposal:{proposal_id}"


class Trees:
    """Finds flows by the keys that frames hold."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def of(self, read: Reading, frames: Iterable[Frame]) -> Mapping[str, Flow]:
        return {frame.tree: await self._load(read, frame.tree) for frame in frames}

    async def behind_link(self, read: Reading, slug: str) -> tuple[str, Flow] | None:
        """The published version of a linked flow now; None where it was retired."""
        found = await self._library.published_one(read, slug)
        return None if found is None else (of_version(found.version_id), found.flow)

    async def _load(self, read: Reading, tree: str) -> Flow:
        kind, _, written = tree.partition(":")
        if kind == "flow":
            return await self._library.tree(read, UUID(written))
        proposal = await Proposals(read).get(UUID(written))
        if proposal is None:
            raise NotFound("the proposal that this call walks was deleted", "Turn to free notes, or escalate.")
        return flow_from_json(proposal.tree)
