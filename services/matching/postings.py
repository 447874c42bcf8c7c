"""Which flows hold a word, and how strongly each speaks of it; a word that few flows hold counts for more."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

_PAIRS_READ = 40_000
"""Past so many (word, flow) pairs the common words of a call are looked up for the leading flows only."""
_LEADING = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A stem that the call speaks of, its share of what the call says (idf), and how far the reading is trusted."""

    stem: str
    mass: float
    trust: float
    spelled: str

    @property
    def gain(self) -> float:
        return self.mass * self.trust


class Postings:
    """Flows are numbered in the order they are added."""

    def __init__(self) -> None:
        self._size = 0
        self._holders: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
        self._weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))

    def add(self, weights: Mapping[str, float]) -> None:
        """The next flow, as stem to weight (0 to 1)."""
        for stem, weight in weights.items():
            self._holders[stem].append(self._size)
            self._weights[stem].append(weight)
        self._size += 1

    def __contains__(self, stem: str) -> bool:
        return stem in self._holders

    def idf(self, stem: str) -> float:
        """How telling the stem is; most of all when no flow holds it."""
        holders = self._spread(stem)
        return log(1 + (self._size - holders + 0.5) / (holders + 0.5))

    @property
    def heaviest(self) -> float:
        """The idf of a stem that no flow holds."""
        return log(1 + (self._size + 0.5) / 0.5)

    def weight(self, stem: str, number: int) -> float:
        """How strongly flow `number` speaks of the stem, 0 to 1."""
        if stem not in self._holders:
            return 0.0
        holders = self._holders[stem]
        at = bisect_left(holders, number)
        return self._weights[stem][at] if at < len(holders) and holders[at] == number else 0.0

    def best(self, terms: Sequence[Term], count: int) -> list[tuple[int, float]]:
        """The `count` best flows with their scores, best first; equals in the order they were added."""
        rarest_first = sorted((term for term in terms if term.stem in self), key=lambda term: self._spread(term.stem))
        scores: dict[int, float] = {}
        read = 0
        for at, term in enumerate(rarest_first):
            read += self._spread(term.stem)
            if scores and read > _PAIRS_READ:
                scores = self._with_common(_leading(scores, _LEADING), rarest_first[at:])
                break
            gain = term.gain
            for number, weight in zip(self._holders[term.stem], self._weights[term.stem], strict=True):
                scores[number] = scores.get(number, 0.0) + gain * weight
        return _leading(scores, count)

    def _with_common(self, leading: list[tuple[int, float]], terms: Sequence[Term]) -> dict[int, float]:
        return {
            number: score + sum(term.gain * self.weight(term.stem, number) for term in terms)
            for number, score in leading
        }

    def _spread(self, stem: str) -> int:
        return len(self._holders[stem]) if stem in self._holders else 0


def _leading(scores: Mapping[int, float], count: int) -> list[tuple[int, float]]:
    return nlargest(count, scores.items(), key=lambda scored: (scored[1], -scored[0]))
