"""How calls ended, week by week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.stats.records import median
from services.walks.counting import monday
from storage.counts import Counts, Visit, Week
from storage.database import Reading


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """Of the calls that began in one week and have ended."""

    week: str
    """Its Monday, by UTC: `2026-03-02`."""
    ended: int
    resolved: int
    """Without ever being escalated, like `AccountStats.resolved_first_call`; those reopened too."""
    reopened: int
    """Resolved, and their ticket was open again within 30 days."""
    escalated: int
    abandoned: int
    handle_seconds: int | None
    """Median, rounded down (`services.walks.counting.STEPS`)."""
    reasons: Mapping[str, int]
    """Of those escalated; most frequent first."""
    categories: Mapping[str, int]
    """Of all; most frequent first, empty where nobody knew."""

    @property
    def first_call_resolution(self) -> float | None:
        """0 to 1; None where none has ended."""
        return self.resolved / self.ended if self.ended else None


def mondays(now: datetime, number: int) -> list[str]:
    """So many weeks up to this one, the oldest first."""
    return [monday(now - timedelta(weeks=back)) for back in range(number - 1, -1, -1)]


async def by_week(read: Reading, weeks: Sequence[str]) -> tuple[WeekFigures, ...]:
    """Also for weeks without a call; the oldest first."""
    counts = Counts(read)
    times: dict[str, Counter[int]] = {week: Counter() for week in weeks}
    for visit, number in await counts.visits([f"week:{week}" for week in weeks]):
        times[_week(visit)][visit.seconds] += number
    of: dict[str, list[tuple[Week, int]]] = {week: [] for week in weeks}
    for key, number in await counts.weeks(weeks[0]):
        if key.week in of:
            of[key.week].append((key, number))
    return tuple(_figures(week, of[week], times[week]) for week in weeks)


def _week(visit: Visit) -> str:
    return visit.tree.removeprefix("week:")


def _figures(week: str, counted: list[tuple[Week, int]], times: Mapping[int, int]) -> WeekFigures:
    endings, reasons, categories = Counter[str](), Counter[str](), Counter[str]()
    for key, number in counted:
        endings[key.ending] += number
        categories[key.category] += number
        if key.reason:
            reasons[key.reason] += number
    return WeekFigures(
        week=week,
        ended=endings.total(),
        resolved=endings["resolved"],
        reopened=sum(number for key, number in counted if key.reopened),
        escalated=endings["escalated"],
        abandoned=endings["abandoned"],
        handle_seconds=median(times),
        reasons=most_first(reasons),
        categories=most_first(categories),
    )


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
