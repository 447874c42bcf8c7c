"""Markdown checklists: steps one after another; what is indented below a question are its answers.

An item that ends in a question mark asks, and each item below it is an answer: `Yes: switch it on`, `If no, ...`,
`Amber -> call the vendor`, or simply `Amber`. What is indented below an answer is done then; afterwards the list goes
on behind the question, unless the last of it ends the call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.documents.document import quoted
from services.documents.pieces import UnreadableError
from services.flows.charts import mermaid
from services.flows.charts.chart import MAX_BOXES, MAX_DEPTH, Box, Chart, Way, without_tags
from services.flows.charts.ending import ending

_ITEM = re.compile(r"[ ]*(?:[-*+]|\d{1,9}[.)])(?:[ ]+|$)")
_TICK = re.compile(r"\[[ xX]\](?:[ ]+|$)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ ]+|$)")
_FENCE = re.compile(r" *(```+|~~~+)[ ]*(\w*)")
_YES_NO = re.compile(r"(?:if[ ]+)?(yes|no)\b[ ,:;.>→–—=-]*", re.IGNORECASE)
_PARTS = ("->", "→", "=>", ": ", " – ", " — ", " - ")
_LONGEST_LABEL = 60
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\s]*+)[^()\n]*\)")
_MARKS = re.compile(r"\*\*|__|`|(?<![^\W_])[*_](?=\S)|(?<=\S)[*_](?![^\W_])")
_UNDRAWN = "the list ends here without an end of the call"


@dataclass(slots=True)
class _Item:
    text: str
    line: int
    indent: int
    below: list["_Item"] = field(default_factory=list)


def read(text: str) -> Chart:
    """The chart in a ```mermaid block where there is one, else that of the list. Raises UnreadableError."""
    lines = text.expandtabs(4).splitlines()
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence and fence[2].lower() == "mermaid":
            inside = lines[number + 1 :]
            ends = (place for place, each in enumerate(inside) if each.strip().startswith(fence[1]))
            return mermaid.read("\n".join(inside[: next(ends, len(inside))]), number + 2)
    return _Reader().read(lines)


class _Reader:
    def __init__(self) -> None:
        self._chart = Chart()
        self._items: list[_Item] = []
        self._number = 0
        self._open: list[_Item] = []
        """The item that the next line may belong to, and those around it."""

    def read(self, lines: Sequence[str]) -> Chart:
        fence = ""
        after_blank = False
        for number, line in enumerate(lines, 1):
            fenced = _FENCE.match(line)
            if fence or fenced:
                self._left_out(number, line) if not self._open else self._continue(line)
                closes = fence and fenced and fenced[1].startswith(fence) and not fenced[2]
                fence = "" if closes else fence or (fenced[1] if fenced else "")
            elif not line.strip():
                after_blank = True
                continue
            else:
                self._line(number, line, after_blank=after_blank)
            after_blank = False
        if not self._items:
            raise UnreadableError(
                1, "there is no list in it; write steps as `- [ ] words`, answers indented below them"
            )
        self._sequence(self._items, "")
        return self._chart

    def _line(self, number: int, line: str, *, after_blank: bool) -> None:
        indent = len(line) - len(line.lstrip(" "))
        if heading := _HEADING.match(line):
            self._open.clear()
            words = _plain(line[heading.end() :].rstrip("# "))
            if not self._chart.title and not self._items:
                self._chart.title = words
            else:
                self._chart.left_out.append((number, f"a flow has no headings: {quoted(words)} is left out"))
        elif item := _ITEM.match(line):
            self._add(_Item(line[item.end() :], number, indent))
        elif self._open and (not after_blank or indent > self._open[0].indent):
            self._continue(line)
        elif not self._items and not self._chart.summary:
            self._open.clear()
            self._chart.summary = _plain(line)
        else:
            self._open.clear()
            self._left_out(number, line)

    def _left_out(self, number: int, line: str) -> None:
        if line.strip().strip("-*_`~"):
            self._chart.left_out.append((number, f"this belongs to no step and is left out: {quoted(line.strip())}"))

    def _add(self, item: _Item) -> None:
        if tick := _TICK.match(item.text):
            item.text = item.text[tick.end() :]
        while self._open and self._open[-1].indent >= item.indent:
            self._open.pop()
        self._number += 1
        if self._number > MAX_BOXES:
            raise UnreadableError(item.line, f"more than {MAX_BOXES} items; split it up into several flows")
        if len(self._open) == MAX_DEPTH:
            raise UnreadableError(item.line, f"lists within lists, more than {MAX_DEPTH} deep")
        (self._open[-1].below if self._open else self._items).append(item)
        self._open.append(item)

    def _continue(self, line: str) -> None:
        self._open[-1].text += f"\n{line.strip()}"

    # From items to boxes: the last first, so that each knows where the next one is.

    def _sequence(self, items: Sequence[_Item], then: str) -> str:
        """The box that these begin with; `then` is where they lead to, empty for the end of the list."""
        for number, item in enumerate(reversed(items)):
            then = self._box(item, then, last=number == 0)
        return then

    def _box(self, item: _Item, then: str, *, last: bool) -> str:
        box_id, text = f"{item.line}:{item.indent}:{len(self._chart.boxes)}", _plain(item.text)
        end = ending(text) if last and not item.below else None
        if end is not None:
            self._chart.put(box_id, Box(text, item.line, end))
            return box_id
        asks = text.endswith("?")
        self._chart.put(box_id, Box(text, item.line, "question" if asks else "step"))
        if not asks:
            self._lead(box_id, self._sequence(item.below, then), "", item.line)
            return box_id
        answers = [self._answer(each, then) for each in item.below]
        for label, to, line in answers or [("Yes", then, item.line)]:
            self._lead(box_id, to, label, line)
        if len(answers) == 1:
            other = {"Yes": "No", "No": "Yes"}.get(answers[0][0], "Otherwise")
            self._lead(box_id, then, other, item.line)
        return box_id

    def _answer(self, item: _Item, then: str) -> tuple[str, str, int]:
        """Its label, where it leads, its line."""
        first, _, more = item.text.partition("\n")
        label, todo = _parted(_plain(first))
        words = f"{todo}\n{more}".strip()
        steps = [_Item(words, item.line, item.indent), *item.below] if words else item.below
        return label, self._sequence(steps, then), item.line

    def _lead(self, start: str, end: str, label: str, line: int) -> None:
        self._chart.lead(Way(start, end or self._solved(line), label, line))

    def _solved(self, line: int) -> str:
        """What a list that goes no further is asked: its end says nothing of how the call ended."""
        if "solved?" not in self._chart.boxes:
            self._chart.put("solved?", Box("Is it solved?", line, "question", made_up=_UNDRAWN))
            self._chart.put("solved", Box("It is solved.", line, "resolved"))
            self._chart.put("not solved", Box("Pass it on: the checklist did not help.", line, "escalate"))
            self._chart.lead(Way("solved?", "solved", "Yes", line))
            self._chart.lead(Way("solved?", "not solved", "No", line))
        return "solved?"


def _parted(text: str) -> tuple[str, str]:
    """The label of an answer, and what is to be done then."""
    if yes_no := _YES_NO.match(text):
        return yes_no[1].capitalize(), text[yes_no.end() :]
    for part in _PARTS:
        label, found, todo = text.partition(part)
        if found and label.strip() and len(label) <= _LONGEST_LABEL:
            return label.strip(), todo.strip()
    return text.rstrip(":"), ""


def _plain(text: str) -> str:
    """Words without their marks."""
    return without_tags(_MARKS.sub("", _LINK.sub(_linked, text))).strip()


def _linked(found: re.Match[str]) -> str:
    words, address = found[1], found[2]
    return words if not address or address == words else f"{words} ({address})" if words else address
