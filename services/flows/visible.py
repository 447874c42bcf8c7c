"""What a person sees of a text."""

import unicodedata

_NOT_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their category, of which nothing is drawn."""


def blank(text: str) -> bool:
    """Whether nothing of it is seen: no characters, or only spaces, control and zero-width characters."""
    return not any(map(_seen, text))


def folded(text: str) -> str:
    """Equal for texts that look alike: case, spaces, width and what is not seen make no difference."""
    wide = unicodedata.normalize("NFKC", text.casefold())
    parts = ("".join(each for each in part if _seen(each) or unicodedata.combining(each)) for part in wide.split())
    return unicodedata.normalize("NFKC", " ".join(part for part in parts if part).casefold())


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in _NOT_SEEN and character not in _BLANK_LETTERS
