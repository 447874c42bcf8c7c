"""How values are written, the same on SQLite and Postgres.

Text comes back exactly as it was given: what no database takes (NUL, lone surrogates from undecodable arguments) is
escaped on the way in with a private-use character and unescaped on the way out. Times are aware UTC; on SQLite they
are text of one width, so that they sort. JSON is text: it is never queried, only kept.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

_ESCAPE = "\ue000"
_OFFSET = 0xE100
"""Where the block U+D800..U+DFFF is moved to behind the escape character; U+0000 becomes U+E001 behind it."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff\ue000]")
_ESCAPED = re.compile(_ESCAPE + "([\ue000\ue001\ue100-\ue8ff])")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\x00":
        return _ESCAPE + "\ue001"
    if character == _ESCAPE:
        return _ESCAPE + _ESCAPE
    return _ESCAPE + chr(ord(character) - 0xD800 + _OFFSET)


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code == "\ue001":
        return "\x00"
    return _ESCAPE if code == _ESCAPE else chr(ord(code) - _OFFSET + 0xD800)


class Unreadable(ValueError):
    """What stands in the store is nothing that was ever written there."""


def to_stored_text(text: str) -> str:
    """What is written for `text`; `from_stored_text` is its inverse for every string Python can hold."""
    return _UNSTORABLE.sub(_escape, text)


def from_stored_text(stored: str) -> str:
    return _ESCAPED.sub(_unescape, stored) if _ESCAPE in stored else stored


def to_stored_json(value: object) -> str:
    """Compact JSON. Escape sequences stay ASCII, so that nothing unstorable is left in it."""
    return json.dumps(value, separators=(",", ":"))


def from_stored_json(stored: str) -> Any:
    try:
        return json.loads(stored)
    except ValueError as error:
        raise Unreadable(f"a document in it cannot be read: {error}") from error


def to_stored_time(moment: datetime) -> str:
    """UTC with microseconds, always 27 characters: sorts as text."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_stored_time(stored: str) -> datetime:
    try:
        return datetime.fromisoformat(stored)
    except ValueError as error:
        raise Unreadable("a time in it cannot be read") from error
