"""Groups of boxes. A flow has none: what leads to one leads to its first box, what leaves it leaves its last ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from services.documents.document import quoted
from services.flows.charts.chart import Box, Chart, Way
from services.flows.charts.ending import ending


@dataclass(slots=True)
class Group:
    title: str
    line: int
    boxes: dict[str, None] = field(default_factory=dict)
    """Ids in the order in which they come up, also of groups within it."""


def tell(chart: Chart, title: str, line: int) -> None:
    """Of its title nothing is left."""
    if title.strip():
        chart.left_out.append((line, f"a flow has no groups: the title {quoted(title.strip())} is left out"))


def dissolve(chart: Chart, groups: dict[str, Group]) -> None:
    """Has the ways from and to groups begin and end at boxes. A group with nothing in it is a box with its title."""
    for group_id in [each for each in groups if each in chart.boxes]:
        group = groups[group_id]
        inside = [*_inside(groups, group_id)]
        if not inside:
            chart.put(group_id, Box(group.title or group_id, group.line))
            continue
        del chart.boxes[group_id]
        within = {way.end for way in chart.ways if way.start in inside and way.start != way.end}
        first = next((each for each in inside if each not in within), inside[0])
        last, ways = _last(chart, inside), chart.ways
        chart.ways = []
        for way in ways:
            for each in _ways(way, group_id, first, last):
                chart.lead(each)
        told = (
            f"what leads to the group {quoted(group.title or group_id)} leads to its first box, what leaves it leaves"
        )
        chart.left_out.append((group.line, f"{told} the boxes that nothing else leaves"))


def _inside(groups: dict[str, Group], group_id: str) -> Iterator[str]:
    """Its boxes and those of groups within it."""
    seen, waiting = set[str](), [group_id]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in groups:
            waiting += reversed(groups[here].boxes)
        else:
            yield here


def _last(chart: Chart, inside: Sequence[str]) -> list[str]:
    """Those that lead nowhere and do not end the call; where there is none, the last one."""
    leaving = {way.start for way in chart.ways}
    open_ended = [each for each in inside if each not in leaving and each in chart.boxes]
    return [each for each in open_ended if ending(chart.boxes[each].text) is None] or [inside[-1]]


def _ways(way: Way, group_id: str, first: str, last: Sequence[str]) -> Iterator[Way]:
    end = first if way.end == group_id else way.end
    for start in last if way.start == group_id else [way.start]:
        yield replace(way, start=start, end=end)
