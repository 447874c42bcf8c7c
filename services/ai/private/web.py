"""Mail addresses and places on the web. What lies with a maker whom everybody uses says nothing about anybody."""

import re

from services.ai.private.finding import Shape, Span, spans
from services.ai.private.lexicon import listed

_LABEL = r"[\w](?:[\w-]{0,61}[\w])?"
_ENDS = """
    com net org edu gov mil int info biz local lan internal intern corp localdomain uk de ch fr es nl lu pt pl cz sk hu
    ro bg gr dk se fi ie ca au nz za br mx ar jp cn kr tr ru ua il ae sg hk tw io co eu cat
"""
_WORDY_ENDS = """
    ad home at be it in no is me us so to ai app dev cloud online shop store tech site group office test xyz agency
    law
"""
"""Behind a full stop without a space they may be the next word: only with more than one dot."""
_FIRM = "|".join(_ENDS.split())
_WORDY = "|".join(_WORDY_ENDS.split())
_NO_HOSTS = frozenset(("asp.net", "vb.net", "ado.net", "paint.net", "command.com"))
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z-]{0,20}){0,4}")


def web(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


def _public(host: str) -> bool:
    host = host.casefold().partition(":")[0].rstrip(".")
    vendors = listed("vendors")
    labels = host.removeprefix("www.").split(".")
    above = {".".join(labels[start:]) for start in range(len(labels))}
    return (
        host in _NO_HOSTS
        or host.startswith(("127.", "localhost"))
        or not vendors.isdisjoint(above)
        or f"*{'.'.join(labels)}" in vendors
    )


def _beyond_public(found: re.Match[str]) -> tuple[int, int] | None:
    """All of it, or behind a maker's host what is more than a plain path."""
    host, path = found["host"], found["path"] or ""
    if not _public(host):
        return found.span()
    if _PLAIN_PATH.fullmatch(path):
        return None
    return found.span("path")


_SHAPES = (
    Shape("EMAIL", re.compile(rf"(?<![\w.+%'’-])[\w.+%'’-]++@{_LABEL}(?:\.{_LABEL}){{0,6}}")),
    Shape(
        "EMAIL",
        re.compile(
            r"(?<![\w.+%'-])[\w.+%'-]++ ?[\[({] ?at ?[\])}] ?[\w-]{1,63}"
            r"(?:(?: ?[\[({] ?(?:dot|punkt|point|punto) ?[\])}] ?|\.)[\w-]{1,63}){1,6}",
            re.IGNORECASE,
        ),
    ),
    Shape(
        "URL",
        re.compile(
            r"\b[a-z][a-z0-9+-]{1,15}://(?:[^\s/@]{1,100}@)?(?P<host>[^\s/?#<>\"')\]"
            r"|,;]++)(?P<path>[/?#][^\s<>\"')\]|]*+)?",
            re.IGNORECASE,
        ),
        _beyond_public,
    ),
    Shape(
        "HOST",
        re.compile(
            rf"(?<![\w@./\\-])(?P<host>(?:(?:{_LABEL}\.){{1,6}}(?:{_FIRM})"
            rf"|(?:{_LABEL}\.){{2,6}}(?:{_WORDY}))(?::\d{{1,5}})?)"
            r"(?![\w-]|\.\w)(?P<path>[/?#][^\s<>\"')\]|]*+)?",
            re.IGNORECASE,
        ),
        _beyond_public,
    ),
)
