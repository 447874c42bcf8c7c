"""The nodes that calls were passed on from, by names that people know."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from services.builder.playbooks import playbook
from services.categories import BUILDABLE
from services.flows.nodes import MISSHAPEN, Json
from services.walks.counting import Place
from storage.database import Reading
from storage.library import Versions
from storage.stats import proposals_named, versions_named

MOST_NODES = 50
"""Nodes that calls are escalated from, told of."""


_Key: TypeAlias = tuple[str | None, str | None]
"""What `NodeCount` calls a node."""


@dataclass(frozen=True, slots=True)
class NodeCount:
    flow: str | None
    """The slug of the flow, or `proposal` and its id; None where neither was walked."""
    node: str | None
    """The node's id in its flow, or where an AI-built node came from; None where no node was on the screen."""
    text: str
    count: int


async def told(read: Reading, places: Mapping[Place, int]) -> tuple[NodeCount, ...]:
    """Most frequent first, at most `MOST_NODES`; versions of a flow count together, the newest wording stands for
    all."""
    slugs = {f"flow:{version}": slug for version, slug in await versions_named(read)}
    age = {tree: number for number, tree in enumerate(slugs)}
    counts, wording = Counter[_Key](), dict[_Key, Place]()
    for place in sorted(places, key=lambda place: age.get(place.tree, 0)):
        key = _key(place, slugs)
        counts[key] += places[place]
        wording[key] = place
    most = sorted(counts, key=lambda key: (-counts[key], key[0] or "", key[1] or ""))[:MOST_NODES]
    contents = await _contents(read, [wording[key] for key in most])
    return tuple(NodeCount(*key, _text(wording[key], contents), counts[key]) for key in most)


async def _contents(read: Reading, places: Collection[Place]) -> Mapping[str, Json]:
    """Of the flows and proposals that these are in, by tree."""
    flows = await Versions(read).contents(_ids(places, "flow"))
    proposals = await proposals_named(read, _ids(places, "proposal"))
    contents = {f"flow:{version}": content for version, content in flows.items()}
    return contents | {f"proposal:{proposal}": tree for proposal, tree in proposals.items()}


def _ids(places: Iterable[Place], kind: str) -> set[UUID]:
    """A tree without one is none that was ever stored."""
    found = set[UUID]()
    for own, _, name in (place.tree.partition(":") for place in places):
        if own == kind:
            with suppress(ValueError):
                found.add(UUID(name))
    return found


def _key(place: Place, slugs: Mapping[str, str]) -> _Key:
    kind, _, name = place.tree.partition(":")
    match kind:
        case "flow":
            return slugs.get(place.tree), place.node
        case "proposal":
            return f"proposal {name}", place.node
        case "playbook":
            return None, f"{place.tree}/{place.node}"
    return None, place.node or None


def _text(place: Place, contents: Mapping[str, Json]) -> str:
    """What a model wrote differs from call to call."""
    kind, _, name = place.tree.partition(":")
    try:
        if kind == "playbook":
            node = playbook(name).nodes.get(place.node) if name in BUILDABLE else None
            return "" if node is None else node.text
        text: str = contents[place.tree]["nodes"][place.node]["text"]
    except MISSHAPEN:  # it was in a flow that is gone
        return ""
    return text
