"""What a command prints: a JSON document for programs, plain inert text for people."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from services.documents.document import printable
from services.errors import Trouble

T = TypeVar("T")


class NotWritten(Trouble):
    title = "Nothing was written"
    exit_status = 3


def document(value: object) -> str:
    """JSON in ASCII on one line: whatever a text holds, it can be printed."""
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")


def show(as_json: bool, value: object, lines: Iterable[str]) -> None:
    """`value` as the one JSON document on standard output, or `lines` for people."""
    if as_json:
        print(document(value))
        return
    for line in lines:
        print(printable(line))


def say(*lines: str) -> None:
    for line in lines:
        print(printable(line))


def progress(line: str) -> None:
    """For people who wait; standard output stays clean."""
    print(printable(line), file=sys.stderr)


def at_most(limit: int, found: Sequence[T]) -> Sequence[T]:
    """The first `limit` of what was asked for with one more; where that one came, people are told."""
    if len(found) > limit:
        progress(f"These are the newest {limit:,}, not all: --limit gives more.")
    return found[:limit]


def table(rows: Sequence[Sequence[object]], empty: str) -> list[str]:
    """Columns side by side, the last as long as it is; `empty` where there is no row."""
    if not rows:
        return [empty]
    cells = [["" if cell is None else printable(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in cells
    ]


def paragraph(name: str, text: str) -> list[str]:
    """A text of several lines under its name."""
    first, *rest = text.splitlines() or [""]
    return [f"{name}: {first}", *(f"  {line}" for line in rest)]


def write(path: Path, text: str) -> None:
    """A file of the person's own: callers' words are in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotWritten(f"{path}: {reason}", "Choose another place.") from error
