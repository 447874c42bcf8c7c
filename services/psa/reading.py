"""Values out of a PSA's JSON, each of which may be missing, null or something else altogether."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any, TypeAlias

from services.psa.failures import PsaFailed

Json: TypeAlias = Mapping[str, Any]

NEVER = 1970
"""Years up to this one stand for a time that is not known."""


def record(found: object) -> Json:
    """Raises PsaFailed, `invalid`."""
    if not isinstance(found, Mapping):
        raise PsaFailed("invalid", "an object was expected")
    return found


def records(found: object) -> list[Json]:
    """Raises PsaFailed, `invalid`."""
    if not isinstance(found, list):
        raise PsaFailed("invalid", "a list was expected")
    return [record(each) for each in found]


def text(found: object) -> str:
    """Words; nothing where there are none. Line ends are ours."""
    return found.replace("\r\n", "\n").replace("\r", "\n") if isinstance(found, str) else ""


def ident(found: object) -> str:
    """An id as text; empty where there is none."""
    if isinstance(found, bool) or not isinstance(found, int | str):
        return ""
    return str(found).strip()


def required(found: object) -> str:
    """An id that has to be there. Raises PsaFailed, `invalid`."""
    if not (known := ident(found)):
        raise PsaFailed("invalid", "an id is missing")
    return known


def inner(found: Json, name: str) -> Json:
    """An object within; an empty one where there is none."""
    within = found.get(name)
    return within if isinstance(within, Mapping) else {}


def moment(found: object) -> datetime | None:
    """A time; without a zone it is UTC. The beginning of their calendar is no time."""
    if not isinstance(found, str):
        return None
    shorter = re.sub(r"(\.\d{1,6})\d*", r"\1", found.strip())
    try:
        when = datetime.fromisoformat(shorter)
    except ValueError:
        return None
    if when.year <= NEVER:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def written(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(html: str) -> str:
    """What an HTML text says."""
    lines = re.sub(r"<(?:br|/p|/h\d|/li|/div|/tr)\b[^<>]*>", "\n", html, flags=re.I)
    return re.sub(r"\n{3,}", "\n\n", unescape(re.sub(r"<[^<>]*>", "", lines))).strip()


def digits(known: str) -> int | None:
    """An id, where it is one and not a name."""
    return int(known) if re.fullmatch("[0-9]{1,18}", known.strip(), re.ASCII) else None


def number(known: str) -> int:
    """An id as all three PSAs have them, of a ticket or what else stands in a path. Raises PsaFailed, `gone`."""
    found = digits(known)
    if found is None:
        raise PsaFailed("gone", f"{known.strip()[:40]!r} is no number", hint="Use the number that the PSA shows.")
    return found
