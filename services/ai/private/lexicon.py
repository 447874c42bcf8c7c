"""The words that decide whether something is a name: lists of our own, under words/."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*+")
"""A word, with the hyphens and apostrophes in it."""
PARTICLES = frozenset(
    """
    al bin bint da das de del della den der di do dos du el ibn la las le los san st te ten ter van vom von vd y zu zur
    """.split()
)
GAP = re.compile(r"[ \u00a0]{1,2}|\. ?(?=[^\W\d_])")
"""Between the words of a name."""
MOST_WORDS = 4
_POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)
_ENDINGS = (
    "ed",
    "ing",
    "ly",
    "tion",
    "ment",
    "able",
    "ible",
    "ness",
    "ity",
    "less",
    "ful",
    "ise",
    "ize",
    "ware",
    "n't",
)
_LONG_ENOUGH = 5
_CACHED = 4096


class _Plain(dict[int, str]):
    """For each character its letter without accent, small, one character long; filled as they come."""

    def __missing__(self, code: int) -> str:
        small = chr(code).lower()
        plain = unicodedata.normalize("NFKD", small)
        self[code] = plain[0] if plain else small[0]
        return self[code]


_PLAIN = _Plain({ord(odd): plain for odd, plain in zip("øØłŁđĐıßæÆœŒþÞ’ʼ‘", "oollddisaaootT'''", strict=True)})


def plain(text: str) -> str:
    """In small letters without accents, as long as it was."""
    return text.translate(_PLAIN)


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list."""
    lines = (resources.files("services.ai.private") / "words" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def capital(word: str) -> bool:
    return word[:1].isupper()


@lru_cache(_CACHED)
def given(word: str) -> bool:
    """Of a given name that is nothing else; of a double one, each part."""
    names = listed("given")
    small = plain(word)
    return small in names or ("-" in small and all(part in names for part in small.split("-")))


@lru_cache(_CACHED)
def family(word: str) -> bool:
    small = plain(word).replace("'", "")
    return small in listed("family") or ("-" in small and any(part in listed("family") for part in small.split("-")))


def product(word: str) -> bool:
    return plain(word) in listed("products")


@lru_cache(_CACHED)
def in_list(word: str) -> bool:
    """An English word or a product, as it stands in the lists."""
    small = plain(word)
    return small in listed("ordinary") or small in listed("products")


@lru_cache(_CACHED)
def ordinary(word: str) -> bool:
    """As far as one can tell no name: in the lists, a form of what is there, or with the ending of a verb or adverb."""
    small = plain(word).replace("'s", "")
    return any(_ordinary(part) for part in small.split("-"))


def _ordinary(small: str) -> bool:
    if _known(small) or (len(small) >= _LONG_ENOUGH and small.endswith(_ENDINGS)):
        return True
    return any(small.endswith(end) and _known(small[: -len(end)]) for end in ("s", "es", "er", "r", "d", "less"))


def _known(small: str) -> bool:
    return small in listed("ordinary") or small in listed("products")


def surname(word: str, strict: bool) -> bool:
    if given(word) or family(word):
        return True
    small = plain(word)
    if small in listed("doubtful_family") or small in listed("doubtful_given"):
        return not strict or not in_list(word)
    return not (ordinary(word) if strict else in_list(word))


def bare_end(found: re.Match[str]) -> int:
    """Without 's."""
    possessive = _POSSESSIVE.search(found.group())
    return found.start() + possessive.start() if possessive else found.end()
