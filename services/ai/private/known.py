"""Names that the caller knows: of the customer, the contact, the technician. Found however they are written."""

import re
from collections.abc import Iterator, Sequence

from services.ai.private.finding import Span
from services.ai.private.lexicon import PARTICLES, WORD, capital, in_list, listed, plain

_COMPANY = frozenset(
    """
    ltd limited inc incorporated llc llp plc corp corporation gmbh ag kg ohg co bv nv sa sarl sas sl spa srl ab oy as
    ug mbh se     company group holding holdings international partners associates consulting services systems
    solutions technologies
    """.split()
)
_TITLES = frozenset("mr mrs ms miss mx dr prof sir dipl ing mag herr frau mme mlle sr sra dhr mevr".split())
_WRITTEN = {"ä": "(?:a|ae)", "ö": "(?:o|oe)", "ü": "(?:u|ue)", "ß": "(?:s|ss)", "ø": "(?:o|oe)", "å": "(?:a|aa)"}
_LETTER = r"[^\W\d_]"
_LONG = 3


class Known:
    """Matches on the plain spelling: capitals and accents do not matter, except for names that are words too."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names` are of people and customers, as they stand in a ticket."""
        always: set[str] = set()
        capitals: set[str] = set()
        for name in names:
            for variant, sure in _variants(name):
                (always if sure else capitals).add(variant)
        self._always = _pattern(always)
        self._capitals = _pattern(capitals - always)

    def found(self, text: str) -> Iterator[Span]:
        small = plain(text)
        if self._always is not None:
            yield from (Span(*match.span(), "NAME") for match in self._always.finditer(small))
        if self._capitals is not None:
            for match in self._capitals.finditer(small):
                if capital(text[match.start() :]):
                    yield Span(*match.span(), "NAME")


def _variants(name: str) -> Iterator[tuple[str, bool]]:
    """Patterns, and whether they are the name whatever the capitals."""
    words = [word for word in re.split(r"[\s,;()/]+", name.strip()) if WORD.search(word)]
    if not words:
        return
    yield r"\W{1,3}".join(map(_spelled, words)), len(words) > 1 or _sure(words[0])
    named = [word for word in words if plain(word).strip(".") not in _TITLES | _COMPANY]
    if 1 < len(named) < len(words):
        yield r"\W{1,3}".join(map(_spelled, named)), True
    own = [word for word in named if plain(word) not in PARTICLES]
    for word in own:
        for part in {word, *word.split("-")}:
            if _sure(part):
                yield _spelled(part), True
            elif _may_be_a_name(part):
                yield _spelled(part), False
    if len(own) > 1:
        yield from ((_spelled(login), True) for login in _logins(own[0], own[-1]))


def _logins(first: str, last: str) -> Iterator[str]:
    """What an account of somebody with this name is called."""
    first, last = ("".join(WORD.findall(word)).replace("-", "") for word in (first, last))
    for login in (first + last, last + first, first[:1] + last, last + first[:1], first + last[:1]):
        if len(login) > _LONG and not in_list(login):
            yield login


def _sure(word: str) -> bool:
    return (len(word) >= _LONG or not word.isascii()) and not _may_be_a_word(word)


def _may_be_a_word(word: str) -> bool:
    return in_list(word) or plain(word) in listed("doubtful_given") | listed("doubtful_family")


def _may_be_a_name(word: str) -> bool:
    """Short, or a word too: only with a capital."""
    return len(word) > 1 and (not in_list(word) or plain(word) in listed("doubtful_given") | listed("doubtful_family"))


def _spelled(word: str) -> str:
    """A pattern for the plain spelling: umlauts in one letter or two, hyphens and apostrophes or none."""
    spelled = []
    for letter in word.lower():
        if letter in "'’ʼ":
            spelled.append("'?")
        elif letter == "-":
            spelled.append(r"[-\s]?")
        else:
            spelled.append(_WRITTEN.get(letter) or re.escape(plain(letter)))
            if letter.isalpha():
                spelled.append("[\u0300-\u036f]?")
    return "".join(spelled).replace(f"s{_MARK}s{_MARK}", f"(?:s{_MARK}s|s){_MARK}")


_MARK = "[\u0300-\u036f]?"


def _pattern(variants: set[str]) -> re.Pattern[str] | None:
    if not variants:
        return None
    cased = sorted((each for each in variants if re.search("[a-zа-яα-ω]", each)), key=len, reverse=True)
    others = sorted(
        variants - set(cased), key=len, reverse=True
    )  # where no script has capitals, none has spaces either
    bounded = rf"(?<!{_LETTER})(?:{'|'.join(cased)})\d{{0,4}}(?!{_LETTER})" if cased else ""
    return re.compile("|".join(each for each in (bounded, *others) if each))
