"""The semantic core: which flows mean what the call means, by the vectors of sentences."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from services.matching.gists import Embedder, Gist, quantised
from services.matching.lexical import leading

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.int8]

_BLOCK = 1024
"""Rows made floats at once: what stays in a processor's cache."""
_MOST_VECTORS = 60_000
"""Of examples, in memory: past that each flow keeps fewer."""
_LEAST_KEPT = 2


class Semantic:
    """Flows have the same numbers as in the lexical core."""

    evidence: ClassVar[tuple[str, ...]] = ("alike", "group", "nearest", "exemplified")
    """alike: cosine of the call and the flow as a whole. group, nearest: of the call and the middle of the flow's
    examples, and the nearest of them, both 0 for a flow that has none. exemplified: 1 for a flow that has examples."""

    def __init__(self, embedder: Embedder, whole: "Bytes", middle: "Bytes", examples: "list[Bytes]") -> None:
        self._embedder = embedder
        self.whole, self.middle, self.examples = whole, middle, examples
        self.lengths = [_lengths(whole), _lengths(middle)]

    @classmethod
    def build(cls, gists: Sequence[Gist], embedder: Embedder) -> "Semantic":
        empty = np.zeros((0, embedder.size), np.int8)
        return cls(embedder, empty, empty, []).replaced(dict(enumerate(gists)), len(gists))

    def replaced(self, gists: Mapping[int, Gist | None], size: int) -> "Semantic":
        most = max(_LEAST_KEPT, _MOST_VECTORS // max(size, 1))
        none = np.zeros((size - len(self.examples), self.whole.shape[1]), np.int8)
        whole, middle = np.concatenate([self.whole, none]), np.concatenate([self.middle, none])
        examples = [*self.examples, *(none[:0] for _ in none)]
        for at, gist in gists.items():
            rows = none[:0] if gist is None or gist.vectors is None else gist.vectors
            whole[at] = rows[0] if len(rows) else 0
            middle[at] = _middle(rows[1:]) if len(rows) > 1 else 0
            examples[at] = rows[1:][-most:]
        return Semantic(self._embedder, whole, middle, examples)

    def ask(self, text: str) -> "Meant":
        return Meant(self._embedder.encode([text])[0], self)


class Meant:
    """A call, as a vector beside those of the library."""

    def __init__(self, vector: "Floats", core: Semantic) -> None:
        self._vector = vector
        self._core = core
        self._alike = _cosines(core.whole, core.lengths[0], vector)
        self._group = _cosines(core.middle, core.lengths[1], vector)

    def best(self, count: int) -> list[int]:
        """The numbers of the flows that are most like it, best first, at most `count`; equals in their order."""
        return leading(np.maximum(self._alike, self._group), count, least=0.0)

    def weigh(self, numbers: Sequence[int]) -> "Floats":
        """A row of evidence for each flow."""
        return np.array([self._weighed(number) for number in numbers], np.float32).reshape(len(numbers), 4)

    def _weighed(self, number: int) -> tuple[float, float, float, float]:
        examples = self._core.examples[number]
        if not len(examples):
            return float(self._alike[number]), 0.0, 0.0, 0.0
        nearest = _cosines(examples, _lengths(examples), self._vector).max()
        return float(self._alike[number]), float(self._group[number]), float(nearest), 1.0


def _middle(rows: "Bytes") -> "Bytes":
    floats = rows.astype(np.float32)
    floats /= np.linalg.norm(floats, axis=1, keepdims=True) + 1e-9
    middle: Bytes = quantised(floats.mean(axis=0, keepdims=True))[0]
    return middle


def _lengths(rows: "Bytes") -> "Floats":
    lengths = np.empty(len(rows), np.float32)
    for at in range(0, len(rows), _BLOCK):
        lengths[at : at + _BLOCK] = np.linalg.norm(rows[at : at + _BLOCK].astype(np.float32), axis=1)
    return np.maximum(lengths, 1e-9)


def _cosines(rows: "Bytes", lengths: "Floats", vector: "Floats") -> "Floats":
    """Of each row and the vector, which has length one; 0 for an empty row."""
    found = np.empty(len(rows), np.float32)
    for at in range(0, len(rows), _BLOCK):
        found[at : at + _BLOCK] = rows[at : at + _BLOCK].astype(np.float32) @ vector
    return np.asarray(found / lengths, np.float32)
