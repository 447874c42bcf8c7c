"""The lexical core: which flows speak of the words of a call, and how much of it they explain. Always there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from services.matching.gists import Gist, Stems
from services.matching.postings import Postings, Term
from services.matching.reading import Reader

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int32]

_WHY = 6


class Lexical:
    """Flows have numbers; what stands at one may be replaced, which gives another core."""

    evidence: ClassVar[tuple[str, ...]] = ("explained", "named", "phrase", "amount")
    """explained: share of what the call says that the flow speaks of, each word by how strongly (the normalised BM25F
    score). named: share that stands in the flow's title, keywords or examples. phrase: share of the heaviest of those
    that the call says in full. amount: all that they have in common, as the logarithm of words of the rarest kind.
    Shares are of the weight of everything that the call says, unknown words included."""

    def __init__(self, used: Mapping[str, float], postings: Postings, spoken: "_Spoken") -> None:
        self._used = used
        self._postings = postings
        self._spoken = spoken
        self._reader = Reader(used, postings)

    @classmethod
    def build(cls, gists: Sequence[Gist]) -> "Lexical":
        postings = Postings.build([gist.weights for gist in gists])
        return cls(_used({}, gists), postings, _Spoken.build(gists, postings.stems))

    def replaced(self, gists: Mapping[int, Gist | None], size: int) -> "Lexical":
        """With these at their numbers (None: nothing any more), of `size` numbers in all."""
        there = [gist for gist in gists.values() if gist is not None]
        postings = self._postings.replaced({at: gist.weights if gist else {} for at, gist in gists.items()}, size)
        return Lexical(_used(self._used, there), postings, self._spoken.replaced(gists, postings.stems))

    def phrases(self, number: int) -> list[Stems]:
        """The names of a flow, then its examples, as distinct stems."""
        return [tuple(self._postings.spelled(stem) for stem in phrase) for phrase in self._spoken.of(number)]

    def ask(self, text: str) -> "Said":
        return Said(self._reader.read(text), self._postings, self._spoken)


class Said:
    """A call, as the words of the library."""

    def __init__(self, terms: Sequence[Term], postings: Postings, spoken: "_Spoken") -> None:
        self._terms = terms
        self._postings = postings
        self._spoken = spoken
        self._scores = postings.scores(terms)
        self._gain_of = np.zeros(len(postings.stems), np.float32)
        for term in terms:
            if (at := postings.stems.get(term.stem)) is not None:
                self._gain_of[at] = term.gain
        self._all = sum(term.mass for term in terms) or 1.0

    def best(self, count: int) -> list[int]:
        """The numbers of the flows that speak most of it, best first, at most `count`; equals in their order."""
        return leading(self._scores, count, least=0.0)

    def weigh(self, numbers: Sequence[int]) -> "Floats":
        """A row of evidence for each flow."""
        if not numbers:
            return np.zeros((0, 4), np.float32)
        wanted = np.array(numbers, np.int32)
        named, phrase = self._spoken.said_of(wanted, self._gain_of)
        gains = np.array([term.gain for term in self._terms], np.float32)
        common = gains @ (self._told(wanted) > 0) if self._terms else np.zeros(len(wanted))
        shares = (self._scores[wanted], named, phrase)
        return np.column_stack([*(each / self._all for each in shares), np.log1p(common / self._postings.heaviest)])

    def why(self, number: int) -> tuple[str, ...]:
        """The caller's own words that the flow speaks of, most telling first."""
        weights = self._told(np.array([number], np.int32))[:, 0].tolist()
        told = [(term.gain * weight, term) for weight, term in zip(weights, self._terms, strict=True)]
        shared = [term for weight, term in sorted(told, key=lambda each: -each[0]) if weight]
        distinct = {term.spelled.casefold(): term.spelled for term in reversed(shared)}
        return tuple(reversed(distinct.values()))[:_WHY]

    def _told(self, numbers: "Numbers") -> "Floats":
        """How strongly each flow (a column) speaks of each term."""
        told = np.zeros((len(self._terms), len(numbers)), np.float32)
        for row, term in enumerate(self._terms):
            if term.stem in self._postings:
                told[row] = self._postings.weights(term.stem, numbers)
        return told


