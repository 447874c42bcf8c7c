"""The semantic core: which flows mean what the call means, by the vectors of sentences."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from services.matching.gists import NAMES, Embedder, Gist, quantised
from services.matching.lexical import leading

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.int8]

_BLOCK = 1024
"""Rows made floats at once: what stays in a processor's cache."""
_WHOLE_COUNTS = 4
"""The flow as a whole, against one of its examples, in its middle."""
_MOST_VECTORS = 40_000
"""Of names and examples, in memory: past that each flow keeps its names and the newest of its examples."""


class Semantic:
    """Flows have the same numbers as in the lexical core."""

    evidence: ClassVar[tuple[str, ...]] = ("alike", "nearest")
    """alike: cosine of the call and the flow's middle, which its examples pull the more the more there are. nearest:
    of the call and the nearest of its names and examples."""

    def __init__(self, embedder: Embedder, middles: "Bytes", lengths: "Floats", said: "list[Bytes]") -> None:
        self._embedder = embedder
        self.middles, self._lengths, self.said = middles, lengths, said

    @classmethod
    def build(cls, gists: Sequence[Gist], embedder: Embedder) -> "Semantic":
        empty = np.zeros((0, embedder.size), np.int8)
        return cls(embedder, empty, np.zeros(0, np.float32), []).replaced(dict(enumerate(gists)), len(gists))

    def replaced(self, gists: Mapping[int, Gist | None], size: int) -> "Semantic":
        most = max(0, _MOST_VECTORS // max(size, 1) - NAMES)
        none = np.zeros((size - len(self.said), self.middles.shape[1]), np.int8)
        middles, lengths = np.concatenate([self.middles, none]), np.concatenate([self._lengths, np.ones(len(none))])
        said = [*self.said, *(none[:0] for _ in none)]
        for at, gist in gists.items():
            if gist is None or gist.vectors is None:
                middles[at], said[at] = 0, none[:0]
                continue
            names, examples = gist.vectors[1 : 1 + NAMES], gist.vectors[1 + NAMES :]
            middles[at] = _middle(gist.vectors[0], examples)
            said[at] = np.concatenate([names, examples[max(0, len(examples) - most) :]])
        made = [at for at, gist in gists.items() if gist is not None]
        lengths[made] = np.maximum(np.linalg.norm(middles[made].astype(np.float32), axis=1), 1e-9)
        return Semantic(self._embedder, middles, np.asarray(lengths, np.float32), said)

    def ask(self, text: str) -> "Meant":
        return Meant(self._embedder.encode([text])[0], self)

    def alike(self, vector: "Floats") -> "Floats":
        """The cosine of each middle and a vector of length one."""
        found = np.empty(len(self.middles), np.float32)
        for at in range(0, len(found), _BLOCK):
            found[at : at + _BLOCK] = self.middles[at : at + _BLOCK].astype(np.float32) @ vector
        return np.asarray(found / self._lengths, np.float32)


class Meant:
    """A call, as a vector beside those of the library."""

    def __init__(self, vector: "Floats", core: Semantic) -> None:
        self._vector = vector
        self._core = core
        self._alike = core.alike(vector)

    def best(self, count: int) -> list[int]:
        """The numbers of the flows that are most like it, best first, at most `count`; equals in their order."""
        return leading(self._alike, count, least=0.0)

    def weigh(self, numbers: Sequence[int]) -> "Floats":
        """A row of evidence for each flow."""
        if not numbers:
            return np.zeros((0, 2), np.float32)
        said = [self._core.said[number] for number in numbers]
        rows = np.concatenate(said).astype(np.float32)
        alike = rows @ self._vector / np.maximum(np.sqrt(np.einsum("ij,ij->i", rows, rows)), 1e-9)
        ends = np.cumsum([len(each) for each in said])
        # A flow without a vector has an empty heap, which `reduceat` does not know.
        nearest = [alike[end - len(each) : end].max(initial=0.0) for end, each in zip(ends, said, strict=True)]
        return np.column_stack([self._alike[list(numbers)], np.array(nearest, np.float32)])


def _middle(whole: "Bytes", examples: "Bytes") -> "Bytes":
    if not len(examples):
        return whole
    rows = np.concatenate([whole[None], examples]).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    of_all = rows[1:].sum(axis=0)
    of_all /= np.linalg.norm(of_all) + 1e-9
    middle: Bytes = quantised((_WHOLE_COUNTS * rows[0] + len(examples) * of_all)[None])[0]
    return middle
