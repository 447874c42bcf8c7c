"""How the account is doing, week by week, in plots of plain characters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.beside import spent
from screens.layout import Cell
from screens.page import Desk, Page
from screens.plots import bar, curve
from screens.text import line
from services.team.keys import label

if TYPE_CHECKING:
    from services.stats import Lately, Stats
    from services.stats.weeks import WeekFigures

RANGES = (4, 12, 26, 52)
"""Weeks."""
_LABEL, _BAR = 32, 24
_MOST = 12
"""Lines of one plot."""
_MORE_SECONDS = 1.0
"""Until it is looked again, where calls are still to be counted: another terminal may have them in hand."""


class StatsScreen(Page[None]):
    CSS_PATH = "stats.tcss"
    BINDINGS = bindings("stats")
    AUTO_FOCUS = "#figures"

    def __init__(self, desk: Desk, stats: "Stats") -> None:
        super().__init__(desk)
        self._stats = stats
        self._weeks = RANGES[1]
        self._text = Static(id="told")

    def content(self) -> Iterable[Widget]:
        yield VerticalScroll(self._text, id="figures")

    def on_mount(self) -> None:
        self._title()
        self._text.update(Content.styled("Counting", "$text-muted"))

    def _title(self) -> None:
        self.title_bar.show(
            Content("Figures"), Cell(Content(f"{self._weeks} weeks"), 10, right=True), self.badge
        )  # fmt: skip

    def reload(self) -> None:
        self.load("stats", self._read, self._show)

    async def _read(self) -> "Lately":
        return await self._stats.lately(self.desk.actor, self._weeks)

    def _show(self, figures: "Lately") -> None:
        self._text.update(Content("\n").join(told(figures)))
        if figures.uncounted:
            self.notice.ask(f"{figures.uncounted} older calls are still being counted")
            self.set_timer(_MORE_SECONDS, self.reload)
        else:
            self.notice.clear()

    def action_weeks(self) -> None:
        """The next longer range, and after the longest the shortest."""
        self._weeks = RANGES[(RANGES.index(self._weeks) + 1) % len(RANGES)]
        self._title()
        self.reload()


def told(figures: "Lately") -> Iterable[Content]:
    """Line by line."""
    weeks, together = figures.weeks, figures.in_weeks
    if not together.ended:
        yield Content("No call has ended in these weeks.")
        return
    yield from _curves(weeks, together)
    yield Content.styled(f"{'':{_LABEL}}{weeks[0].week} to this week, a column each", "$text-muted")
    yield from _plot("Escalated because", {label(key): number for key, number in together.reasons.items()})
    yield from _plot(
        "Escalated, by what it was about",
        {key.replace("_", " ") or "not known": each.escalated for key, each in together.categories.items()},
    )
    yield from _table(weeks)
    if figures.escalations:
        again = f", {figures.came_back} of them under way again" if figures.came_back else ""
        yield _heading(f"Escalated since the beginning: {figures.escalations}{again}")
    for each in figures.escalations_by_node[:_MOST]:
        flow = Content.styled(f"{line(each.flow or each.node or 'no flow').truncate(24, ellipsis=True).plain:{_LABEL}}")
        yield Content.assemble(flow, f"{each.count:>6}  ", line(each.text))


def _curves(weeks: "Sequence[WeekFigures]", together: "WeekFigures") -> Iterable[Content]:
    rates = [each.first_call_resolution for each in weeks]
    rate = together.first_call_resolution
    yield _curve("Resolved on first call", "-" if rate is None else f"{rate:.0%}", curve(rates, highest=1))
    yield _curve("  reopened in 30 days", str(together.reopened), curve([each.reopened for each in weeks]))
    times = [each.handle_seconds for each in weeks]
    took = "-" if together.handle_seconds is None else spent(together.handle_seconds)
    yield _curve("Handle time, median", took, curve(times))
    yield _curve("Ended", str(together.ended), curve([each.ended for each in weeks]))
    yield _curve("Escalated", str(together.escalated), curve([each.escalated for each in weeks]))
    yield _curve("Abandoned", str(together.abandoned), curve([each.abandoned for each in weeks]))


def _curve(name: str, number: str, plotted: str) -> Content:
    return Content.assemble(f"{name:{_LABEL}}", (f"{number:>6}", "bold"), "  ", (plotted, "$text-accent"))


def _plot(heading: str, numbers: Mapping[str, int]) -> Iterable[Content]:
    shown = [(name, number) for name, number in sorted(numbers.items(), key=lambda each: -each[1]) if number]
    if shown:
        yield _heading(heading)
    for name, number in shown[:_MOST]:
        named = line(name).truncate(_LABEL - 2, ellipsis=True).plain
        drawn = bar(number, shown[0][1], _BAR)
        yield Content.assemble(f"{named:{_LABEL}}{number:>6}  ", (drawn, "$text-accent"))


def _table(weeks: "Sequence[WeekFigures]") -> Iterable[Content]:
    """The newest week first."""
    yield _heading("Week of        ended  first call  reopened  escalated  abandoned  median")
    for each in reversed(weeks):
        rate = "-" if each.first_call_resolution is None else f"{each.first_call_resolution:.0%}"
        took = "-" if each.handle_seconds is None else spent(each.handle_seconds)
        yield Content(
            f"{each.week:<13}{each.ended:>7}{rate:>12}{each.reopened:>10}{each.escalated:>11}{each.abandoned:>11}{took:>8}"
        )


def _heading(text: str) -> Content:
    return Content.assemble("\n", (text, "bold underline"))
