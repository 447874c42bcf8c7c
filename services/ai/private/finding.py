"""Shapes: a pattern, and what of its match has to be hidden.

Each looks at every place of a text a bounded number of times, so that work grows with the length of the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Span(NamedTuple):
    start: int
    end: int
    kind: str
    """Of what: the word in its placeholder."""


Part: TypeAlias = Callable[[re.Match[str]], tuple[int, int] | None]


def whole(found: re.Match[str]) -> tuple[int, int]:
    """The group `hide` where there is one, else everything."""
    return found.span("hide") if "hide" in found.re.groupindex else found.span()


def where(holds: Callable[[str], bool]) -> Part:
    """Only where what would be hidden is such."""

    def part(found: re.Match[str]) -> tuple[int, int] | None:
        start, end = whole(found)
        return (start, end) if holds(found.string[start:end]) else None

    return part


@dataclass(frozen=True, slots=True)
class Shape:
    kind: str
    pattern: re.Pattern[str]
    part: Part = whole
    """What of it is private; None where it only looks so."""

    def spans(self, text: str) -> Iterator[Span]:
        for found in self.pattern.finditer(text):
            span = self.part(found)
            if span is not None and span[0] < span[1]:
                yield Span(*span, self.kind)


def spans(shapes: Iterable[Shape], text: str) -> Iterator[Span]:
    for shape in shapes:
        yield from shape.spans(text)


def joined(found: list[Span]) -> list[Span]:
    """Apart from each other, from left to right. Of what overlaps the kind that was found first stays."""
    ranks = {id(span): rank for rank, span in enumerate(found)}
    merged: list[tuple[int, Span]] = []
    for span in sorted(found):
        rank = ranks[id(span)]
        if merged and span.start < merged[-1][1].end:
            before_rank, before = merged[-1]
            kind = before.kind if before_rank < rank else span.kind
            merged[-1] = (min(before_rank, rank), Span(before.start, max(before.end, span.end), kind))
        else:
            merged.append((rank, span))
    return [span for _, span in merged]
