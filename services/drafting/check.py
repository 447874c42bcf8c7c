"""Whether a draft says only what the records say, as far as a program can tell.

Every number, time, name of a machine and command in it has to occur in the records; words are the writer's own.
"""

import re

from services.drafting.model import SECTIONS, DraftKind

LONGEST = 6000
"""Characters that a draft may have."""

_CLAIM = re.compile(
    r"`([^`\n]+)`"  # a command
    r"|\b([a-z][\w.]{1,20} (?:/[a-z?]\w*|--?[a-z][\w-]*))(?!\w)|\b([A-Z][a-z]+-[A-Z]\w+)"  # one in running text
    r"|\b((?:\w+-)*\w*\d[\w.:/%-]*\w|\d)\b"  # a number, a time, a version, a machine called like one
    r"|\b([\w-]+(?:\.[\w-]+)+\.?[a-z]{2,})\b"  # a host, a mail's address without its name
    r"|(\\\\[\w.$-]+(?:\\[\w.$-]+)*)"  # a share
)
_NUMBERING = re.compile(r"^\s{0,8}(?:\d{1,2}[.)]|#{1,6}|[-*])\s+", re.MULTILINE)


def mistakes(markdown: str, kind: DraftKind, records: str) -> list[str]:
    """What is wrong with a draft, in words; empty where it may be shown."""
    wrong = []
    headings = re.findall(r"^## +(.+?) *$", markdown, re.MULTILINE)
    if tuple(headings) != SECTIONS[kind]:
        wrong.append("its sections are not the ones of this kind")
    if len(markdown) > LONGEST:
        wrong.append("it is too long")
    known = _folded(_NUMBERING.sub("", records))
    for claim in claims(markdown):
        if not _says(known, _folded(claim)):
            wrong.append(f"the records do not say {claim!r}")
    return wrong


def claims(markdown: str) -> list[str]:
    """Numbers, times, hosts, shares and commands, in their order, each once."""
    text = _NUMBERING.sub("", markdown)
    found = (next(part for part in match.groups() if part) for match in _CLAIM.finditer(text))
    return list(dict.fromkeys(claim.rstrip(".:,/") for claim in found))


def _says(known: str, claim: str) -> bool:
    """By itself: a 20 is not said by 2030, nor a 10 by 10:30."""
    return re.search(rf"(?<![\w:/-])(?<!\w\.){re.escape(claim)}(?![\w:/-]|[.,]\w)", known) is not None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
