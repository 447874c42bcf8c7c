"""What the other side said, in one line for the technician: JSON of several shapes, a proxy's page, plain words."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from services.documents.document import printable

LONGEST_LINE = 160
MASK = "********"

_MESSAGES = ("message", "Message", "errorMessage", "error_description", "error", "detail", "title")


def first_line(body: bytes, secrets: Iterable[str] = ()) -> str:
    """The first line that says something; without markup, control characters and any of `secrets`."""
    text = body[:20_000].decode("utf-8", "replace")
    lines = (" ".join(line.split()) for line in _lines(text))
    line = next((line for line in lines if line), "")
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        line = line.replace(secret, MASK)
    return printable(line)[:LONGEST_LINE]


def messages(body: bytes) -> tuple[str, ...]:
    """What a JSON error says, outermost first; nothing where it is no JSON, or says nothing."""
    try:
        return tuple(_told(json.loads(body)))
    except (ValueError, RecursionError):
        return ()


def _lines(text: str) -> Iterator[str]:
    if told := messages(text.encode()):
        yield ": ".join(dict.fromkeys(told))
        return
    if re.match(r"\s*<", text):
        if title := re.search(r"<title[^>]*>(.*?)</title", text, re.I | re.S):
            yield unescape(title[1])
        text = unescape(re.sub(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", "\n", text, flags=re.I | re.S))
    elif text.strip() in {"", "null", "{}", "[]", '""'}:
        return
    yield from text.splitlines()


def _told(found: Any) -> Iterator[str]:
    """`{message, errors: [{message}]}`, `{Message}`, `{error}`, `{errorMessage}`, `{errors: [text]}`, or plain text."""
    if isinstance(found, str):
        if found.strip():
            yield found.strip()
    elif isinstance(found, list):
        for each in found[:5]:
            yield from _told(each)
    elif isinstance(found, Mapping):
        outer = next((found[name] for name in _MESSAGES if isinstance(found.get(name), str) and found[name]), None)
        yield from _told(outer)
        yield from _told(found.get("errors"))
