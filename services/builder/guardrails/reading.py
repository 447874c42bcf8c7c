"""Text as the rules read it: folded to one spelling, in sentences, in clauses."""

import re
import unicodedata
from collections.abc import Iterator

from services.builder.guardrails.typos import mended

_CMDLET = re.compile(
    r"\b(Get|Set|New|Remove|Add|Test|Start|Stop|Restart|Enable|Disable|Invoke|Import|Export|Install|Uninstall|Clear"
    r"|Reset"
    r"|Repair|Update|Grant|Revoke|Connect|Rename|Unlock|Suspend|Unblock|Block|Register|Unregister|Move|Copy|Mount"
    r"|Dismount|Initialize|Format|Resize|Restore|Approve|Deny|Push|Publish|Save|Send|Write|Merge|Undo|Switch)"
    r"-(?!Ins?\b|Up\b|On\b|Off\b)([A-Z]\w{2,})"
)
"""A PowerShell command: it shows only before the case is folded and the hyphen gone."""
_SWITCH = re.compile(
    r"\b(?:Enable|Disable|Allow|Prevent|Deny|No|Max|Hide|Force)[A-Z][A-Za-z0-9]{2,}\b"
    r"|\bf[A-Z][a-z]+[A-Z]\w+|\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)+\b(?=\s?=\s?[\d\"']|\sto\s[01]\b)"
)
"""The name of a value in the registry: EnableLUA, LongPathsEnabled = 1."""
_LIST_ITEM = re.compile(r"\s*\n\s*(?=[-*\u2022\d\n])")
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb"
    "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u2018\u2019\u00b4\u201c\u201d\u201e\u2010\u2011\u2012\u2013\u2014\u2015",
    "abekmhopctyxijsdqwh" + "abeiknoptux" + "'''\"\"\"------",
)
"""Cyrillic and Greek letters that look Latin; typographic quotes and dashes."""
_SPACED_OUT = re.compile(r"\b\w(?: \w){3,}\b")
_JOINT = re.compile(r"(?<=\w)[-_](?=\w)")
_OVERLONG = re.compile(r"(\S{60})(?=\S)")
"""No word stays longer than this, so that no pattern has to look far."""
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_LONGEST = 1000
_CLAUSE = re.compile(
    r",|\s-\s|\b(?:and then|and(?! (?:the|an?|his|her|their|your|its|all|any|pass ?(?:word|code)s?|pins?|codes?|keys?"
    r"|credentials)\b)|then|but)\b"
    r"|\b(?=(?:when|if|after|once|until|while|before|unless) (?:you|we|they|he|she|the (?:caller|user)|\w+ing)\b)"
)


_STEP = re.compile(r",|\b(?:and )?then\b")
"""Between the clauses of a way through menus: an `and` there belongs to a name."""


def fold(text: str) -> str:
    """Lower case, one space between words, look-alike letters as Latin ones, nothing invisible, no hyphens in words."""
    text = _LIST_ITEM.sub(". ", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFKD", _marked(text).casefold())
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Mn"}).translate(_LOOK_ALIKE)
    text = _SPACED_OUT.sub(lambda word: word.group().replace(" ", ""), " ".join(text.split()))
    return _OVERLONG.sub(r"\1 ", mended(_JOINT.sub(" ", text)))


def _marked(text: str) -> str:
    """With a word for what only its capitals betray."""
    return _SWITCH.sub(r" registry value \g<0>", _CMDLET.sub(r" cmdlet \1 \2", text))


def sentences(text: str) -> Iterator[str]:
    """Folded; one that never ends is cut, so that the rules look at a bounded piece at a time."""
    for sentence in _SENTENCE_END.split(fold(text)):
        for start in range(0, len(sentence), _LONGEST):
            yield sentence[start : start + _LONGEST]


def clauses(sentence: str) -> Iterator[str]:
    start = 0
    for match in (_STEP if " > " in sentence else _CLAUSE).finditer(sentence):
        if match.start() > start:
            yield sentence[start : match.start()].strip()
            start = match.end()
    if rest := sentence[start:].strip():
        yield rest
