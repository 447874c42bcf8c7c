"""A flow chart as whoever drew it left it: boxes, and ways between them. What it means as a flow is said elsewhere."""

import html
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from services.documents.pieces import UnreadableError

MAX_BYTES = 1024 * 1024
MAX_BOXES, MAX_WAYS, MAX_DEPTH = 1000, 4000, 40

Shape: TypeAlias = Literal["step", "question", "end", "value", "linked", "resolved", "escalate"]
"""`value` and `linked`: the last line of the text names the value that is asked for, or the flow that is walked."""


@dataclass(frozen=True, slots=True)
class Box:
    text: str
    """Its lines as they were drawn."""
    line: int
    shape: Shape = "step"
    made_up: str = ""
    """Why nobody has drawn it, in a sentence; empty where somebody has."""


@dataclass(frozen=True, slots=True)
class Way:
    start: str
    end: str
    label: str
    line: int


@dataclass(slots=True)
class Chart:
    """Boxes by their own ids, in the order in which they come up. Raises UnreadableError for more than can be meant."""

    title: str = ""
    summary: str = ""
    boxes: dict[str, Box] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    """What has no place in a flow: the line, and a sentence."""

    def put(self, box_id: str, box: Box) -> None:
        if box_id not in self.boxes and len(self.boxes) == MAX_BOXES:
            raise UnreadableError(box.line, f"more than {MAX_BOXES} boxes; split it up into several flows")
        self.boxes[box_id] = box

    def lead(self, way: Way) -> None:
        if len(self.ways) == MAX_WAYS:
            raise UnreadableError(way.line, f"more than {MAX_WAYS} lines between boxes; split it up into several flows")
        self.ways.append(way)


class Lines:
    """Which line a place in a text is on."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._breaks = [place for place, sign in enumerate(text) if sign == "\n"]
        self._first = first

    def at(self, place: int) -> int:
        return self._first + bisect_left(self._breaks, place)


_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ROW = re.compile(r"</(?:tr|p|div|li)\s*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|center|code|del|details|div|em|font|h[1-6]|hr|i|img|input|ins|kbd|label|li|mark|o|ol"
    r"|p|pre|q|s|samp|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|vr)"
    r"(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
"""Known ones only: somebody who writes `ping <server>` means a word to be filled in."""


def without_tags(text: str) -> str:
    """Words out of HTML, a line break for each `<br>` and at the end of each row."""
    text = _CELL.sub(" ", _ROW.sub("\n", _BREAK.sub("\n", text)))
    return html.unescape(_TAG.sub("", text))
