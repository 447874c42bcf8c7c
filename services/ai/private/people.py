"""Names of people and of their companies in free text: by the lists, by what introduces them, by their looks."""

import re
from collections.abc import Iterator

from services.ai.private.finding import Span
from services.ai.private.introduced import introduced
from services.ai.private.lexicon import (
    GAP,
    MOST_WORDS,
    PARTICLES,
    WORD,
    bare_end,
    capital,
    family,
    given,
    in_list,
    listed,
    ordinary,
    plain,
    product,
    surname,
)

_LONG_ENOUGH = 4
_INITIAL = re.compile(r"[^\W\d_]\.(?:-?[^\W\d_]\.)*")


def people(text: str) -> Iterator[Span]:
    for finder in (_named, introduced, _companies):
        yield from (Span(start, end, "NAME") for start, end in finder(text))


# Names that show by themselves


def _named(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for found in WORD.finditer(text):
        start, end = found.start(), bare_end(found)
        if start < done:
            continue
        done = _end_of_name(text, start, end)
        if done > start:
            yield start, done
        if done <= start:
            yield from _parts(text, start, end)


def _end_of_name(text: str, start: int, end: int) -> int:
    """Where the name ends that begins with the word from `start` to `end`; 0 where none does."""
    word = text[start:end]
    small = plain(word)
    if text.startswith("!", end) and text[end + 1 : end + 2].isalpha():  # FRITZ!Box
        return 0
    if not capital(word):
        return _end_in_small(text, end, word)
    if given(word) and not product(word):
        return extended(text, end)
    if family(word):
        return _family_first(text, end)
    if small in listed("doubtful_given"):
        if text[end : end + 1] in ("'", "’") and not in_list(word):
            return end
        name = extended(text, end, strict=True)
        return name if name > end else 0
    return _unknown_pair(text, start, end)


def extended(text: str, end: int, strict: bool = False) -> int:
    """With the family name that follows; `strict` takes none that is a word too."""
    name, place = end, end
    for _ in range(MOST_WORDS):
        gap = GAP.match(text, place)
        if gap is None or (gap.group().startswith(".") and place == end):
            break
        initial = _INITIAL.match(text, gap.end())
        if initial is not None and capital(initial.group()):
            name = place = initial.end()
            continue
        found = WORD.match(text, gap.end())
        if found is None:
            break
        word = text[found.start() : bare_end(found)]
        if plain(word) in PARTICLES and not (capital(word) and in_list(word)):
            place = found.end()
            continue
        if not capital(word) or not surname(word, strict):
            break
        name = place = found.start() + len(word)
    return name


def _end_in_small(text: str, end: int, word: str) -> int:
    if len(word) < _LONG_ENOUGH or in_list(word):
        return 0
    if given(word):
        following = WORD.match(text, end + 1)
        login = text[end : end + 1] in (".", "_")
        return following.end() if following is not None and (login or _family_in_small(following.group())) else end
    return end if len(word) > _LONG_ENOUGH and family(word) else 0


def _family_in_small(word: str) -> bool:
    return family(word) or plain(word) in listed("doubtful_family")


def _family_first(text: str, end: int) -> int:
    """`Hernandez, Carlos`, or `Nguyen Lan`."""
    found = re.compile(r",? ?").match(text, end)
    following = WORD.match(text, found.end()) if found else None
    if following is not None and capital(following.group()) and surname(following.group(), strict=True):
        return following.end()
    return end


def _unknown_pair(text: str, start: int, end: int) -> int:
    """Two words with capitals that nobody knows."""
    if not _titled(text[start:end]) or ordinary(text[start:end]):
        return 0
    name = extended(text, end, strict=True)
    if name <= end or not _titled(text[end + 1 : name].rpartition(" ")[2]):
        return 0
    before, after = text[:start].rpartition(" ")[0].rpartition(" ")[2], WORD.match(text, name + 1)
    headline = after is not None and capital(after.group()) and ordinary(after.group())
    return 0 if headline or (capital(before) and product(before)) else name


def _titled(word: str) -> bool:
    """One capital, then small letters; O'Neill, McGregor and Jean-Luc too."""
    return all(
        part[:1].isupper() and (part[1:].islower() or part[:2] == "Mc") for part in re.split(r"['’ʼ-]", word) if part
    )


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Names within a word that is more: HP-Lopez-Office, MariaLopez."""
    for part in re.finditer(r"[^\W\d_A-Z]?[A-Z][^\W\d_A-Z]+|[A-Z]{3,}(?![a-z])", text[start:end]):
        if len(part.group()) < end - start and (family(part.group()) or given(part.group())):
            yield start + part.start(), start + part.end()


# Companies, by what they are

_COMPANY = re.compile(
    r"(?<![\w-])(?:[A-ZÀ-Þ][\w'’-]{0,30},? (?:(?:&|and|of|und|et|y|the) )?){1,4}"
    r"(?:Ltd|Limited|GmbH|Inc|LLC|LLP|PLC|plc|AG|KG|Corp|B\.?V|N\.?V|S\.?A|S\.?L|S\.?A\.?R\.?L|SARL|SAS"
    r"|S\.?p\.?A|S\.?r\.?l|AB|Oy|Pty|Co)(?!\w)\.?"
)


def _companies(text: str) -> Iterator[tuple[int, int]]:
    for found in _COMPANY.finditer(text):
        words = WORD.findall(found.group())[:-1]
        while words and ordinary(words[0]) and len(words) > 1 and in_list(words[0]) and found.start() == 0:
            words = words[1:]
        if not all(map(product, words)):
            yield found.span()
