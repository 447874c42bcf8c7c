"""Mermaid flow charts: boxes in their shapes, chains of arrows, labels on them. Looks are left out."""

import html
import re
from dataclasses import replace

from services.documents.document import quoted
from services.documents.pieces import UnreadableError
from services.flows.charts.chart import MAX_BOXES, MAX_DEPTH, Box, Chart, Lines, Shape, Way, without_tags
from services.flows.charts.groups import Group, dissolve, tell

_SPACE = re.compile(r"[ \t\r]*")
_ENDS = re.compile(r"(?:[ \t\r\n;]|%%[^\n]*)*")
_TO_THE_END = re.compile(r"[^\n]*")
_HEADER = re.compile(r"(?:flowchart(?:-elk)?|graph)(?:[ \t]+(?:TB|TD|BT|LR|RL|[<>^v]))?[ \t\r]*(?=[;\n]|%%|$)")
_FRONT = re.compile(r"\s*---[ \t\r]*\n(.*?\n)?---[ \t\r]*(?:\n|$)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_LOOKS = re.compile(r"(?:direction|classDef|style|linkStyle|accTitle|accDescr)\b")
_TOLD_TO_THE_BLIND = re.compile(r"accDescr[ \t]*\{[^{}]*\}")
_GROUP = re.compile(
    r"subgraph\b[ \t]*(?:(\w[\w.-]*)[ \t]*(?=[\[;\r\n]|%%|$))?(?:\[([^\n]*?)\][ \t\r]*(?=[;\n]|%%|$)|([^;\n]*))"
)
_GROUP_ENDS = re.compile(r"end[ \t\r]*(?=[;\n]|%%|$)")
_CLICK = re.compile(r"click\b[^\n\"]*(?:\"([^\n\"]*)\")?[^\n]*")
_CLASS = re.compile(r"class[ \t]+([^;\n]*)")
_ID = re.compile(r"\w(?:[\w.]|-(?=\w))*")
_CLASSES = re.compile(r":::([\w-]+)")
_TOLD = re.compile(r'@\{((?:[^"{}]|"[^"]*")*)\}')
_TOLD_LABEL = re.compile(r'label:[ \t]*(?:"([^"]*)"|\'([^\']*)\'|([^",}\n]+))')
_TOLD_SHAPE = re.compile(r"shape:[ \t]*([\w-]+)")
_ARROW = re.compile(r"(?:(?P<name>\w+)@)?[<xo]?(?:--+[-xo>]|==+[=xo>]|-\.+-[xo>]?|(?P<unseen>~~~+))")
_WORDED = re.compile(r"(?:(?P<name>\w+)@)?[<xo]?(?:(?P<thin>--)|(?P<thick>==)|(-\.))")
_CLOSES = (re.compile(r"--+[-xo>]"), re.compile(r"==+[=xo>]"), re.compile(r"\.+-[xo>]?"))
_ON_IT = re.compile(r'\|[ \t]*(?:"([^"]*)"|([^|"\n]*))[ \t]*\|')

_BRACKETS: tuple[tuple[str, tuple[str, ...], Shape], ...] = (
    ("(((", (")))",), "end"),
    ("((", ("))",), "end"),
    ("([", ("])",), "end"),
    ("(", (")",), "step"),
    ("[[", ("]]",), "linked"),
    ("[(", (")]",), "step"),
    ("[/", ("/]", "\\]"), "value"),
    ("[\\", ("\\]", "/]"), "step"),
    ("[", ("]",), "step"),
    ("{{", ("}}",), "question"),
    ("{", ("}",), "question"),
    (">", ("]",), "step"),
)
_NAMED: dict[str, Shape] = {
    **dict.fromkeys(("diam", "decision", "diamond", "question", "hex", "hexagon", "prepare"), "question"),
    **dict.fromkeys(("stadium", "terminal", "pill", "circle", "circ", "dbl-circ", "double-circle", "stop"), "end"),
}
_BY_CLASS: dict[str, Shape] = {"resolved": "resolved", "escalate": "escalate"}


def read(text: str, first_line: int = 1) -> Chart:
    """Raises UnreadableError with the line from which on it is none."""
    return _Reader(text, first_line).read()


class _Reader:
    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._at = 0
        self._lines = Lines(text, first_line)
        self._chart = Chart()
        self._groups: dict[str, Group] = {}
        self._open: list[Group] = []
        """Groups that have begun, the innermost last."""
        self._grouped: set[str] = set()
        """A box belongs to the group that names it first."""
        self._arrows: set[str] = set()
        """Names of arrows; what is said of one is its looks."""

    def read(self) -> Chart:
        if front := _FRONT.match(self._text):
            self._at = front.end()
            if title := _TITLE.search(front[1] or ""):
                self._chart.title = title[1].strip().strip("\"'")
        self._skip(_ENDS)
        if not self._skip(_HEADER):
            begins = "a flow chart begins with `flowchart` or `graph` and a direction, such as `flowchart TD`"
            raise self._wrong(f"{begins}; this begins with {quoted(self._rest())}" if self._rest() else begins)
        self._skip(_ENDS)
        while self._at < len(self._text):
            self._statement()
            before = self._at
            self._skip(_ENDS)
            if self._at == before and self._at < len(self._text):
                raise self._wrong(f"this is not understood: {quoted(self._rest())}; one arrow or box a line")
        dissolve(self._chart, self._groups)
        return self._chart

    def _statement(self) -> None:
        line = self._lines.at(self._at)
        if self._skip(_TOLD_TO_THE_BLIND):
            return
        if _LOOKS.match(self._text, self._at):
            self._skip(_TO_THE_END)
        elif group := self._skip(_GROUP):
            self._group_begins(group, line)
        elif self._skip(_GROUP_ENDS):
            if self._open:
                self._open.pop()
        elif click := self._skip(_CLICK):
            if click[1] and "://" in click[1]:
                self._chart.left_out.append((line, f"a flow has no links on its boxes: {quoted(click[1])} is left out"))
        elif classes := self._skip(_CLASS):
            *boxes, name = classes[1].replace(",", " ").split() or [""]
            for box_id in boxes:
                self._classed(box_id, name)
        else:
            self._chain()

    def _group_begins(self, found: re.Match[str], line: int) -> None:
        written = _words((found[2] if found[2] is not None else found[3]).strip().strip('"'))
        group_id = found[1] or written
        if len(self._open) == MAX_DEPTH:
            raise self._wrong(f"groups within groups, more than {MAX_DEPTH} deep; split it up into several flows")
        if len(self._groups) == MAX_BOXES:
            raise self._wrong(f"more than {MAX_BOXES} groups; split it up into several flows")
        group = self._groups.setdefault(group_id, Group(written or group_id, line))
        if self._open:
            self._open[-1].boxes[group_id] = None
        self._open.append(group)
        tell(self._chart, written, line)

    def _chain(self) -> None:
        here = self._together()
        while (label := self._arrow()) is not None:
            line = self._lines.at(self._at)
            there = self._together()
            if label != "~":
                for start in here:
                    for end in there:
                        self._chart.lead(Way(start, end, _words(label), line))
            here = there

    def _together(self) -> list[str]:
        found = [self._box()]
        self._skip(_SPACE)
        while self._text.startswith("&", self._at):
            self._at += 1
            found.append(self._box())
            self._skip(_SPACE)
        return found

    def _box(self) -> str:
        self._skip(_SPACE)
        line = self._lines.at(self._at)
        named = self._skip(_ID)
        if named is None:
            raise self._wrong(f"a box belongs here: {quoted(self._rest())}; write its name, such as A or A[words]")
        box_id = named[0]
        if box_id in self._arrows and self._skip(_TOLD):
            return box_id
        drawn = self._drawn(line)
        if drawn is not None:
            self._chart.put(box_id, drawn)
        elif box_id not in self._chart.boxes:
            self._chart.put(box_id, Box(box_id, line))
        if self._open and box_id not in self._grouped:
            self._grouped.add(box_id)
            self._open[-1].boxes[box_id] = None
        while classed := self._skip(_CLASSES):
            self._classed(box_id, classed[1])
        return box_id

    def _drawn(self, line: int) -> Box | None:
        """What stands in brackets behind the name."""
        if told := self._skip(_TOLD):
            label, named = _TOLD_LABEL.search(told[1]), _TOLD_SHAPE.search(told[1])
            words = (label[1] or label[2] or label[3] or "") if label else ""
            return Box(_words(words), line, _NAMED.get(named[1], "step") if named else "step") if words else None
        for opens, closes, shape in _BRACKETS:
            if self._text.startswith(opens, self._at):
                self._at += len(opens)
                return Box(_words(self._within(closes)), line, shape)
        return None

    def _within(self, closes: tuple[str, ...]) -> str:
        begun = self._at
        self._skip(_SPACE)
        if self._text.startswith('"', self._at):
            end = self._text.find('"', self._at + 1)
            if end < 0:
                raise self._wrong("a quote that was opened is never closed; close it")
            words, self._at = self._text[self._at + 1 : end], end + 1
            self._skip(_SPACE)
            close = self._at if self._text.startswith(closes, self._at) else -1
        else:
            ends = [self._text.find(each, begun, self._end_of_line()) for each in closes]
            close = min((end for end in ends if end >= 0), default=-1)
            words = self._text[begun:close]
        if close < 0:
            raise self._wrong(f"a box is opened and not closed; {closes[0]} is missing")
        self._at = close + len(closes[0])
        return words

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _arrow(self) -> str | None:
        """The words on the arrow that stands here; `~` for one that is not seen, None where there is none."""
        self._skip(_SPACE)
        if plain := self._skip(_ARROW):
            self._skip(_SPACE)
            on_it = self._skip(_ON_IT)
            self._named(plain)
            if plain["unseen"]:
                return "~"
            return "" if on_it is None else on_it[1] or on_it[2] or ""
        if (worded := self._skip(_WORDED)) is None:
            return None
        self._named(worded)
        closing = _CLOSES[0 if worded["thin"] else 1 if worded["thick"] else 2]
        close = closing.search(self._text, self._at, self._end_of_line())
        if close is None:
            raise self._wrong("the words on this arrow never end; write -- words --> or -->|words|")
        words = self._text[self._at : close.start()].strip()
        self._at = close.end()
        return words.strip('"')

    def _named(self, arrow: re.Match[str]) -> None:
        if arrow["name"]:
            self._arrows.add(arrow["name"])

    def _classed(self, box_id: str, name: str) -> None:
        box = self._chart.boxes.get(box_id)
        if box is not None and name == "stub":
            self._chart.put(box_id, replace(box, made_up="this was a stub when it was drawn"))
        elif box is not None and name in _BY_CLASS:
            self._chart.put(box_id, replace(box, shape=_BY_CLASS[name]))

    def _skip(self, what: re.Pattern[str]) -> re.Match[str] | None:
        found = what.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _rest(self) -> str:
        return self._text[self._at : self._at + 80].partition("\n")[0]

    def _wrong(self, says: str) -> UnreadableError:
        return UnreadableError(self._lines.at(self._at), says)


_BREAK = re.compile(r"((?<![^\s(\"'*])(?:\\|[A-Za-z]:|%\w+%)\\(?:(?!\\n[A-Z])\S)+)|\\n")
"""A line break; what stands in a path of Windows, such as `C:\\new`, is none."""
_NUMBERED = re.compile(r"#(\w+);")
_ICON = re.compile(r"\bfa[a-z]?:fa-[\w-]+[ \t]*")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


def _words(text: str) -> str:
    """As Mermaid shows them: `<br>` breaks the line, as \\n once did; #35; stands for a sign, `` for Markdown."""
    text = text.strip()
    if text.startswith("`") and text.endswith("`"):
        text = _MARKS.sub("", text.strip("`"))
    text = _ICON.sub("", without_tags(_BREAK.sub(lambda found: found[1] or "\n", text)))
    return _NUMBERED.sub(lambda found: _sign(found[1]), text).rstrip("\n")


def _sign(name: str) -> str:
    shown = html.unescape(f"&#{name};" if name.isdigit() else f"&{name};")
    return shown if len(shown) == 1 else f"#{name};"
