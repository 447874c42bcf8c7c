"""A flow as the matcher reads it: its words, by how telling the place is that they stand in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.flows.nodes import Flow
from services.matching.words import Word, words

_TITLE, _KEYWORDS, _EXAMPLES, _STEPS = 3.0, 2.5, 2.5, 0.8
_USUAL_LENGTHS = (5, 9, 9, 30)
"""Telling words in a title, in all keywords, in all examples, in all steps. A longer field says less with each word."""
_LENGTH_MATTERS = (0.3, 0.3, 0.3, 0.6)
_SATURATION = 1.5

Phrase: TypeAlias = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: Phrase
    keywords: tuple[Phrase, ...]
    examples: tuple[Phrase, ...]
    steps: Phrase

    @classmethod
    def of(cls, flow: Flow, examples: Sequence[str] | None = None) -> "Document":
        """`examples`: those of the flow, unless others are given."""
        steps = (flow.summary or "", *(node.text for node in flow.nodes.values()))
        return cls(
            title=tuple(words(flow.title)),
            keywords=tuple(tuple(words(each)) for each in flow.keywords),
            examples=tuple(tuple(words(each)) for each in (flow.examples if examples is None else examples)),
            steps=tuple(word for each in steps for word in words(each)),
        )

    def phrases(self) -> Iterator[Phrase]:
        """What somebody named this flow by: the title, each keyword, each example."""
        yield from (self.title, *self.keywords, *self.examples)

    def weights(self) -> dict[str, float]:
        """Stem to how strongly the flow speaks of it, 0 to 1 (BM25F)."""
        heard: defaultdict[str, float] = defaultdict(float)
        fields = (self.title, _flat(self.keywords), _flat(self.examples), self.steps)
        boosts = (_TITLE, _KEYWORDS, _EXAMPLES, _STEPS)
        for field, boost, usual, matters in zip(fields, boosts, _USUAL_LENGTHS, _LENGTH_MATTERS, strict=True):
            norm = 1 - matters + matters * len(field) / usual
            for stem, times in Counter(word.stem for word in field).items():
                heard[stem] += boost * times / norm
        return {stem: times / (_SATURATION + times) for stem, times in heard.items()}


def _flat(phrases: Iterable[Phrase]) -> Phrase:
    return tuple(word for phrase in phrases for word in phrase)
