"""How the account is doing: first-call resolution, handle time, what is escalated and from where."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock, utc_now
from services.errors import Refused
from services.stats.costs import ModelCost, ModelCosts, SessionCost, model_costs
from services.stats.counting import Counting
from services.stats.nodes import MOST_NODES, NodeCount, told
from services.stats.weeks import WeekFigures, by_week, mondays, most_first
from services.walks.counting import Place, passed_on_from
from storage.counts import Counts, Week
from storage.database import Database, Reading
from storage.stats import Figures, UnderWay

__all__ = [
    "MOST_NODES",
    "AccountStats",
    "BuildCount",
    "Lately",
    "ModelCost",
    "ModelCosts",
    "NodeCount",
    "SessionCost",
    "Stats",
]

WEEKS = 12
MOST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class BuildCount:
    category: str
    calls: int
    resolved: int
    escalated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What somebody who looks every day wants to see, and waits for."""

    weeks: tuple[WeekFigures, ...]
    """Also those without a call; the oldest first."""
    in_weeks: WeekFigures
    """The same weeks together."""
    escalations: int
    """Calls that were ever passed on, since the beginning, those that came back too; the weeks tell of ended calls."""
    came_back: int
    """Of those: under way again."""
    escalations_by_node: tuple[NodeCount, ...]
    """Since the beginning; most frequent first, at most `MOST_NODES`."""
    uncounted: int
    """Ended calls that are in none of these yet; see `services.stats.counting`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStats(Lately):
    """All there is, for which every call of the account and of its model is looked at. What is in `uncounted` is in
    `sessions` only."""

    sessions: Mapping[str, int]
    """By status."""
    kinds: Mapping[str, int]
    ended: int
    resolved_first_call: int
    """Resolved without ever being escalated."""
    first_call_resolution: float | None
    """The share of those that ended, 0 to 1; None before any has."""
    reopened: int
    """Resolved, and their ticket was open again within 30 days."""
    handle_time_mean: float | None
    """Seconds from the start of a call until it was passed on, the last time if it came back, or else resolved."""
    handle_time_median: float | None
    escalations_by_category: Mapping[str, int]
    """Most frequent first."""
    builds: tuple[BuildCount, ...]
    """AI-built calls by category, most frequent first."""
    built_by_playbook: int
    """AI-built calls whose newest node came out of a bundled playbook."""
    model: ModelCosts


class Stats:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._counting = Counting(database, clock)

    async def lately(self, actor: Actor, weeks: int = WEEKS) -> Lately:
        """As `account`, which takes longer."""
        left = await self._counted(actor, weeks)
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await self._lately(read, weeks, left)

    async def account(self, actor: Actor, weeks: int = WEEKS) -> AccountStats:
        """Counts first what has ended since somebody looked last. Raises Refused for too many weeks."""
        left = await self._counted(actor, weeks)
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            figures, counts = Figures(read), Counts(read)
            counted, under_way = await counts.totals(), await figures.under_way()
            ended = sum(number for _, number in counted)
            resolved = sum(number for key, number in counted if key.ending == "resolved")
            mean, median = await counts.handled() or (None, None)
            reasons = _reasons(counted, under_way)
            by_playbook = await counts.ended_by_playbook()
            lately = await self._lately(read, weeks, left)
            return AccountStats(
                sessions=await figures.by_status(),
                kinds=_kinds(counted, under_way),
                ended=ended,
                resolved_first_call=resolved,
                first_call_resolution=resolved / ended if ended else None,
                reopened=sum(number for key, number in counted if key.reopened),
                handle_time_mean=mean and round(mean, 1),
                handle_time_median=median and round(median, 1),
                escalations=lately.escalations,
                came_back=lately.came_back,
                escalations_by_category=reasons,
                escalations_by_node=lately.escalations_by_node,
                builds=_builds(counted, under_way),
                built_by_playbook=by_playbook + sum(each.calls for each in under_way if each.by_playbook),
                weeks=lately.weeks,
                in_weeks=lately.in_weeks,
                uncounted=lately.uncounted,
                model=await model_costs(read, self._clock()),
            )

    async def _counted(self, actor: Actor, weeks: int) -> int:
        """Gives how many calls are left to count."""
        if not 0 < weeks <= MOST_WEEKS:
            raise Refused(f"{weeks} weeks cannot be shown", f"Ask for 1 to {MOST_WEEKS}.")
        return await self._counting.up_to_date(actor)

    async def _lately(self, read: Reading, weeks: int, uncounted: int) -> Lately:
        told_of = await by_week(read, mondays(self._clock(), weeks))
        passed_on = await Counts(read).passed_on_from()
        places = Counter({Place(tree, node): calls for tree, node, calls in passed_on})
        came_back = await Figures(read).came_back()
        places.update(passed_on_from(row) for row in came_back)
        return Lately(
            weeks=told_of.each,
            in_weeks=told_of.together,
            escalations=places.total(),
            came_back=len(came_back),
            escalations_by_node=await told(read, places),
            uncounted=uncounted,
        )


def _kinds(counted: Iterable[tuple[Week, int]], under_way: Iterable[UnderWay]) -> Mapping[str, int]:
    kinds = Counter[str]()
    for key, number in counted:
        kinds[key.kind] += number
    for each in under_way:
        kinds[each.kind] += each.calls
    return dict(kinds)


def _reasons(counted: Iterable[tuple[Week, int]], under_way: Iterable[UnderWay]) -> Mapping[str, int]:
    reasons = Counter[str]()
    for key, number in counted:
        if key.reason:
            reasons[key.reason] += number
    for each in under_way:
        if each.reason is not None:
            reasons[each.reason] += each.calls
    return most_first(reasons)


def _builds(counted: Sequence[tuple[Week, int]], under_way: Iterable[UnderWay]) -> tuple[BuildCount, ...]:
    calls, ends = Counter[str](), Counter[tuple[str, str]]()
    for key, number in counted:
        if key.kind == "ai_build":
            calls[key.category or "unknown"] += number
            ends[key.category or "unknown", key.ending] += number
    for each in under_way:
        if each.kind == "ai_build":
            calls[each.category or "unknown"] += each.calls
            ends[each.category or "unknown", "escalated"] += each.calls if each.reason is not None else 0
    made = [BuildCount(name, number, ends[name, "resolved"], ends[name, "escalated"]) for name, number in calls.items()]
    return tuple(sorted(made, key=lambda each: (-each.calls, each.category)))
