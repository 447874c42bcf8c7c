"""DOT, the language of Graphviz: boxes, edges and what is written on them. Looks are left out, groups dissolved."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from services.documents.document import quoted
from services.documents.pieces import UnreadableError
from services.flows.charts.chart import MAX_DEPTH, Box, Chart, Lines, Shape, Way, without_tags
from services.flows.charts.groups import tell
from services.flows.charts.records import fields

_TOKEN = re.compile(
    r"""(?P<nothing>\s+|//[^\n]*|/\*.*?\*/|\#[^\n]*)
      |(?P<quoted>"(?:[^"\\]|\\.)*")
      |(?P<word>[^\W\d]\w*|-?(?:\.\d+|\d+(?:\.\d*)?))
      |(?P<sign>->|--|[{}\[\];,=:+])
      |(?P<tagged><)""",
    re.VERBOSE | re.DOTALL,
)
_ANGLES = re.compile("[<>]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SHAPES: dict[str, Shape] = {
    **dict.fromkeys(("diamond", "mdiamond", "hexagon"), "question"),
    **dict.fromkeys(("msquare", "mcircle", "doublecircle", "terminator"), "end"),
}
_ON_EDGES = ("label", "xlabel", "taillabel", "headlabel")
"""Where words on an edge may stand, the usual place first."""
_RECORDS = frozenset({"record", "mrecord"})


@dataclass(frozen=True, slots=True)
class _Usual:
    """What holds for boxes and edges that say nothing else, from here on within a group."""

    shape: str = ""
    edge: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _End:
    box_id: str
    port: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`word`, `quoted`, `tagged`, `sign`, or `end`."""
    text: str
    line: int

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words

    @property
    def names(self) -> bool:
        return self.kind in {"word", "quoted", "tagged"}


def read(text: str) -> Chart:
    """Raises UnreadableError with the line from which on it is none."""
    return _Reader(text).read()


def _tokens(text: str) -> Iterator[_Token]:
    lines, at = Lines(text), 0
    while at < len(text):
        found, line = _TOKEN.match(text, at), lines.at(at)
        if found is None:
            what = "a quote that was opened is never closed" if text[at] == '"' else f"not understood: {text[at]!r}"
            raise UnreadableError(line, f"{what}; put names with signs in them into quotes")
        kind, at = found.lastgroup or "", found.end()
        if kind == "tagged":
            end = _tagged(text, at, line)
            yield _Token(kind, text[at : end - 1], line)
            at = end
        elif kind != "nothing":
            yield _Token(kind, found[0][1:-1] if kind == "quoted" else found[0], line)
    yield _Token("end", "", lines.at(len(text)))


