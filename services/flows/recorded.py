"""Recorded calls test a change: the account's own calls of a flow, replayed against another version of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.flows.library import Library
from services.flows.nodes import Flow, Outcome, Result
from services.flows.paths import Fit, Fits, Path, Stops, Taken, fit
from services.flows.versions import found, numbered
from services.walks.engine import STOP
from services.walks.records import frames_from_json, pending_from_json, position_from_json
from storage.database import Database, Reading
from storage.recorded import RecordedCall, recorded_calls

MOST_CALLS = 5000
"""Replayed at once, the newest."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Break:
    """Where recorded paths do not go on, and why: what was the same in all of them is told once."""

    node: str
    says: str
    paths: int
    calls: int
    example: tuple[str, ...]
    """One of the paths up to there, a step a line."""
    sessions: tuple[UUID, ...]
    """Some of the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    slug: str
    number: int | None
    """Of the version that was tried; None where it is not stored."""
    used: int | None
    """The version in use that it was held against; None where there is none, or it is that one."""
    calls: int
    paths: int
    """Different ones."""
    same: int
    """Calls that take the same steps to the same end."""
    otherwise: int
    """Calls that come to the same end by other steps."""
    before: int
    """Calls that do not fit the version in use either: no fault of the new one."""
    breaks: tuple[Break, ...]
    """Most calls first."""
    more: bool
    """There are older calls that were not replayed."""

    @property
    def broken(self) -> int:
        """Calls."""
        return sum(each.calls for each in self.breaks)


class Recorded:
    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def check(self, actor: Actor, slug: str, number: int | None = None, *, flow: Flow | None = None) -> Checked:
        """Replays the calls of the flow against version `number`, or the newest, or `flow`, which has passed lint.

        Raises NotFound.
        """
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            there = await found(read, slug)
            tried = there.newest if number is None else numbered(there, number)
            used = there.published if flow is not None or tried is not there.published else None
            new = flow or await self._library.tree(read, tried.id)
            old = None if used is None else await self._library.tree(read, used.id)
            calls, more = await _paths(read, tried.flow_id)
        verdicts = {path: _verdict(path, new, old) for path in calls}
        fitting = {path: each.otherwise for path, each in verdicts.items() if isinstance(each, Fits)}
        return Checked(
            slug=slug,
            number=tried.number if flow is None else None,
            used=None if used is None else used.number,
            calls=sum(map(len, calls.values())),
            paths=len(calls),
            same=sum(len(calls[path]) for path, otherwise in fitting.items() if not otherwise),
            otherwise=sum(len(calls[path]) for path, otherwise in fitting.items() if otherwise),
            before=sum(len(calls[path]) for path, verdict in verdicts.items() if verdict is None),
            breaks=_breaks({path: each for path, each in verdicts.items() if isinstance(each, Stops)}, calls),
            more=more,
        )


def _verdict(path: Path, new: Flow, old: Flow | None) -> Fit | None:
    """None: it stops in both."""
    verdict = fit(path, new)
    stops_in_both = isinstance(verdict, Stops) and old is not None and isinstance(fit(path, old), Stops)
    return None if stops_in_both else verdict


def _breaks(stops: Mapping[Path, Stops], calls: Mapping[Path, Sequence[UUID]]) -> tuple[Break, ...]:
    alike: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, stop in stops.items():
        alike[stop.node, stop.says].append(path)
    told = [_break(node, says, paths, stops, calls) for (node, says), paths in alike.items()]
    return tuple(sorted(told, key=lambda each: -each.calls))


def _break(
    node: str, says: str, paths: Sequence[Path], stops: Mapping[Path, Stops], calls: Mapping[Path, Sequence[UUID]]
) -> Break:
    most = max(paths, key=lambda path: len(calls[path]))
    named = [session_id for path in sorted(paths, key=lambda path: -len(calls[path])) for session_id in calls[path]]
    return Break(
        node=node,
        says=says,
        paths=len(paths),
        calls=len(named),
        example=most.words[: stops[most].step],
        sessions=tuple(named[:_NAMED]),
    )


async def _paths(read: Reading, flow_id: UUID) -> tuple[Mapping[Path, Sequence[UUID]], bool]:
    """The calls of each path, newest first; whether there are older ones beside these."""
    calls: dict[Path, list[UUID]] = defaultdict(list)
    number = 0
    async for call in recorded_calls(read, flow_id, MOST_CALLS + 1):
        number += 1
        if number > MOST_CALLS:
            return calls, True
        calls[_path(call)].append(call.id)
    return calls, False


def _path(call: RecordedCall) -> Path:
    taken: list[Taken] = []
    for step in call.steps:
        before = position_from_json(step.before)
        pending = before.pending
        if pending is not None and pending.behind is None and len(before.frames) == 1:
            taken.append(Taken(pending.id, pending.node, step.answer, step.answer_label))
    return Path(tuple(taken), _end(call))


def _end(call: RecordedCall) -> Result | None:
    if call.pending is None or len(frames_from_json(call.frames)) != 1:
        return None
    node = pending_from_json(call.pending).node
    return node.result if isinstance(node, Outcome) and node != STOP else None
