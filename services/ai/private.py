"""What leads to a person or a machine, by its looks: patterns, in the order in which they are tried."""

import re
from collections.abc import Sequence

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"\b[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("MAC", re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b")),
    ("IP", re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")),
    ("IP", re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6}(?![\w:])")),
    ("PHONE", re.compile(r"(?<![\w.-])(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{2,5}\)?){2,5}(?![\w-])")),
    ("HOST", re.compile(r"\b[A-Z]{2,12}(?:-[A-Z0-9]{1,15}){0,3}-[A-Z]*\d[A-Z0-9]{0,14}\b")),
)

_SHORTEST_NAME = 3


def names_in(names: Sequence[str]) -> re.Pattern[str] | None:
    """Finds any of them, whole or word by word, whatever the case; None where there is none."""
    whole = {name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME}
    words = {word for name in whole for word in re.findall(r"[^\W\d_]{3,}", name)}
    wanted = sorted(whole | words, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)", re.IGNORECASE)
