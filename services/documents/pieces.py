"""YAML and JSON text to documents, one way for both.

A scalar is the text that was written, or None for null: `label: Yes`, `1.10` and `0755` stay what they are, in YAML and
in JSON alike, and the type that is asked for in `parse` decides what becomes a number or a truth value.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import yaml

from services.documents import wording
from services.documents.document import MAX_MISTAKES, Data, Document, Mistake, Place, quoted

MAX_DEPTH = 32
MAX_VALUES = 500_000
"""A file of a few bytes a value may still be small enough and yet fill the memory."""


class UnreadableError(Exception):
    """Nothing sensible can be read past this point."""

    def __init__(self, line: int, says: str, *, unopened: bool = False) -> None:
        super().__init__(says)
        self.mistake = Mistake(line, says, unopened)


def from_yaml(text: str, source: str) -> Document:
    return _document(_yaml_pieces(text), source)


def from_json(text: str, source: str, first_line: int = 1) -> Document:
    return _document(_json_pieces(text, first_line), source, first_line)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file as a flat row of beginnings, ends and scalars: YAML and JSON look the same from here on."""

    kind: Literal["mapping", "list", "end", "scalar"]
    line: int
    text: str | None = None
    refused: str = ""
    """Why this piece may not stand in a file, though reading can go on behind it."""


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    holds: dict[str, Data] | list[Data]
    place: Place
    key: str | None = None

    def put(self, value: Data) -> None:
        if isinstance(self.holds, list):
            self.holds.append(value)
        elif self.key is not None:
            self.holds[self.key] = value
            self.key = None

    def next_place(self) -> Place:
        return (*self.place, len(self.holds) if self.key is None else self.key)


class _Assembly:
    """Puts the pieces together without recursion, however deep the file is nested."""

    def __init__(self) -> None:
        self.top: list[Data] = []
        self.lines: dict[Place, int] = {}
        self.mistakes: list[Mistake] = []
        self._open: list[_Open] = []

    def add(self, piece: _Piece) -> None:
        if piece.refused:
            self._tell(piece.line, piece.refused)
        if piece.kind == "end":
            self._open.pop()
            return
        if self._open and isinstance(self._open[-1].holds, dict) and self._open[-1].key is None:
            self._add_key(self._open[-1], piece)
            return
        place = self._open[-1].next_place() if self._open else ()
        self.lines.setdefault(place, piece.line)
        if len(self.lines) > MAX_VALUES:
            raise UnreadableError(piece.line, wording.too_many(MAX_VALUES))
        if piece.kind == "scalar":
            self._put(self._storable(piece))
            return
        if len(self._open) == MAX_DEPTH:
            raise UnreadableError(piece.line, wording.too_deep(MAX_DEPTH))
        holds: dict[str, Data] | list[Data] = {} if piece.kind == "mapping" else []
        self._put(holds)
        self._open.append(_Open(holds, place))

    def _add_key(self, mapping: _Open, piece: _Piece) -> None:
        if piece.kind != "scalar":
            raise UnreadableError(piece.line, wording.KEY_NOT_TEXT)
        key = mapping.key = self._storable(piece) or ""
        first = self.lines.setdefault(mapping.next_place(), piece.line)
        if key in mapping.holds:
            self._tell(piece.line, wording.twice(quoted(key), first))

    def _put(self, value: Data) -> None:
        if self._open:
            self._open[-1].put(value)
        else:
            self.top.append(value)

    def _storable(self, piece: _Piece) -> str | None:
        """NUL and half a surrogate pair come in as escapes; no database takes them."""
        if piece.text and (bad := re.search("[\0\ud800-\udfff]", piece.text)):
            self._tell(piece.line, wording.not_storable(ord(bad[0])))
            return "?"
        return piece.text

    def _tell(self, line: int, says: str) -> None:
        self.mistakes.append(Mistake(line, says))
        if len(self.mistakes) == MAX_MISTAKES:
            raise UnreadableError(line, wording.GIVEN_UP)


def _document(pieces: Iterable[_Piece], source: str, first_line: int = 1) -> Document:
    assembly = _Assembly()
    try:
        for piece in pieces:
            assembly.add(piece)
    except UnreadableError as stop:
        assembly.mistakes.append(stop.mistake)
    if not assembly.mistakes and assembly.top in ([], [None]):
        assembly.mistakes.append(Mistake(first_line, wording.EMPTY))
    data = assembly.top[0] if assembly.top else None
    return Document(source, data, assembly.lines, tuple(assembly.mistakes), first_line)


_YAML_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_IN_YAML = re.compile("[\1-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_TAG_DIRECTIVE = re.compile("^%TAG", re.MULTILINE)
"""Names a kind of tags, of which we read none; the reader of YAML compares each with all before it."""


def _yaml_pieces(text: str) -> Iterator[_Piece]:
    if bad := _NOT_IN_YAML.search(text):
        raise UnreadableError(1 + text.count("\n", 0, bad.start()), wording.control_character(ord(bad[0])))
    if bad := _TAG_DIRECTIVE.search(text):
        raise UnreadableError(1 + text.count("\n", 0, bad.start()), wording.TAG)
    began = False
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent):
                if began:
                    raise UnreadableError(line, wording.SEVERAL_DOCUMENTS)
                began = True
            elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield _yaml_piece(event, line)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise UnreadableError(mark.line + 1 if mark else 1, wording.not_yaml(problem)) from None


def _yaml_piece(event: yaml.NodeEvent | yaml.CollectionEndEvent, line: int) -> _Piece:
    match event:
        case yaml.ScalarEvent():
            null = event.implicit[0] and event.value in _YAML_NULLS
            return _Piece("scalar", line, None if null else event.value, _refused(event))
        case yaml.MappingStartEvent():
            return _Piece("mapping", line, refused=_refused(event))
        case yaml.SequenceStartEvent():
            return _Piece("list", line, refused=_refused(event))
        case yaml.CollectionEndEvent():
            return _Piece("end", line)
        case _:
            return _Piece("scalar", line, "", wording.ALIAS)


def _refused(event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> str:
    if event.anchor is not None:
        return wording.ALIAS
    return "" if event.tag is None else wording.TAG


_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s{}\[\],:"]+', re.DOTALL)
_JSON_KINDS: Mapping[str, Literal["mapping", "list", "end"]] = {
    "{": "mapping",
    "[": "list",
    "}": "end",
    "]": "end",
}


def _json_pieces(text: str, first_line: int) -> Iterator[_Piece]:
    """Python's own reader says whether this is JSON; it tells no lines and drops doubled keys, so we look again."""
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise UnreadableError(first_line + error.lineno - 1, wording.not_json(error.msg)) from None
    except RecursionError:
        raise UnreadableError(first_line, wording.too_deep(MAX_DEPTH)) from None
    line, last = first_line, 0
    for found in _JSON_TOKEN.finditer(text):
        line += text.count("\n", last, found.start())
        last = found.start()
        written = found[0]
        if kind := _JSON_KINDS.get(written):
            yield _Piece(kind, line)
        elif written.startswith('"'):
            yield _Piece("scalar", line, json.loads(written) if "\\" in written else written[1:-1])
        else:
            refused = wording.NO_NUMBER if written.endswith(("NaN", "Infinity")) else ""
            yield _Piece("scalar", line, None if written == "null" else written, refused)
