"""Reads the sentences under a corpus/ folder."""

import re
from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).parent / "corpus"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def sentences(name: str, folder: Path = _FOLDER) -> Iterator[str]:
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), line)
