"""A flow as a picture (SVG): steps from top to bottom, each in a row below all that lead to it, answers on the lines.

The layout is the usual one for such graphs (K. Sugiyama, S. Tagawa, M. Toda, 1981): rows by the longest way from the
start, a place in every row that a long line passes, the order within a row by the middle of the neighbours.
"""

import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from xml.sax.saxutils import escape, quoteattr

from services.flows.graph import kind, ways
from services.flows.nodes import Flow, Input, Link, Node

_LETTER, _LINE, _WRAP, _LABEL_WRAP = 7.0, 17, 30, 22
_GAP, _MARGIN = 28, 24
_PADDING = 12
_NEAR = 0.6
"""How far down its line an answer stands: nearer to where it leads, where the lines of one question are apart."""
_SWEEPS = 8

_COLOURS = {
    "question": ("#eef4ff", "#3b6fb6"),
    "act": ("#f7f7f2", "#77776a"),
    "gate": ("#fff4dd", "#b7791f"),
    "confirm": ("#fff4dd", "#b45309"),
    "resolved": ("#e6f6ea", "#2f855a"),
    "escalate": ("#fdeaea", "#c53030"),
}
"""Fill and stroke; what a step is, its shape says too."""


@dataclass
class _Place:
    """A box, or the place where a line passes a row."""

    row: int
    lines: tuple[str, ...] = ()
    kind: str = ""
    x: float = 0.0
    """Of its middle."""
    y: float = 0.0
    """Of its top."""
    passes: float = 0.0
    """How tall the row is that a line passes here."""
    above: list["_Place"] = field(default_factory=list)
    below: list["_Place"] = field(default_factory=list)

    @property
    def width(self) -> float:
        return max((len(line) for line in self.lines), default=0) * _LETTER + 2 * _PADDING if self.lines else 6.0

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PADDING if self.lines else self.passes


@dataclass
class _Way:
    """From a box to another, by way of the rows between."""

    labels: tuple[str, ...]
    """The answers that lead there."""
    places: list[_Place]
    back: bool = False
    """It leads to a row above, or to the same."""


def svg(flow: Flow) -> str:
    """The same text for the same flow."""
    boxes, found = _boxes(flow)
    rows = _rows(boxes, found)
    _order(rows)
    width = _across(rows)
    height = _down(rows, 44 + 15 * max((len(way.labels) for way in found), default=0))
    drawn = [_way(way) for way in found] + [_box(box) for box in boxes.values()] + [_label(way) for way in found]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label={quoteattr(_clean(flow.title))}>',
            "<style>text{font:13px system-ui,sans-serif;fill:#1a202c}.way{fill:none;stroke:#5a6473}"
            "text.label{font-size:12px;fill:#39424e}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0 0L8 4L0 8z" fill="#5a6473"/></marker></defs>',
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
            *filter(None, drawn),
            "</svg>",
            "",
        ]
    )


def _boxes(flow: Flow) -> tuple[dict[str, _Place], list[_Way]]:
    depth = _depths(flow)
    boxes = {key: _Place(row, _words(flow.nodes[key]), kind(flow.nodes[key])) for key, row in depth.items()}
    found = []
    for key in depth:
        labels: dict[str, list[str]] = defaultdict(list)
        for label, to in ways(flow.nodes[key]):
            labels[to].append(label)
        for to in filter(boxes.__contains__, labels):
            found.append(_Way(tuple(filter(None, labels[to])), [boxes[key], boxes[to]], back=depth[to] <= depth[key]))
    return boxes, found


def _depths(flow: Flow) -> dict[str, int]:
    """The row of every node that can be reached: one below the lowest that leads to it, loops left out."""
    order: list[str] = []
    state: dict[str, bool] = {}
    forward: dict[str, list[str]] = defaultdict(list)
    stack = [(flow.start, iter([to for _, to in ways(flow.nodes[flow.start])]))]
    state[flow.start] = True
    while stack:
        key, left = stack[-1]
        to = next(left, None)
        if to is None:
            stack.pop()
            state[key] = False
            order.append(key)
        elif to in flow.nodes and not state.get(to, False):
            forward[key].append(to)
            if to not in state:
                state[to] = True
                stack.append((to, iter([next_to for _, next_to in ways(flow.nodes[to])])))
    depth = {key: 0 for key in reversed(order)}
    for key in reversed(order):
        for to in forward[key]:
            depth[to] = max(depth[to], depth[key] + 1)
    return depth


def _rows(boxes: dict[str, _Place], found: list[_Way]) -> list[list[_Place]]:
    rows: list[list[_Place]] = [[] for _ in range(1 + max(box.row for box in boxes.values()))]
    for box in boxes.values():
        rows[box.row].append(box)
    for way in found:
        if way.back:
            continue
        start, end = way.places
        between = [_Place(row) for row in range(start.row + 1, end.row)]
        for place in between:
            rows[place.row].append(place)
        way.places = [start, *between, end]
        for upper, lower in pairwise(way.places):
            upper.below.append(lower)
            lower.above.append(upper)
    return rows


def _order(rows: list[list[_Place]]) -> None:
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else reversed(rows):
            at = {id(place): number for other in rows for number, place in enumerate(other)}
            row.sort(key=lambda place: _middle(place, at, downwards=downwards))


