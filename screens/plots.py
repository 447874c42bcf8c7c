"""Plots of plain characters."""

from collections.abc import Sequence

_HEIGHTS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"


def curve(values: Sequence[float | None], *, highest: float | None = None) -> str:
    """A column for each value, from 0 to `highest`, else to the highest of them; a dot where there is none."""
    top = highest or max((value for value in values if value is not None), default=0) or 1
    return "".join(_NOTHING if value is None else _HEIGHTS[_step(value, top)] for value in values)


def _step(value: float, top: float) -> int:
    return min(len(_HEIGHTS) - 1, int(value / top * len(_HEIGHTS)))


def bar(number: float, highest: float, width: int) -> str:
    """As long as its share of the highest, which is `width` long; what is there at all has one cell."""
    return "█" * max(1, round(number / highest * width)) if number > 0 else ""
