"""DOT, the language of Graphviz: boxes, edges and what is written on them. Looks are left out, groups dissolved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.documents.document import quoted
from services.documents.pieces import UnreadableError
from services.flows.charts.chart import MAX_DEPTH, Box, Chart, Lines, Shape, Way, without_tags

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
        self._drawn: set[str] = set()

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
        self._statements("step", 1)
        if self._here.kind != "end":
            raise self._wrong("something stands behind the end of the graph; give each a file of its own")
        return self._chart

    def _statements(self, shape: Shape, depth: int) -> list[str]:
        """Up to the } that closes them; the boxes in them."""
        if depth > MAX_DEPTH:
            raise self._wrong(f"groups within groups, more than {MAX_DEPTH} deep")
        inside: list[str] = []
        while not self._here.is_sign("}"):
            if self._here.kind == "end":
                raise self._wrong("a { that was opened is never closed; } is missing")
            if self._here.is_sign(";", ","):
                self._next()
            elif self._here.is_word("graph", "node", "edge"):
                about = self._next().text.lower()
                given = self._attributes()
                if about == "node" and "shape" in given:
                    shape = _SHAPES.get(given["shape"].lower(), "step")
                elif about == "graph" and depth == 1:
                    self._titled(given)
            else:
                inside += self._chain(shape, depth)
        self._next()
        return inside

    def _chain(self, shape: Shape, depth: int) -> list[str]:
        line = self._here.line
        ends = [self._end(shape, depth)]
        if self._here.is_sign("=") and len(ends[0]) == 1:
            self._next()
            name, value = ends[0][0], self._text()
            if depth == 1:
                self._titled({name: value})
            return []
        while self._here.is_sign("->", "--"):
            self._next()
            ends.append(self._end(shape, depth))
        given = self._attributes()
        boxes = [box_id for group in ends for box_id in group]
        for box_id in boxes:
            self._put(box_id, line, given if len(ends) == 1 else {}, shape)
        for here, there in pairwise(ends):
            for start in here:
                for end in there:
                    self._chart.lead(Way(start, end, _words(given.get("label", ""), ""), line))
        return boxes

    def _end(self, shape: Shape, depth: int) -> list[str]:
        """One end of an edge: a box, or all of a group."""
        if self._here.is_word("subgraph"):
            self._next()
            if self._here.names:
                self._next()
            self._open()
            return self._statements(shape, depth + 1)
        if self._here.is_sign("{"):
            self._next()
            return self._statements(shape, depth + 1)
        box_id = self._text()
        while self._here.is_sign(":"):
            self._next()
            self._text()
        return [box_id]

    def _put(self, box_id: str, line: int, given: dict[str, str], shape: Shape) -> None:
        before = self._chart.boxes.get(box_id)
        if before is None:
            before = Box(box_id, line, shape)
        text = _words(given["label"], box_id) if "label" in given else before.text
        shaped = _SHAPES.get(given["shape"].lower(), "step") if "shape" in given else before.shape
        self._chart.put(box_id, Box(text, before.line, shaped))

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

    def _titled(self, given: dict[str, str]) -> None:
        self._chart.title = _words(given.get("label", ""), "") or self._chart.title

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
    return _ESCAPED.sub(lambda found: {"n": "\n", "l": "\n", "r": "\n", "N": box_id}.get(found[1], found[1]), text)
