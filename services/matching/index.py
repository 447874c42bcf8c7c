"""The published flows, ready to be found by what a caller says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from services.flows.nodes import Flow
from services.matching.bars import Bar, barred
from services.matching.calibration import HYBRID, LEXICAL, SUGGEST, Fit, chances, ranked, threshold, with_shared
from services.matching.gists import Embedder, Gist, Stems, Texts, gists
from services.matching.lexical import Lexical, Said
from services.matching.semantic import Meant, Semantic

if TYPE_CHECKING:
    from services.matching.calibration import Floats

_SHOWN = 5
_NEAR = 16
"""Flows that each core puts forward; the evidence of all of them is weighed."""

Decision = Literal["matched", "suggest", "none"]


class Core(Protocol):
    """One way of telling how near flows are to a call. Flows are numbers, the same for every core."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """What its columns are called."""

    def ask(self, text: str) -> "Asked": ...


class Asked(Protocol):
    def best(self, count: int) -> list[int]:
        """The nearest flows, nearest first."""

    def weigh(self, numbers: Sequence[int]) -> "Floats":
        """A row of evidence for each flow."""


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
    names: int
    """How many it has: the title and the keywords."""


class Index:
    """Never changed: when flows change, another is made of it."""

    def __init__(self, entries: Sequence[_Entry | None], lexical: Lexical, semantic: Semantic | None, fit: Fit) -> None:
        self._entries = entries
        self._numbers = {entry.slug: at for at, entry in enumerate(entries) if entry is not None}
        self._lexical = lexical
        self._semantic = semantic
        self.fit = fit

    @classmethod
    def build(cls, flows: Iterable[Flow], embedder: Embedder | None = None) -> "Index":
        """Of flows that nobody has read yet."""
        ordered = sorted(flows, key=lambda flow: flow.slug)
        return cls.of(gists([Texts.of(flow) for flow in ordered], embedder), embedder)

    @classmethod
    def of(cls, gists: Iterable[Gist], embedder: Embedder | None = None, fit: Fit | None = None) -> "Index":
        """Without a fit of its own the library has that which every library begins with."""
        index = cls([], Lexical.build([]), None if embedder is None else Semantic.build([], embedder), fit or LEXICAL)
        return index.changed(gists, fit=fit)

    def changed(self, gists: Iterable[Gist], gone: Iterable[str] = (), fit: Fit | None = None) -> "Index":
        """With these flows new or in the place of those of the same slug, and without those that are gone."""
        entries = list(self._entries)
        at: dict[int, Gist | None] = {self._numbers[slug]: None for slug in gone if slug in self._numbers}
        for gist in gists:
            number = self._numbers.get(gist.slug)
            if number is None:
                number = len(entries)
                entries.append(None)
            at[number] = gist
        for number, each in at.items():
            entries[number] = _entry(each) if each is not None else None
        lexical = self._lexical.replaced(at, len(entries))
        semantic = self._semantic.replaced(at, len(entries)) if self._semantic is not None else None
        size = sum(entry is not None for entry in entries)
        return Index(entries, lexical, semantic, fit or _first_fit(size, semantic is not None))

    def fitted(self, fit: Fit) -> "Index":
        return Index(self._entries, self._lexical, self._semantic, fit)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def hybrid(self) -> bool:
        """There is an embedder."""
        return self._semantic is not None

    @property
    def vector_size(self) -> int:
        return 0 if self._semantic is None else self._semantic.middles.shape[1]

    def match(self, text: str) -> Verdict:
        said, numbers, evidence = self._heard(text)
        evidence = with_shared(evidence)
        best = ranked(evidence, chances(evidence, len(self), self.fit))[:_SHOWN]
        candidates = tuple(self._candidate(numbers[at], worth, said) for at, worth in best)
        if not best or best[0][1] < SUGGEST:
            return Verdict("none", candidates)
        if best[0][1] < self.fit.match:
            return Verdict("suggest", candidates)
        bar = barred(text, self._names(numbers[best[0][0]]))
        return Verdict("suggest" if bar else "matched", candidates, bar)

    def evidence(self, text: str) -> tuple[list[str], "Floats"]:
        """The slugs of the near flows, and a row of evidence for each, without what comes of both cores."""
        _, numbers, evidence = self._heard(text)
        return [entry.slug for at in numbers if (entry := self._entries[at])], evidence

    def _heard(self, text: str) -> tuple[Said, list[int], "Floats"]:
        said = self._lexical.ask(text)
        asked: list[Said | Meant] = [said]
        if self._semantic is not None:
            asked.append(self._semantic.ask(text))
        numbers = list(dict.fromkeys(number for each in asked for number in each.best(_NEAR)))
        numbers.sort()
        return said, numbers, np.concatenate([each.weigh(numbers) for each in asked], axis=1)

    def _names(self, number: int) -> list[Stems]:
        """The stems of the title and of each keyword."""
        entry = self._entries[number]
        return self._lexical.phrases(number)[: entry.names if entry else 0]

    def _candidate(self, number: int, chance: float, said: Said) -> Candidate:
        entry = self._entries[number]
        assert entry is not None  # noqa: S101  # nothing speaks for a number without a flow
        return Candidate(entry.slug, entry.title, chance, said.why(number))


def _entry(gist: Gist) -> _Entry:
    return _Entry(gist.slug, gist.title, len(gist.names))


def _first_fit(size: int, hybrid: bool) -> Fit:
    first = HYBRID if hybrid else LEXICAL
    return replace(first, match=threshold(size, first.match))