def _tagged(text: str, at: int, line: int) -> int:
    """The place behind the `>` that closes a `<`."""
    depth = 1
    for angle in _ANGLES.finditer(text, at):
        depth += 1 if angle[0] == "<" else -1
        if depth == 0:
            return angle.end()
    raise UnreadableError(line, "a < that was opened is never closed; close it with >")


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._here = next(self._tokens)
        self._chart = Chart()
        self._written: dict[str, str] = {}
        """What stands on a box, as it is written."""
        self._shapes: dict[str, str] = {}
        self._unseen: set[str] = set()
        """Boxes that only hold others in their places."""
        self._from: dict[str, dict[int, str]] = {}
        """Of each box the ways without words of their own, by number, and the field of a record that each leaves."""

    def read(self) -> Chart:
        if self._here.is_word("strict"):
            self._next()
        if not self._here.is_word("digraph", "graph"):
            raise self._wrong("a chart in DOT begins with `digraph` and a {")
        if self._next().is_word("graph"):
            sentence = "lines without arrows are taken to lead from left to right"
            self._chart.left_out.append((self._here.line, sentence))
        if self._here.names:
            self._next()
        self._open()
        self._statements(_Usual(), 1)
        if self._here.kind != "end":
            raise self._wrong("something stands behind the end of the graph; give each a file of its own")
        self._records()
        seen = {box_id for way in self._chart.ways for box_id in (way.start, way.end)}
        for box_id in self._unseen - seen:
            del self._chart.boxes[box_id]
        return self._chart

    def _statements(self, usual: _Usual, depth: int) -> list[_End]:
        """Up to the } that closes them; the boxes in them."""
        if depth > MAX_DEPTH:
            raise self._wrong(f"groups within groups, more than {MAX_DEPTH} deep")
        inside: list[_End] = []
        while not self._here.is_sign("}"):
            if self._here.kind == "end":
                raise self._wrong("a { that was opened is never closed; } is missing")
            if self._here.is_sign(";", ","):
                self._next()
            elif self._here.is_word("graph", "node", "edge"):
                about = self._next()
                given = self._attributes()
                if about.is_word("node"):
                    usual = replace(usual, shape=given.get("shape", usual.shape).lower())
                elif about.is_word("edge"):
                    usual = replace(usual, edge={**usual.edge, **given})
                else:
                    self._titled(given, depth, about.line)
            else:
                inside += self._chain(usual, depth)
        self._next()
        return inside

    def _chain(self, usual: _Usual, depth: int) -> list[_End]:
        line = self._here.line
        ends = [self._end(usual, depth)]
        if self._here.is_sign("=") and len(ends[0]) == 1:
            self._next()
            self._titled({ends[0][0].box_id: self._text()}, depth, line)
            return []
        while self._here.is_sign("->", "--"):
            self._next()
            ends.append(self._end(usual, depth))
        given = self._attributes()
        boxes = [end for group in ends for end in group]
        for end in boxes:
            self._put(end.box_id, line, given if len(ends) == 1 else {}, usual.shape)
        told = {**usual.edge, **given}
        label = next((told[each] for each in _ON_EDGES if told.get(each)), "")
        for here, there in pairwise(ends):
            for start in here:
                for end in there:
                    way = Way(start.box_id, end.box_id, _words(label, ""), line)
                    self._lead(way, "" if label else start.port, told)
        return boxes

    def _lead(self, way: Way, port: str, told: dict[str, str]) -> None:
        """`port`: the field that it leaves, whose words are known when all of the chart is."""
        if "invis" in told.get("style", ""):
            return
        if told.get("dir") != "back":
            if port:
                self._from.setdefault(way.start, {})[len(self._chart.ways)] = port
            self._chart.lead(way)
        if told.get("dir") in {"back", "both"}:
            self._chart.lead(replace(way, start=way.end, end=way.start))

    def _end(self, usual: _Usual, depth: int) -> list[_End]:
        """One end of an edge: a box, or all of a group."""
        if self._here.is_word("subgraph"):
            self._next()
            if self._here.names:
                self._next()
            self._open()
            return self._statements(usual, depth + 1)
        if self._here.is_sign("{"):
            self._next()
            return self._statements(usual, depth + 1)
        box_id, ports = self._text(), list[str]()
        while self._here.is_sign(":"):
            self._next()
            ports.append(self._text())
        return [_End(box_id, ports[0] if ports else "")]

    def _put(self, box_id: str, line: int, given: dict[str, str], usual: str) -> None:
        before = self._chart.boxes.get(box_id)
        if before is None:
            before = Box(box_id, line, _SHAPES.get(usual, "step"))
            self._shapes[box_id] = usual
        text, shape = before.text, before.shape
        if "label" in given:
            text, self._written[box_id] = _words(given["label"], box_id), given["label"]
        if "shape" in given:
            self._shapes[box_id] = given["shape"].lower()
            shape = _SHAPES.get(self._shapes[box_id], "step")
        if "invis" in given.get("style", ""):
            self._unseen.add(box_id)
        if address := next((given[each] for each in ("url", "href") if "://" in given.get(each, "")), ""):
            told = f"a flow has no links on its boxes: {quoted(address)} is left out"
            self._chart.left_out.append((line, told))
        self._chart.put(box_id, Box(text, before.line, shape))

    def _records(self) -> None:
        """A record's fields are its words; where lines leave several of them, each is the words on its line."""
        for box_id, written in self._written.items():
            if self._shapes[box_id] in _RECORDS:
                record = fields(written)
                leaving = {n: port for n, port in self._from.get(box_id, {}).items() if port in record.ports}
                ports = {*leaving.values()} if len(leaving) > 1 else set[str]()
                for number, port in leaving.items() if ports else ():
                    words = _words(record.ports[port], box_id)
                    self._chart.ways[number] = replace(self._chart.ways[number], label=words)
                text = _words(record.without(ports), box_id)
                self._chart.put(box_id, replace(self._chart.boxes[box_id], text=text))

    def _attributes(self) -> dict[str, str]:
        given: dict[str, str] = {}
        while self._here.is_sign("["):
            self._next()
            while not self._here.is_sign("]"):
                if self._here.is_sign(",", ";"):
                    self._next()
                    continue
                name = self._text().lower()
                given[name] = "true"
                if self._here.is_sign("="):
                    self._next()
                    given[name] = self._text()
            self._next()
        return given

    def _text(self) -> str:
        """A name or a value; + joins quoted ones."""
        if not self._here.names:
            found = "the end of the file" if self._here.kind == "end" else quoted(self._here.text)
            raise self._wrong(f"a name belongs here, not {found}")
        token = self._next()
        text = without_tags(token.text) if token.kind == "tagged" else token.text.replace('\\"', '"')
        while self._here.is_sign("+"):
            self._next()
            if self._here.kind != "quoted":
                raise self._wrong("+ joins texts in quotes; one is missing here")
            text += self._next().text.replace('\\"', '"')
        return text

    def _titled(self, given: dict[str, str], depth: int, line: int) -> None:
        title = _words(given.get("label", ""), "")
        if depth > 1:
            tell(self._chart, title, line)
        else:
            self._chart.title = title or self._chart.title

    def _open(self) -> None:
        if not self._here.is_sign("{"):
            raise self._wrong("a { belongs here")
        self._next()

    def _next(self) -> _Token:
        """The token that stands here, which is then behind us."""
        passed = self._here
        if passed.kind != "end":
            self._here = next(self._tokens)
        return passed

    def _wrong(self, says: str) -> UnreadableError:
        return UnreadableError(self._here.line, says)


def _words(text: str, box_id: str) -> str:
    """As Graphviz shows them: \\n breaks the line, &amp; stands for a sign."""
    names = {"n": "\n", "l": "\n", "r": "\n", "N": box_id}
    return html.unescape(_ESCAPED.sub(lambda found: names.get(found[1], found[1]), text)).rstrip("\n")
