"""Spelling repair: a word that nobody knows, one or two slips of the finger away from one the library uses."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.matching.vocabulary import ORDINARY, STOP_WORDS

_LEAST_LETTERS = 4
_TWO_SLIPS_FROM = 6

_ONE_SLIP_TRUST = 0.85
_TWO_SLIPS_TRUST = 0.6

_WRONG_LETTER = 0.25
"""A letter mistaken for another is rarer than one left out, doubled or swapped."""
_OTHER_INITIAL = 0.2

_ENDINGS = ("s", "es", "ed", "ing", "ly")


@dataclass(frozen=True, slots=True)
class Repair:
    """The word most likely meant, a library's or a stop word, and how far to trust that, 0 to 1."""

    word: str
    trust: float


class Speller:
    """Knows the library's words; `weights` (word to how telling it is) chooses between equally near ones."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in {*weights, *STOP_WORDS}:
            if len(word) >= _LEAST_LETTERS and word.isalpha():
                self._by_initial[word[0]].append(word)

    def repair(self, word: str) -> Repair | None:
        """None when the word is an ordinary one or near nothing. Not to be asked about words the library has."""
        if not may_be_misspelt(word):
            return None
        near = [
            (slips + self._oddness(word, found), -self._weights.get(found, 0.0), found, slips)
            for initial in dict.fromkeys(word[:2])
            for found, slips in self._near(word, initial)
        ]
        if not near:
            return None
        *_, found, slips = min(near)
        return Repair(found, _ONE_SLIP_TRUST if slips == 1 else _TWO_SLIPS_TRUST)

    def _near(self, word: str, initial: str) -> list[tuple[str, int]]:
        extract, distance = _search()
        slips = 2 if len(word) >= _TWO_SLIPS_FROM and initial == word[0] else 1
        known = self._by_initial.get(initial, [])
        found = extract(word, known, scorer=distance, score_cutoff=slips, limit=8)
        return [(each, int(far)) for each, far, _ in found]

    @staticmethod
    def _oddness(word: str, found: str) -> float:
        mistaken = len(word) == len(found) and sorted(word) != sorted(found)
        return mistaken * _WRONG_LETTER + (word[0] != found[0]) * _OTHER_INITIAL


def may_be_misspelt(word: str) -> bool:
    """Whether a repair is worth the search: no ordinary word, no number, not too short."""
    return len(word) >= _LEAST_LETTERS and word.isalpha() and not _is_ordinary(word)


@cache
def _search() -> tuple[Any, Any]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    return process.extract, OSA.distance


def _is_ordinary(word: str) -> bool:
    """The word or what it is a form of. Not by the stem, which would make `projecter` a form of `project`."""
    return word in ORDINARY or any(
        word.endswith(ending) and not ORDINARY.isdisjoint((word.removesuffix(ending), word.removesuffix(ending) + "e"))
        for ending in _ENDINGS
    )
