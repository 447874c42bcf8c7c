"""Words that are meant although a letter is wrong, missing, doubled or in the wrong place."""

import re
from functools import lru_cache

_MEANT = """
    registry regedit firewall antivirus defender password passcode authenticator bitlocker powershell administrator
    diskpart partition subscription licence license verification credentials quarantine encryption domain controller
    tamper protection disable deactivate uninstall reinstall delete exclusion whitelist
"""
_WORDS = frozenset(
    "defended defenders contoller controllers domains remain domino temper taper tamer tampers deleter deletes".split()
)
_SHORTEST = 5


def _shorter(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


_BY_SHORTER = {short: word for word in _MEANT.split() for short in (word, *_shorter(word))}
_CANDIDATE = re.compile(rf"(?<![\w./\\@-])[a-z]{{{_SHORTEST},14}}(?![\w./\\@-])")


def mended(text: str) -> str:
    """Folded text with those words as they are meant."""
    return _CANDIDATE.sub(lambda found: _meant(found.group()), text)


@lru_cache(4096)
def _meant(word: str) -> str:
    """A word one letter away: deleting one on both sides makes them the same."""
    for short in (word, *_shorter(word)):
        meant = _BY_SHORTER.get(short)
        if meant is not None:
            inflected = word in {meant, meant + "s", meant + "d"}
            return word if inflected or word in _WORDS else meant
    return word
