"""How calls ended, week by week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from services.stats.records import median
from services.walks.counting import monday
from storage.counts import Counts, Week
from storage.database import Reading


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """Of the calls that the problem's category is known of."""

    ended: int
    resolved: int
    escalated: int


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """Of the calls that began in one week, or in some weeks together, and have ended."""

    week: str
    """Its Monday, by UTC: `2026-03-02`; of some the first."""
    ended: int
    resolved: int
    """Without ever being escalated, like `AccountStats.resolved_first_call`; those reopened too."""
    reopened: int
    """Resolved, and their ticket was open again within 30 days."""
    escalated: int
    abandoned: int
    first_call_resolution: float | None
    """0 to 1; None where none has ended."""
    handle_seconds: int | None
    """Median, rounded down (`services.walks.counting.STEPS`)."""
    reasons: Mapping[str, int]
    """Of those escalated; most frequent first."""
    categories: Mapping[str, CategoryFigures]
    """Most frequent first; an empty key: nobody knew."""


@dataclass(frozen=True, slots=True)
class Weeks:
    each: tuple[WeekFigures, ...]
    """Also those without a call; the oldest first."""
    together: WeekFigures


def mondays(now: datetime, number: int) -> list[str]:
    """So many weeks up to this one, the oldest first."""
    return [monday(now - timedelta(weeks=back)) for back in range(number - 1, -1, -1)]


async def by_week(read: Reading, weeks: Sequence[str]) -> Weeks:
    counts = Counts(read)
    times: dict[str, Counter[int]] = {week: Counter() for week in weeks}
    for tree, seconds, number in await counts.times([f"week:{week}" for week in weeks]):
        times[tree.removeprefix("week:")][seconds] += number
    of: dict[str, list[tuple[Week, int]]] = {week: [] for week in weeks}
    for key, number in await counts.weeks(weeks[0]):
        if key.week in of:
            of[key.week].append((key, number))
    together = _figures(weeks[0], list(chain(*of.values())), sum(times.values(), Counter()))
    return Weeks(tuple(_figures(week, of[week], times[week]) for week in weeks), together)


def _figures(week: str, counted: list[tuple[Week, int]], times: Mapping[int, int]) -> WeekFigures:
    endings, reasons, categories = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for key, number in counted:
        endings[key.ending] += number
        categories[key.category, key.ending] += number
        if key.reason:
            reasons[key.reason] += number
    ended = endings.total()
    return WeekFigures(
        week=week,
        ended=ended,
        resolved=endings["resolved"],
        reopened=sum(number for key, number in counted if key.reopened),
        escalated=endings["escalated"],
        abandoned=endings["abandoned"],
        first_call_resolution=endings["resolved"] / ended if ended else None,
        handle_seconds=median(times),
        reasons=most_first(reasons),
        categories=_by_category(categories),
    )


def _by_category(counted: Mapping[tuple[str, str], int]) -> dict[str, CategoryFigures]:
    ended = Counter[str]()
    for (category, _), number in counted.items():
        ended[category] += number
    return {
        category: CategoryFigures(
            number, counted.get((category, "resolved"), 0), counted.get((category, "escalated"), 0)
        )
        for category, number in most_first(ended).items()
    }


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
