"""Which flows hold a word, and how strongly each speaks of it; a word that few flows hold counts for more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int32]


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
    """Flows have numbers; a stem's flows lie together, in their order."""

    def __init__(self, stems: dict[str, int], pairs: "_Pairs", size: int, filled: int) -> None:
        """`filled`: how many of the `size` numbers have a flow."""
        self.stems = stems
        self._spelled = list(stems)
        self._size, self._filled = size, filled
        order = np.lexsort((pairs.flows, pairs.stems))
        self._pairs = _Pairs(pairs.stems[order], pairs.flows[order], pairs.weights[order])
        self._starts = np.searchsorted(self._pairs.stems, np.arange(len(stems) + 1))

    @classmethod
    def build(cls, weights: Sequence[Mapping[str, float]]) -> "Postings":
        """Each flow as stem to weight, 0 to 1."""
        stems: dict[str, int] = {}
        pairs = _pairs(enumerate(weights), stems)
        return cls(stems, pairs, len(weights), sum(bool(each) for each in weights))

    def replaced(self, weights: Mapping[int, Mapping[str, float]], size: int) -> "Postings":
        """With these flows at their numbers, an empty one for none, of `size` numbers in all."""
        stems = dict(self.stems)
        kept = ~np.isin(self._pairs.flows, list(weights))
        added = _pairs(weights.items(), stems)
        pairs = _Pairs(
            np.concatenate([self._pairs.stems[kept], added.stems]),
            np.concatenate([self._pairs.flows[kept], added.flows]),
            np.concatenate([self._pairs.weights[kept], added.weights]),
        )
        return Postings(stems, pairs, size, len(np.unique(pairs.flows)))

    def spelled(self, at: int) -> str:
        return self._spelled[at]

    def __contains__(self, stem: str) -> bool:
        return self._spread(stem) > 0

    def idf(self, stem: str) -> float:
        """How telling the stem is; most of all when no flow holds it."""
        holders = self._spread(stem)
        return log(1 + (self._filled - holders + 0.5) / (holders + 0.5))

    @property
    def heaviest(self) -> float:
        """The idf of a stem that no flow holds."""
        return log(1 + (self._filled + 0.5) / 0.5)

    def weights(self, stem: str, numbers: "Numbers") -> "Floats":
        """How strongly each of these flows speaks of a stem that some flow holds, 0 to 1."""
        start, end = self._place(stem)
        flows = self._pairs.flows[start:end]
        at = np.minimum(np.searchsorted(flows, numbers), len(flows) - 1)
        return np.asarray(self._pairs.weights[start:end][at] * (flows[at] == numbers), np.float32)

    def scores(self, terms: Sequence[Term]) -> "Floats":
        """Of every number, what it says of the terms, each by its gain."""
        scores = np.zeros(self._size, np.float32)
        for term in terms:
            start, end = self._place(term.stem)
            scores[self._pairs.flows[start:end]] += term.gain * self._pairs.weights[start:end]
        return scores

    def _place(self, stem: str) -> tuple[int, int]:
        at = self.stems.get(stem)
        return (0, 0) if at is None else (int(self._starts[at]), int(self._starts[at + 1]))

    def _spread(self, stem: str) -> int:
        start, end = self._place(stem)
        return end - start


@dataclass(frozen=True, slots=True)
class _Pairs:
    stems: "Numbers"
    flows: "Numbers"
    weights: "Floats"


def _pairs(weights: Iterable[tuple[int, Mapping[str, float]]], stems: dict[str, int]) -> _Pairs:
    """New stems get the next ids."""
    ids: list[int] = []
    flows: list[int] = []
    shares: list[float] = []
    for at, flow in weights:
        ids += [stems.setdefault(stem, len(stems)) for stem in flow]
        flows += [at] * len(flow)
        shares += flow.values()
    return _Pairs(np.array(ids, np.int32), np.array(flows, np.int32), np.array(shares, np.float32))
