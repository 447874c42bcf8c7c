"""How calls fared at a flow and at each of its nodes, and how many callers are at one node these minutes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock, utc_now
from services.errors import NotFound
from services.walks.counting import MODEL, place_of
from services.walks.model import Walk
from services.walks.records import frames_to_json, pending_to_json
from storage.counts import Counts, Visit
from storage.crowds import shown
from storage.database import Database, Reading
from storage.library import Versions, siblings
from storage.tables import ON_SCREEN

CROWD = 3
"""So many callers at one node within `CROWDED_WITHIN` may have one cause."""
CROWDED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Record:
    """Of ended calls. One that an engineer needed is `escalated`, whatever came of it there."""

    reached: int = 0
    resolved: int = 0
    escalated: int = 0
    abandoned: int = 0
    passed_on_here: int = 0
    """Of those escalated: with this node on the screen."""
    lost_here: int = 0
    """Of those abandoned: with this node on the screen."""
    seconds: int | None = None
    """Median, rounded down (`services.walks.counting.STEPS`): at a node until it was answered, of a flow all in it.
    None where nobody has answered it."""


@dataclass(frozen=True, slots=True)
class FlowRecord:
    slug: str
    versions: tuple[int, ...]
    """Whose calls are counted."""
    whole: Record
    nodes: Mapping[str, Record]
    """By id; only those that a call came to, also such as only older versions have."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside a node during a call."""

    record: Record
    callers: int
    """Different ones who came to it within `CROWDED_WITHIN`, this one too."""

    @property
    def crowded(self) -> bool:
        return self.callers >= CROWD


class Records:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def of_flow(self, actor: Actor, slug: str, number: int | None = None) -> FlowRecord:
        """Of all its versions together, or of version `number`. Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            known = await Versions(read).of_slugs([slug])
            meant = [each for each in known if number in {None, each.number}]
            if not meant:
                what = f"flow {slug!r}" if not known else f"version {number} of {slug!r}"
                raise NotFound(f"no {what}", "`rfl1 flows list` shows them.")
            visits = await Counts(read).visits([f"flow:{each.id}" for each in meant])
        of: dict[str, list[tuple[Visit, int]]] = defaultdict(list)
        for pair in visits:
            of[pair[0].node].append(pair)
        whole = record(of.pop("", ()))
        by_node = {node: record(of[node]) for node in sorted(of)}
        return FlowRecord(slug, tuple(each.number for each in meant), whole, by_node)

    async def beside(self, actor: Actor, walk: Walk) -> Beside | None:
        """Of the node that is on the screen; None where that is of no tree."""
        pending = None if walk.pending is None else pending_to_json(walk.pending)
        place = None if pending is None else place_of(pending, frames_to_json(walk.frames))
        if pending is None or place is None or place.tree in {"", MODEL}:
            return None
        name = (pending.get("behind") or pending).get("origin") or place.node
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            trees = await _together(read, place.tree)
            visits = await Counts(read).visits(trees, [place.node])
            others = await shown(read, name, self._clock() - CROWDED_WITHIN, but=walk.id)
        callers = {_caller(walk.id, walk.customer, walk.contact)}
        for each in others:
            there = place_of(each.pending, each.frames)
            if there is not None and there.node == place.node and there.tree in trees:
                callers.add(_caller(each.session_id, each.customer, each.contact))
        return Beside(record(visits), len(callers))


def record(visits: Iterable[tuple[Visit, int]]) -> Record:
    """The counts of one node, or of a tree as a whole, put together."""
    endings = dict.fromkeys(("resolved", "escalated", "abandoned"), 0)
    here, times = dict(endings), dict[int, int]()
    for visit, number in visits:
        endings[visit.ending] += number
        if visit.seconds == ON_SCREEN:
            here[visit.ending] += number
        else:
            times[visit.seconds] = times.get(visit.seconds, 0) + number
    return Record(
        reached=sum(endings.values()),
        **endings,
        passed_on_here=here["escalated"],
        lost_here=here["abandoned"],
        seconds=median(times),
    )


def median(times: Mapping[int, int]) -> int | None:
    """Of seconds by how often they come; of an even number of calls what lies between the two in the middle."""
    number, seen, lower = sum(times.values()), 0, None
    for seconds in sorted(times):
        seen += times[seconds]
        if lower is None and 2 * seen >= number:
            lower = seconds
        if lower is not None and 2 * seen > number:
            return (lower + seconds) // 2
    return None


def _caller(session_id: UUID, customer: str, contact: str) -> str:
    """Who calls; where nobody wrote it down, each call counts as one."""
    return f"{customer.strip()}\n{contact.strip()}".casefold() if contact.strip() else str(session_id)


async def _together(read: Reading, tree: str) -> list[str]:
    """The versions of a flow count together."""
    kind, _, version = tree.partition(":")
    return [f"flow:{each}" for each in await siblings(read, UUID(version))] if kind == "flow" else [tree]
