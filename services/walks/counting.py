"""What of an ended call is counted: the nodes it came to, its week, how it ended. Calls are counted after they have
ended, by whoever looks at the figures; one that goes on again is taken out of them first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.flows.nodes import MISSHAPEN, Json
from storage.counts import Visit, Walked, Week, add, walked
from storage.database import Transaction
from storage.tables import ON_SCREEN, Session

REOPENED_WITHIN = timedelta(days=30)

STEPS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 420, 600, 900,
         1200, 1800, 2700, 3600, 5400, 7200, 14400, 28800, 86400)  # fmt: skip
"""Seconds that times are rounded down to: a median of these is near enough to say where time goes."""

MODEL = "model"
"""The tree and the node of all that a model wrote: no two calls have the same."""


class Place(NamedTuple):
    tree: str
    node: str


_TREE = "tree"
NOWHERE = Place("", "")
_MODELS = Place(MODEL, MODEL)


def ending(row: Session) -> str:
    """Of an ended call, as level 1 sees it."""
    if row.status == "resolved" and row.escalated_at is None:
        return "resolved"
    return "abandoned" if row.status == "abandoned" and row.escalated_at is None else "escalated"


def handled(row: Session) -> float | None:
    """Seconds from the start until it was passed on, the last time if it came back, or else resolved."""
    done = row.escalated_at or row.resolved_at
    return None if done is None else (done - row.created_at).total_seconds()


def monday(at: datetime) -> str:
    """The week of a moment, by UTC."""
    return (at - timedelta(days=at.weekday())).date().isoformat()


def rounded(seconds: float) -> int:
    return max((step for step in STEPS if step <= seconds), default=0)


def week_of(row: Session) -> Week:
    how = ending(row)
    reason = (row.escalation_category or "other") if how == "escalated" else ""
    return Week(monday(row.created_at), row.kind, row.category or "", how, reason, row.reopened_at is not None)


def visits_of(row: Session, steps: Sequence[Walked]) -> Iterator[Visit]:
    """Each node that the call came to once, each tree as a whole, and its week."""
    how = ending(row)
    try:
        last, spent = _last(row, steps), _spent(row, steps)
    except MISSHAPEN:  # told to whoever opens the call; the figures go without its path
        last, spent = NOWHERE, {}
    trees = Counter({last.tree: 0})
    for place, seconds in spent.items():
        trees[place.tree] += seconds
        if place not in {last, _MODELS}:
            yield Visit(*place, how, rounded(seconds))
    yield Visit(*last, how, ON_SCREEN)
    yield from (Visit(tree, "", how, rounded(spent)) for tree, spent in trees.items() if tree not in {"", MODEL})
    if (took := handled(row)) is not None:
        yield Visit(f"week:{monday(row.created_at)}", "", how, rounded(took))


def _spent(row: Session, steps: Sequence[Walked]) -> Mapping[Place, int]:
    """Seconds at each node; an identity gate is none of the tree's."""
    spent = Counter[Place]()
    for step in steps:
        place = place_of(step.before["pending"], step.before["frames"], row.flow_version_id)
        if place is not None and "behind" not in step.before["pending"]:
            spent[place] += step.seconds
    return spent


def _last(row: Session, steps: Sequence[Walked]) -> Place:
    """Where it ended: at the node on the screen, else at the one that was answered last."""
    at_the_end = row.escalated_node if ending(row) == "escalated" and row.escalated_node else row.pending
    behind = next((step for step in reversed(steps) if step.before["pending"] == at_the_end), None)
    if at_the_end is None and steps:
        at_the_end, behind = steps[-1].before["pending"], steps[-1]
    frames = row.frames if behind is None else behind.before["frames"]
    if at_the_end is not None and _TREE in at_the_end:
        frames = [[at_the_end[_TREE]]]
    return (None if at_the_end is None else place_of(at_the_end, frames, row.flow_version_id)) or NOWHERE


def within(pending: Mapping[str, Json], frames: Sequence[Json]) -> dict[str, Json]:
    """A node with the tree that it stands in, for when the call has gone on elsewhere."""
    try:
        return {**pending, _TREE: frames[-1][0]} if frames else {**pending}
    except MISSHAPEN:  # told to whoever opens the call
        return {**pending}


def passed_on_from(row: Session) -> Place:
    """Of a call that came back: where that was."""
    try:
        node = row.escalated_node or {}
        frames = [[node[_TREE]]] if _TREE in node else row.frames
        return (place_of(node, frames, row.flow_version_id) if node else None) or NOWHERE
    except MISSHAPEN:  # told to whoever opens the call
        return NOWHERE


def place_of(pending: Mapping[str, Json], frames: Sequence[Json], version: UUID | None = None) -> Place | None:
    """Where a node as stored belongs; one behind an identity gate counts as itself, and one of no tree has an
    empty one. None: it cannot be read. `version` is of the flow walked, where there are no frames."""
    try:
        own = pending.get("behind") or pending
        kind, _, where = str(own.get("origin") or "").partition(":")
        if kind == MODEL:
            return _MODELS
        if kind == "playbook":
            category, _, node = where.partition("/")
            return Place(f"playbook:{category}", node)
        if frames:
            return Place(str(frames[-1][0]), str(own["id"]))
        return Place("" if version is None else f"flow:{version}", own["id"])
    except MISSHAPEN:  # told to whoever opens the call
        return None


async def uncount(tx: Transaction, row: Session) -> None:
    """Before anything of how it ended is changed; nothing where it is in no count."""
    if row.counted is None:
        return
    steps = (await walked(tx, [row.id])).get(row.id, [])
    await add(tx, {visit: -1 for visit in visits_of(row, steps)}, {week_of(row): -1})
    row.counted = row.handled = None


async def opened_again(tx: Transaction, row: Session, now: datetime) -> None:
    """A call that goes on, or whose ticket does, where it was resolved: before anything else of it is changed."""
    await uncount(tx, row)
    if row.status == "resolved" and row.resolved_at is not None and row.reopened_at is None:
        row.reopened_at = now if now - row.resolved_at <= REOPENED_WITHIN else None