def _middle(place: _Place, at: dict[int, int], *, downwards: bool) -> float:
    neighbours = place.above if downwards else place.below
    return fmean(at[id(each)] for each in neighbours) if neighbours else float(at[id(place)])


def _across(rows: list[list[_Place]]) -> float:
    """Gives every place its x, and the picture its width."""
    for row in rows:
        _apart(row, [0.0] * len(row))
    for sweep in range(_SWEEPS * 2):
        downwards = sweep % 2 == 0
        for row in rows if downwards else list(reversed(rows)):
            wanted = []
            for place in row:
                neighbours = place.above if downwards else place.below
                wanted.append(fmean(each.x for each in neighbours) if neighbours else place.x)
            _apart(row, wanted)
    left = min(place.x - place.width / 2 for row in rows for place in row)
    for place in (place for row in rows for place in row):
        place.x += _MARGIN - left
    return max(place.x + place.width / 2 for row in rows for place in row) + 3 * _MARGIN


def _apart(row: list[_Place], wanted: list[float]) -> None:
    """As near to where they want to be as their neighbours in the row let them."""
    for place, x in zip(row, wanted, strict=True):
        place.x = x
    for left, right in pairwise(row):
        right.x = max(right.x, left.x + (left.width + right.width) / 2 + _GAP)
    over = fmean(place.x - x for place, x in zip(row, wanted, strict=True)) if row else 0.0
    for place in row:
        place.x -= over


def _down(rows: list[list[_Place]], gap: float) -> float:
    """Gives every place its y, `gap` between the rows, and the picture its height."""
    y = float(_MARGIN)
    for row in rows:
        tall = max(place.height for place in row)
        for place in row:
            place.passes = tall
            place.y = y + (tall - place.height) / 2
        y += tall + gap
    return y - gap + _MARGIN


def _way(way: _Way) -> str:
    start, end = way.places[0], way.places[-1]
    if way.back:
        right = max(start.x + start.width / 2, end.x + end.width / 2) + _GAP
        a, b = start.y + start.height / 2, end.y + end.height / 2
        path = (
            f"M{start.x + start.width / 2:.1f} {a:.1f}C{right:.1f} {a:.1f} {right:.1f} {b:.1f} "
            f"{end.x + end.width / 2:.1f} {b:.1f}"
        )
        return f'<path class="way" stroke-dasharray="5 4" marker-end="url(#tip)" d="{path}"/>'
    path = f"M{start.x:.1f} {start.y + start.height:.1f}"
    for upper, lower in pairwise(way.places):
        a, b = upper.y + upper.height, lower.y
        bend = (b - a) / 2
        path += f"C{upper.x:.1f} {a + bend:.1f} {lower.x:.1f} {b - bend:.1f} {lower.x:.1f} {b:.1f}"
        path += f"V{lower.y + lower.height:.1f}" if lower is not end else ""
    return f'<path class="way" marker-end="url(#tip)" d="{path}"/>'


def _label(way: _Way) -> str:
    labels = [textwrap.shorten(_clean(each), _LABEL_WRAP, placeholder="…") or "…" for each in way.labels]
    if not labels:
        return ""
    first, second = way.places[0], way.places[1]
    wide, tall = max(map(len, labels)) * 6.4 + 6, len(labels) * 15 + 2
    if way.back:
        x, y = first.x + first.width / 2 + wide / 2 + 4, first.y + first.height / 2 - tall / 2
    else:
        top, bottom = first.y + first.height, second.y
        x = first.x + (second.x - first.x) * (3 * _NEAR**2 - 2 * _NEAR**3)
        y = top * (1 - _NEAR) ** 3 + 1.5 * (top + bottom) * _NEAR * (1 - _NEAR) + bottom * _NEAR**3
    lines = "".join(
        f'<tspan x="{x:.1f}" y="{y - tall / 2 + 13 + number * 15:.1f}">{escape(label)}</tspan>'
        for number, label in enumerate(labels)
    )
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - tall / 2:.1f}" width="{wide:.1f}" height="{tall}" fill="#fff" '
        f'opacity="0.9"/><text class="label" text-anchor="middle">{lines}</text>'
    )


def _box(box: _Place) -> str:
    fill, stroke = _COLOURS[box.kind]
    round_ = {"question": 10, "resolved": 20, "escalate": 20}.get(box.kind, 2)
    dashes = ' stroke-dasharray="5 3"' if box.kind == "confirm" else ""
    x, wide = box.x - box.width / 2, 2.5 if box.kind == "gate" else 1.3
    lines = "".join(
        f'<tspan x="{box.x:.1f}" y="{box.y + _PADDING + 13 + number * _LINE:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(box.lines)
    )
    return (
        f'<rect x="{x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{round_}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{wide}"{dashes}/><text text-anchor="middle">{lines}</text>'
    )


def _words(node: Node) -> tuple[str, ...]:
    texts = [node.text]
    if isinstance(node, Input):
        texts.append(f"[ {node.name} ]")
    elif isinstance(node, Link):
        texts.append(f"→ {node.flow}")
    lines = [line for text in texts for line in textwrap.wrap(_clean(text), _WRAP, break_on_hyphens=False)]
    return tuple(lines) or ("…",)


def _clean(text: str) -> str:
    """What can be seen, in characters that XML takes."""
    return "".join(each if each.isprintable() else " " for each in text)
