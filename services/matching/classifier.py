"""The category of a call, from its words alone.

Each category has its own weighted cues. What is wanted but forbidden, an incident, a request, too little evidence or a
tie is `unknown`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from services.categories import UNKNOWN
from services.matching.bars import barred
from services.matching.cues import CUES, ELSEWHERE, FORBIDDEN_WISHES, TROUBLE
from services.matching.spelling import Speller, may_be_misspelt
from services.matching.vocabulary import STOP_WORDS
from services.matching.words import all_words, stem

_ENOUGH = 3
"""The least weight that decides."""
_LEAST_CUES = 2
"""One word alone names a thing, not a trouble."""
_NEAR = 5
"""How many words a phrase may be spread over, before and after its first word."""
_MOST_REPAIRS = 40

Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    weight: int
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The cue lists, read once: phrases as stems."""

    categories: dict[str, tuple[_Cue, ...]]
    elsewhere: tuple[_Cue, ...]
    trouble: frozenset[str]
    forbidden: tuple[Phrase, ...]
    stems: frozenset[str]
    """Every stem that some cue is made of."""
    speller: Speller


def classify(text: str) -> str:
    """The key of one of the ten buildable categories, or `unknown`."""
    lexicon = _lexicon()
    said = _Said(_stems(text, lexicon))
    if barred(text, ()) or any(said.holds(phrase) for phrase in lexicon.forbidden):
        return UNKNOWN
    trouble = said.any_of(lexicon.trouble)
    hits = {
        category: [cue.weight for cue in cues if said.holds(cue.phrase)]
        for category, cues in lexicon.categories.items()
    }
    *_, second, best = sorted(hits, key=lambda category: sum(hits[category]))
    weight = sum(hits[best])
    rival = max(sum(hits[second]), sum(cue.weight for cue in lexicon.elsewhere if said.holds(cue.phrase)))
    enough = weight + trouble >= _ENOUGH and len(hits[best]) + trouble >= _LEAST_CUES
    return best if enough and weight > rival else UNKNOWN


class _Said:
    """Where in a text each stem stands."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for place, each in enumerate(stems):
            self._places[each].add(place)

    def holds(self, phrase: Phrase) -> bool:
        """All its words, near the first of them, in any order."""
        if not all(each in self._places for each in phrase):
            return False
        first, *others = (self._places[each] for each in phrase)
        return any(
            all(not places.isdisjoint(range(place - _NEAR, place + _NEAR + 1)) for places in others) for place in first
        )

    def any_of(self, stems: frozenset[str]) -> bool:
        return not stems.isdisjoint(self._places)


def _stems(text: str, lexicon: _Lexicon) -> Iterator[str]:
    """The stems of a text in order, misspelt cue words repaired."""
    repairs = _MOST_REPAIRS
    for word in all_words(text):
        meant = None
        if repairs and word.stem not in lexicon.stems and may_be_misspelt(word.folded):
            repairs -= 1
            meant = lexicon.speller.repair(word.folded)
        yield word.stem if meant is None else stem(meant.word)


@cache
def _lexicon() -> _Lexicon:
    blocks = [*CUES.values(), ELSEWHERE, TROUBLE, *FORBIDDEN_WISHES.values()]
    written = [word for block in blocks for word in all_words(block)]
    return _Lexicon(
        categories={category: _cues(block) for category, block in CUES.items()},
        elsewhere=_cues(ELSEWHERE),
        trouble=frozenset(word.stem for word in all_words(TROUBLE)),
        forbidden=tuple(_phrase(each) for block in FORBIDDEN_WISHES.values() for each in block.split(",")),
        stems=frozenset(stem(word) for word in STOP_WORDS) | {word.stem for word in written},
        speller=Speller({word.folded: 1.0 for word in written}),
    )


def _cues(block: str) -> tuple[_Cue, ...]:
    """A line is a weight and the phrases that have it; two spellings of one phrase are one cue."""
    cues: dict[Phrase, _Cue] = {}
    for line in block.strip().splitlines():
        weight, _, phrases = line.strip().partition(" ")
        for phrase in map(_phrase, phrases.split(",")):
            cues.setdefault(phrase, _Cue(int(weight), phrase))
    return tuple(cues.values())


def _phrase(written: str) -> Phrase:
    return tuple(dict.fromkeys(word.stem for word in all_words(written)))
