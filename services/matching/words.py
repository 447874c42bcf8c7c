"""Text to words: splitting, folding to lower case, one form for many spellings, a light stem.

The same splitting serves the flows and the calls, so that both sides meet.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from services.matching.vocabulary import IRREGULAR, SAME, STOP_WORDS

TEXT_LIMIT = 4_000
"""Characters read of a text; what an intake may hold."""

_LONGEST_WORD = 40
_SHORTEST_STEM = 3

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_JOINTS = frozenset(" -‐‑–")
_APOSTROPHES = str.maketrans("", "", "'’")

_SUFFIXES = (
    ("ations", ""),
    ("ation", ""),
    ("ating", ""),
    ("ated", ""),
    ("ate", ""),
    ("ment", ""),
    ("ied", "y"),
    ("ying", "y"),
    ("ing", ""),
    ("ed", ""),
    ("er", ""),
    ("tion", "t"),
    ("sion", "s"),
    ("ly", ""),
    ("e", ""),
)


class Word(NamedTuple):
    """One word of a text: as it was written, folded to its common form, and the stem that it is compared by."""

    spelled: str
    folded: str
    stem: str
    joint: str = ""
    """The blank or hyphen that alone stands between this word and the next; empty where there is more, or nothing."""


def words(text: str) -> list[Word]:
    """The telling words of a text in their order, repetitions included; a compound written apart is one word."""
    return [word for word in all_words(text) if word.folded not in STOP_WORDS]


@lru_cache(maxsize=8)
def all_words(text: str) -> tuple[Word, ...]:
    """The same with the stop words. Who matches a call and sorts it asks twice for the same text."""
    found: list[Word] = []
    plain = unicodedata.normalize("NFKC", text[:TEXT_LIMIT])[:TEXT_LIMIT]
    spans = [each.span() for each in _WORD.finditer(plain)]
    at = 0
    while at < len(spans):
        start, end = spans[at]
        following = spans[at + 1] if at + 1 < len(spans) else None
        folded = _fold(plain[start:end])
        if following and plain[end : following[0]] in _JOINTS:
            pair = f"{folded} {_fold(plain[slice(*following)])}"
            if pair in SAME:
                folded, end, at = pair, following[1], at + 1
        at += 1
        folded = SAME.get(folded, folded)
        if len(folded) <= _LONGEST_WORD:
            gap = plain[end : spans[at][0]] if at < len(spans) else ""
            found.append(Word(plain[start:end], folded, stem(folded), gap if gap in _JOINTS else ""))
    return tuple(found)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without plural, -ing, -ed, -er, -ion or a last e; short words and what holds a digit stay."""
    word = IRREGULAR.get(word, word)
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    word = _singular(word)
    for suffix, instead in _SUFFIXES:
        rest = word.removesuffix(suffix) + instead
        if word.endswith(suffix) and len(rest) >= _SHORTEST_STEM and not set(rest).isdisjoint("aeiouy"):
            return _single_last(rest)
    return word


def _fold(written: str) -> str:
    return written.casefold().translate(_APOSTROPHES)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _single_last(rest: str) -> str:
    """`plugg` is `plug`; `install` and `press` keep their double letter."""
    doubled = len(rest) > _SHORTEST_STEM and rest[-1] == rest[-2] and rest[-1] not in "ls"
    return rest[:-1] if doubled else rest
