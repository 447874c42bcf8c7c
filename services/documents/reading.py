"""From bytes that anybody may have written to documents.

Nothing here raises: a file that cannot be read is a document with mistakes, so that a whole folder is told about at
once.
"""

import codecs
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from services.documents import wording
from services.documents.document import Document, Mistake
from services.documents.pieces import UnreadableError, from_json, from_yaml

_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".jsonl"})
MAX_BYTES = 8 * 1024 * 1024
"""The longest document: a YAML or JSON file, or one line of JSON Lines."""


def read_all(path: str | Path, what: str) -> Iterator[Document]:
    """The documents of a file, or of all files below a folder by name; `what` they should be, such as `flow file`.

    Hidden files and folders are left out, and no link to a folder is followed.
    """
    if not os.path.isdir(path):  # unlike Path.is_dir, an answer for every path
        yield from read(path)
        return
    files: list[Path] = []
    closed: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=closed.append):
        folders[:] = [each for each in folders if not each.startswith(".")]
        files += [Path(folder, each) for each in names if not each.startswith(".") and _known(Path(each))]
    for error in sorted(closed, key=lambda each: str(each.filename)):
        yield _unopened(str(error.filename), error)
    if not files and not closed:
        yield _unreadable(str(path), wording.empty_folder(what))
    for each in sorted(files):
        yield from read(each)


def read(path: str | Path) -> Iterator[Document]:
    """The documents of one file: one for YAML and JSON, one a line for JSON Lines."""
    path = Path(path)
    source, suffix = str(path), path.suffix.lower()
    try:
        # Asked before it is opened: opening a pipe waits for somebody at its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            yield _unreadable(source, wording.NOT_A_FILE)
            return
        if not _known(path):
            yield _unreadable(source, wording.UNKNOWN_SUFFIX)
            return
        with path.open("rb") as file:
            if suffix == ".jsonl":
                yield from _read_lines(file, source)
            else:
                yield _read_whole(file, source, suffix)
    except OSError as error:
        yield _unopened(source, error)
    except ValueError:  # a NUL in the path
        yield _unopened(source, FileNotFoundError())


def text_of(path: Path, longest: int) -> str:
    """The text of a file of any kind, of at most `longest` bytes. Raises UnreadableError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableError(1, wording.NOT_A_FILE)
        with path.open("rb") as file:
            return _decode(file.read(longest + 1), 1, longest)
    except OSError as error:
        raise UnreadableError(1, wording.not_opened(error), unopened=True) from None
    except ValueError:  # a NUL in the path
        raise UnreadableError(1, wording.not_opened(FileNotFoundError()), unopened=True) from None


def _known(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES


def _read_whole(file: BinaryIO, source: str, suffix: str) -> Document:
    written = file.read(MAX_BYTES + 1)
    try:
        text = _decode(written, 1)
    except UnreadableError as stop:
        return Document(source, mistakes=(stop.mistake,))
    return from_json(text, source) if suffix == ".json" else from_yaml(text, source)


def _read_lines(file: BinaryIO, source: str) -> Iterator[Document]:
    number, empty = 0, True
    while written := file.readline(MAX_BYTES + 1):
        number += 1
        try:
            text = _decode(written, number)
        except UnreadableError as stop:
            yield Document(source, mistakes=(stop.mistake,), first_line=number)
            return  # a line that is no text says that the file is no text
        if text.strip():
            empty = False
            yield from_json(text, source, number)
    if empty:
        yield _unreadable(source, wording.EMPTY)


def _decode(written: bytes, line: int, longest: int = MAX_BYTES) -> str:
    if len(written) > longest:
        raise UnreadableError(line, wording.too_long(longest))
    if written.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError(line, wording.UTF16)
    if b"\0" in written:
        raise UnreadableError(line + written[: written.index(b"\0")].count(b"\n"), wording.BINARY)
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(line + written[: error.start].count(b"\n"), wording.NOT_UTF8) from None


def _unreadable(source: str, says: str) -> Document:
    return Document(source, mistakes=(Mistake(1, says),))


def _unopened(source: str, error: OSError) -> Document:
    return Document(source, mistakes=(Mistake(1, wording.not_opened(error), unopened=True),))
