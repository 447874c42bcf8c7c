"""The published flows, ready to be found by what a caller says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.flows.nodes import Flow
from services.matching.bars import Bar, barred
from services.matching.calibration import MATCH, SUGGEST, Evidence, probabilities
from services.matching.documents import Document, Phrase
from services.matching.postings import Postings, Term
from services.matching.reading import Reader

_SHOWN = 5
_WEIGHED = 10
"""Flows whose evidence is weighed; the five most probable of them are shown."""
_WHY = 6
_NAME_TELLS = 4.0
"""A word in a title or keyword, against one in the steps, when two are equally near a misspelling."""

Decision = Literal["matched", "suggest", "none"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score`: how probable it is (0 to 1) that this flow is the right one. `why`: words of the call that matched,
    most telling first, as the caller wrote them."""

    slug: str
    title: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`candidates`: the five best, best first, whatever the decision. `barred`: what keeps the best one from starting
    by itself; set only where it would have."""

    decision: Decision
    candidates: tuple[Candidate, ...]
    barred: Bar | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    slug: str
    title: str
    names: tuple[tuple[str, ...], ...]
    """Stems of the title and of each keyword."""
    phrases: tuple[tuple[str, ...], ...]
    """The names, and the stems of each example."""


class Index:
    """Made once for a set of flows and never changed; when the flows change a new one is built."""

    def __init__(self, entries: Sequence[_Entry], postings: Postings, reader: Reader) -> None:
        self._entries = entries
        self._postings = postings
        self._reader = reader

    @classmethod
    def build(cls, flows: Iterable[Flow]) -> "Index":
        entries: list[_Entry] = []
        postings = Postings()
        used: defaultdict[str, float] = defaultdict(float)
        for flow in sorted(flows, key=lambda flow: flow.slug):
            document = Document.of(flow)
            postings.add(document.weights())
            names = _stems((document.title, *document.keywords))
            entries.append(_Entry(flow.slug, flow.title, names, names + _stems(document.examples)))
            for phrase in document.phrases():
                for word in phrase:
                    used[word.folded] += _NAME_TELLS
            for word in document.steps:
                used[word.folded] += 1
        return cls(entries, postings, Reader(used, postings))

    def match(self, text: str) -> Verdict:
        ranked = self._ranked(self._reader.read(text))
        candidates = tuple(candidate for candidate, _ in ranked[:_SHOWN])
        if not ranked or candidates[0].score < SUGGEST:
            return Verdict("none", candidates)
        if candidates[0].score < MATCH:
            return Verdict("suggest", candidates)
        bar = barred(text, ranked[0][1].names)
        return Verdict("suggest" if bar else "matched", candidates, bar)

    def _ranked(self, terms: Sequence[Term]) -> list[tuple[Candidate, _Entry]]:
        near = [
            (self._entries[number], score, self._shared(terms, number))
            for number, score in self._postings.best(terms, _WEIGHED)
        ]
        said = sum(term.mass for term in terms)
        chances = probabilities([self._evidence(entry, shared, score, said) for entry, score, shared in near])
        ranked = [
            (Candidate(entry.slug, entry.title, chance, _why(shared)), entry)
            for (entry, _, shared), chance in zip(near, chances, strict=True)
        ]
        return sorted(ranked, key=lambda each: -each[0].score)

    def _shared(self, terms: Sequence[Term], number: int) -> list[Term]:
        """The terms that flow `number` speaks of, those that speak for it most first."""
        told = [(term.gain * self._postings.weight(term.stem, number), term) for term in terms]
        return [term for weight, term in sorted(told, key=lambda each: -each[0]) if weight]

    def _evidence(self, entry: _Entry, shared: Sequence[Term], score: float, said: float) -> Evidence:
        gains = {term.stem: term.gain for term in shared}
        named = {stem for phrase in entry.phrases for stem in phrase}
        whole = (phrase for phrase in entry.phrases if gains.keys() >= set(phrase))
        return Evidence(
            explained=score / said,
            named=sum(gain for stem, gain in gains.items() if stem in named) / said,
            phrase=max((sum(gains[stem] for stem in phrase) for phrase in whole), default=0.0) / said,
            amount=sum(gains.values()) / self._postings.heaviest,
        )


def _stems(phrases: Iterable[Phrase]) -> tuple[tuple[str, ...], ...]:
    """The distinct stems of every phrase that has any."""
    return tuple(tuple(dict.fromkeys(word.stem for word in phrase)) for phrase in phrases if phrase)


def _why(shared: Sequence[Term]) -> tuple[str, ...]:
    distinct = {term.spelled.casefold(): term.spelled for term in reversed(shared)}
    return tuple(reversed(distinct.values()))[:_WHY]