def leading(scores: "Floats", count: int, least: float = -np.inf) -> list[int]:
    """Where the highest scores above `least` stand, highest first, equals in their order."""
    if len(scores) > count:
        edge = np.partition(scores, len(scores) - count)[len(scores) - count]
        near = np.flatnonzero(scores >= edge)
    else:
        near = np.arange(len(scores))
    near = near[scores[near] > least]
    return [int(at) for at in near[np.argsort(-scores[near], kind="stable")][:count]]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The stems of the names and examples of every flow: three columns, by flow."""

    flows: "Numbers"
    phrases: "Numbers"
    stems: "Numbers"

    @classmethod
    def build(cls, gists: Sequence[Gist], ids: Mapping[str, int]) -> "_Spoken":
        return cls(*_columns(enumerate(gists), ids))

    def replaced(self, gists: Mapping[int, Gist | None], ids: Mapping[str, int]) -> "_Spoken":
        kept = ~np.isin(self.flows, list(gists))
        added = _columns(((at, gist) for at, gist in gists.items() if gist is not None), ids)
        columns = [
            np.concatenate([old[kept], new])
            for old, new in zip((self.flows, self.phrases, self.stems), added, strict=True)
        ]
        order = np.argsort(columns[0], kind="stable")
        return _Spoken(*(column[order] for column in columns))

    def of(self, number: int) -> list[list[int]]:
        start, end = np.searchsorted(self.flows, [number, number + 1])
        phrases: dict[int, list[int]] = {}
        for phrase, stem in zip(self.phrases[start:end].tolist(), self.stems[start:end].tolist(), strict=True):
            phrases.setdefault(phrase, []).append(stem)
        return list(phrases.values())

    def said_of(self, numbers: "Numbers", gain_of: "Floats") -> "tuple[Floats, Floats]":
        """Of each flow, by what a call gains of each stem (0 for what it does not say): the sum for the stems that are
        in some phrase, and that for the best of the phrases that it says in full."""
        starts, ends = np.searchsorted(self.flows, numbers), np.searchsorted(self.flows, numbers, "right")
        rows = np.concatenate([np.arange(*each) for each in zip(starts, ends, strict=True)])
        of = np.repeat(np.arange(len(numbers)), ends - starts)
        named, best = np.zeros(len(numbers), np.float32), np.zeros(len(numbers), np.float32)
        if not len(rows):
            return named, best
        stems, phrases = self.stems[rows], self.phrases[rows]
        gains = gain_of[stems]
        heard = np.flatnonzero(gains)
        _, once = np.unique(of[heard] * len(gain_of) + stems[heard], return_index=True)
        np.add.at(named, of[heard][once], gains[heard][once])
        begins = np.flatnonzero(np.r_[True, (np.diff(of) != 0) | (np.diff(phrases) != 0)])
        in_full = np.minimum.reduceat(gains, begins) > 0
        np.maximum.at(best, of[begins], np.where(in_full, np.add.reduceat(gains, begins), 0))
        return named, best


def _columns(gists: Iterable[tuple[int, Gist]], ids: Mapping[str, int]) -> "tuple[Numbers, Numbers, Numbers]":
    flows: list[int] = []
    phrases: list[int] = []
    stems: list[int] = []
    for at, gist in gists:
        for number, phrase in enumerate((*gist.names, *gist.examples)):
            stems += [ids[stem] for stem in phrase]
            phrases += [number] * len(phrase)
            flows += [at] * len(phrase)
    return np.array(flows, np.int32), np.array(phrases, np.int32), np.array(stems, np.int32)


def _used(before: Mapping[str, float], gists: Iterable[Gist]) -> dict[str, float]:
    """What a flow that went used stays: a word more that is read as it is written."""
    used = dict(before)
    for gist in gists:
        for word, weight in gist.used.items():
            used[word] = used.get(word, 0.0) + weight
    return used
