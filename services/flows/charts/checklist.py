"""Markdown checklists: steps one after another; what is indented below a question are its answers.

An item that ends in a question mark asks, and each item below it is an answer: `Yes: switch it on`, `If no, ...`,
`Amber -> call the vendor`, or simply `Amber`. What is indented below an answer is done then; afterwards the list goes
on behind the question, unless the last of it ends the call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from services.documents.document import quoted
from services.documents.pieces import UnreadableError
from services.flows.charts import mermaid
from services.flows.charts.chart import MAX_BOXES, MAX_DEPTH, Box, Chart, Way
from services.flows.charts.ending import asks, ending
from services.flows.charts.marks import plain

_ITEM = re.compile(r"[ ]*(?:[-*+]|(?P<number>\d{1,9})[.)])(?:[ ]+|$)")
_LETTERED = re.compile(r"[ ]+[a-z][.)][ ]+")
"""No list in Markdown, but one to whoever writes it below a numbered step."""
_TICK = re.compile(r"\[[ xX]\](?:[ ]+|$)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ ]+|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ ]*")
_FRONT = re.compile(r"---[ ]*\n(.*?\n)?(?:---|\.\.\.)[ ]*(?:\n|$)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ ]*(\S[^\n]*)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r" *(```+|~~~+)[ ]*(\w*)")
_YES_NO = re.compile(
    r"(?:if[ ]+)?(?:(?P<yes>yes|(?<=if )so|it does|it is)|(?P<no>no|(?<=if )not|otherwise|else))\b[ ,:;.>→–—=-]*",
    re.IGNORECASE,
)
_GO_ON = re.compile(
    r"(?:please )?(?:go on|go ahead|carry on|move on|continue|proceed|skip|next)(?:(?: on)?(?: to| with)?(?: the)? next"
    r"(?: step| item| question| one)?| below| on)?[.!]?",
    re.IGNORECASE,
)
_GO_TO = re.compile(
    r"(?:(?:please )?(?:go|skip|jump|move|continue|proceed|return|carry)\b[a-z ]{0,20}?|see |back to )"
    r"\b(?:step|item|question|number|no\.|#) ?#?(\d{1,9})[.!]?",
    re.IGNORECASE,
)
_PARTS = ("->", "→", "=>", ": ", " – ", " — ", " - ")
_LONGEST_LABEL = 60
_ENDING = ("solved?", "solved", "not solved")
_UNDRAWN = "the list ends here without an end of the call"


@dataclass(slots=True)
class _Item:
    text: str
    line: int
    indent: int
    number: str = ""
    """That stands before it; empty in a list without numbers."""
    below: list["_Item"] = field(default_factory=list)


def read(text: str) -> Chart:
    """The chart in a ```mermaid block where there is one, else that of the list. Raises UnreadableError."""
    text = "\n".join(text.expandtabs(4).splitlines())
    title = ""
    if front := _FRONT.match(text):
        found = _FRONT_TITLE.search(front[1] or "")
        title = "" if found is None else found[1].strip().strip("\"'")
        text = _blanked(front) + text[front.end() :]
    lines = _COMMENT.sub(_blanked, text).split("\n")
    drawn = [(number, fence) for number, line in enumerate(lines) if (fence := _FENCE.match(line)) and fence[2]]
    drawn = [(number, fence) for number, fence in drawn if fence[2].lower() == "mermaid"]
    if drawn:
        return _drawn(lines, *drawn[0], title)
    chart = _Reader().read(lines)
    chart.title = title or chart.title
    return chart


def _drawn(lines: Sequence[str], number: int, fence: re.Match[str], title: str) -> Chart:
    """The first chart of the page; that the rest is left out is told."""
    inside = lines[number + 1 :]
    ends = next((place for place, each in enumerate(inside) if each.strip().startswith(fence[1])), len(inside))
    chart = mermaid.read("\n".join(inside[:ends]), number + 2)
    heading = next((each for line in lines[:number] if (each := _HEADING.match(line))), None)
    chart.title = chart.title or title or (plain(heading.string[heading.end() :].rstrip("# ")) if heading else "")
    for place, line in [*enumerate(lines[:number], 1), *enumerate(inside[ends + 1 :], number + ends + 3)]:
        if _ITEM.match(line) or _FENCE.match(line):
            chart.left_out.append((place, f"only the page's first chart comes in: {quoted(line.strip())} is left out"))
    return chart


def _blanked(found: re.Match[str]) -> str:
    """Nothing, on as many lines."""
    return "\n" * found[0].count("\n")


class _Reader:
    def __init__(self) -> None:
        self._chart = Chart()
        self._items: list[_Item] = []
        self._number = 0
        self._open: list[_Item] = []
        """The item that the next line may belong to, and those around it."""
        self._numbered: dict[str, int] = {}
        """The lines of steps that others may go to."""
        self._asked: _Item | None = None
        """A question in the text right before a list, which may be that of its answers."""

    def read(self, lines: Sequence[str]) -> Chart:
        fence = ""
        after_blank = False
        for number, (line, below) in enumerate(zip_longest(lines, lines[1:], fillvalue=""), 1):
            fenced = _FENCE.match(line)
            if fenced and (not fence or (fenced[1].startswith(fence) and not fenced[2])):
                fence = "" if fence else fenced[1]
            elif fence:
                self._as_it_is(line) if self._open else self._left_out(number, line)
            elif words := _headed(line, below):
                self._line(number, words, after_blank=after_blank)
            else:
                after_blank = True
                continue
            after_blank = False
        if not self._items:
            raise UnreadableError(
                1, "there is no list in it; write steps as `- [ ] words`, answers indented below them"
            )
        self._numbered = {each.number: each.line for each in self._items if each.number}
        self._sequence(self._items, "")
        boxes = self._chart.boxes.items()
        self._chart.boxes = dict(sorted(boxes, key=lambda each: (each[0] in _ENDING, each[1].line)))
        return self._chart

    def _line(self, number: int, line: str, *, after_blank: bool) -> None:
        indent = len(line) - len(line.lstrip(" "))
        if heading := _HEADING.match(line):
            self._open.clear()
            words = plain(line[heading.end() :].rstrip("# "))
            if not self._chart.title and not self._items:
                self._chart.title = words
            else:
                self._chart.left_out.append((number, f"a flow has no headings: {quoted(words)} is left out"))
        elif item := _ITEM.match(line):
            if self._asked is not None and _YES_NO.match(_TICK.sub("", line[item.end() :], 1)):
                self._chart.summary = self._chart.summary if self._chart.summary != plain(self._asked.text) else ""
                self._add(self._asked)
            self._asked = None
            self._add(_Item(line[item.end() :], number, indent, item["number"] or ""))
        elif self._open and (lettered := _LETTERED.match(line)):
            self._add(_Item(line[lettered.end() :], number, indent))
        elif self._open and (not after_blank or indent > self._open[0].indent):
            self._continue(line)
        elif asks(line):
            self._open.clear()
            self._asked = _Item(line.strip(), number, -1)
            if not self._items and not self._chart.summary:
                self._chart.summary = plain(line)
        elif not self._items and not self._chart.summary:
            self._open.clear()
            self._chart.summary = plain(line)
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
        self._open[-1].text += f"\n{line.strip().lstrip('> ')}"

    def _as_it_is(self, line: str) -> None:
        """A line of a command or of what it says: no sign in it is a mark."""
        words = line.strip()
        code = f"`` {words} ``" if "`" in words else f"`{words}`"
        self._open[-1].text += f"\n{code if words else ''}"

    # From items to boxes: the last first, so that each knows where the next one is.

    def _sequence(self, items: Sequence[_Item], then: str) -> str:
        """The box that these begin with; `then` is where they lead to, empty for the end of the list."""
        for number, item in enumerate(reversed([each for each in items if not self._struck(each)])):
            then = self._box(item, then, last=number == 0)
        return then

    def _struck(self, item: _Item) -> bool:
        """Somebody has crossed it out."""
        struck = item.text.startswith("~~") and item.text.endswith("~~") and not item.below
        if struck:
            self._chart.left_out.append((item.line, f"it is crossed out and left out: {quoted(item.text.strip('~'))}"))
        return struck

    def _elsewhere(self, item: _Item, then: str) -> str | None:
        """Where it leads whose words only say where to go on; None where they say more."""
        words = plain(item.text)
        if item.below:
            return None
        if _GO_ON.fullmatch(words):
            return then
        step = _GO_TO.fullmatch(words)
        if step is None:
            return None
        if step[1] not in self._numbered:
            self._chart.left_out.append((item.line, f"there is no step {step[1]} to go to; the words are a step now"))
            return None
        return _id(self._numbered[step[1]])

    def _box(self, item: _Item, then: str, *, last: bool) -> str:
        box_id, text = _id(item.line), plain(item.text)
        if (elsewhere := self._elsewhere(item, then)) is not None:
            return elsewhere
        end = ending(text) if last and not item.below else None
        if end is not None:
            self._chart.put(box_id, Box(text, item.line, end))
            return box_id
        question = asks(text)
        self._chart.put(box_id, Box(text, item.line, "question" if question else "step"))
        if not question:
            self._lead(box_id, self._sequence(item.below, then), "", item.line)
            return box_id
        answers = [self._answer(each, then) for each in item.below if not self._struck(each)]
        for label, to, line in answers or [("Yes", then, item.line)]:
            self._lead(box_id, to, label, line)
        if len(answers) == 1:
            other = {"Yes": "No", "No": "Yes"}.get(answers[0][0], "Otherwise")
            self._lead(box_id, then, other, item.line)
        return box_id

    def _answer(self, item: _Item, then: str) -> tuple[str, str, int]:
        """Its label, where it leads, its line."""
        first, _, more = item.text.partition("\n")
        label, todo = _parted(plain(first))
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


def _headed(line: str, below: str) -> str:
    """As if a heading that is underlined began with #; empty where nothing but such a line stands there."""
    words = line.strip()
    if not words or _UNDERLINE.fullmatch(line):
        return ""
    underlined = line[:4].strip() and _UNDERLINE.fullmatch(below)
    return f"# {words}" if underlined and not _ITEM.match(line) and words[0] not in "#>|`~" else line


def _id(line: int) -> str:
    return f"line {line}"


def _parted(text: str) -> tuple[str, str]:
    """The label of an answer, and what is to be done then."""
    if yes_no := _YES_NO.match(text):
        return "Yes" if yes_no["yes"] else "No", text[yes_no.end() :]
    for part in _PARTS:
        label, found, todo = text.partition(part)
        if found and label.strip() and len(label) <= _LONGEST_LABEL:
            return label.strip(), todo.strip()
    return text.rstrip(":"), ""
