"""What a caller says, read against the words the library uses."""

from collections.abc import Iterator, Mapping, Sequence

from services.matching.postings import Postings, Term
from services.matching.spelling import Speller, may_be_misspelt
from services.matching.words import Word, stem, words

_MOST_TERMS = 64
_MOST_REPAIRS = 24
"""Words that are searched for, whether or not one is found."""
_SHORTEST_PART = 4


class Reader:
    """`used`: the library's words (folded, not stemmed) with how telling each is."""

    def __init__(self, used: Mapping[str, float], postings: Postings) -> None:
        self._used = used
        self._postings = postings
        self._speller = Speller(used)

    def read(self, text: str) -> list[Term]:
        """The distinct telling terms of a text, at most 64; a word that no flow holds weighs the most."""
        terms: dict[str, Term] = {}
        for term in self._terms(words(text)):
            terms.setdefault(term.stem, term)
            if len(terms) == _MOST_TERMS:
                break
        return list(terms.values())

    def _terms(self, said: Sequence[Word]) -> Iterator[Term]:
        repairs = _MOST_REPAIRS
        at = 0
        while at < len(said):
            word = said[at]
            whole = word.folded + said[at + 1].folded if word.joint and at + 1 < len(said) else ""
            at += 1
            if whole in self._used:
                yield self._term(whole, word.spelled + word.joint + said[at].spelled)
                at += 1
            elif word.stem in self._postings:
                yield self._term(word.folded, word.spelled)
            elif parts := self._parts(word.folded):
                yield from (self._term(part, word.spelled) for part in parts)
            elif not (repairs and may_be_misspelt(word.folded)):
                yield self._term(word.folded, word.spelled)
            else:
                repairs -= 1
                meant = self._speller.repair(word.folded)
                if meant is None:
                    yield self._term(word.folded, word.spelled)
                elif meant.word in self._used:
                    yield self._term(meant.word, word.spelled, meant.trust)

    def _term(self, word: str, spelled: str, trust: float = 1.0) -> Term:
        key = stem(word)
        return Term(key, self._postings.idf(key), trust, spelled)

    def _parts(self, word: str) -> tuple[str, str] | None:
        """The two words of the library that were written as one."""
        cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        return next(
            ((word[:cut], word[cut:]) for cut in cuts if word[:cut] in self._used and word[cut:] in self._used), None
        )
