"""What the other side said, in one line for the technician: JSON of several shapes, a proxy's page, plain words."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from services.documents.document import printable

LONGEST_LINE = 160
LONGEST_PAGE = 4_000
"""Bytes of a page that is no JSON in which a line is looked for."""
MASK = "********"

_MESSAGES = ("message", "Message", "errorMessage", "error_description", "error", "detail", "title")


def first_line(body: bytes, secrets: Iterable[str] = ()) -> str:
    """The first line that says something; without markup, control characters and any of `secrets`."""
    lines = (" ".join(line.split()) for line in _lines(body))
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


def _lines(body: bytes) -> Iterator[str]:
    if told := messages(body):
        yield ": ".join(dict.fromkeys(told))
        return
    text = body[:LONGEST_PAGE].decode("utf-8", "replace")
    if re.match(r"\s*<", text):
        if title := re.search(r"<title[^>]*>(.*?)</title", text, re.I | re.S):
            yield unescape(title[1])
        text = unescape(re.sub(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", "\n", text, flags=re.I | re.S))
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
