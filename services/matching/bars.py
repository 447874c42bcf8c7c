"""Words that keep a flow from starting by itself: incidents, which a person has to look at, and requests.

Such a call often shares words with a harmless flow ("order a new monitor", "all our documents are encrypted"), so
what would have started is only suggested. A flow that is itself named after the incident or the request may start.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from services.matching.words import TEXT_LIMIT, words

Bar = Literal["incident", "request"]

_INCIDENT = r"""
    \b ransom\w*
    | \b decrypt (?:ion|or|ed)? \b
    | \b (?:files?|folders?|documents?|docs|data|drives?|servers?|everything|all) \b [^.?!]{0,40} \b (?:en|s)crypted \b
    | \b (?:en|s)crypted \b [^.?!]{0,25} \b (?:files?|folders?|documents?|docs|data|drives?|servers?) \b
    | \. (?:locked|lockbit|encrypted|crypt\w*|enc) \b
    | \b (?:locked|encrypted) \s+ (?:file \s+)? extensions? \b
    | \b (?:bitcoins? | blackmail\w* | extort\w* | fraud\w* | hack (?:ed|ers?|ing)) \b
    | \b (?:data \s+)? breach (?:ed|es)? \b
    | \b (?:data | water | gas) \s+ leak\w*
    | \b (?:wire | bank) \s+ transfers? \b
    | \b (?:smok(?:e|es|ing|y) | spark(?:s|ing|ed) | flames? | burning | burnt | melt(?:ed|ing)) \b
    | \b (?:caught|on) \s+ fire \b
    | \b (?:electric(?:al)? \s+ shock | electrocuted | swollen | bulging | flood(?:ed|ing)) \b
"""
_REQUEST = r"""
    (?<!in\ ) (?<!out\ of\ ) (?<!purchase\ ) (?<!sales\ ) (?<!work\ ) \b order (?:ed|ing)? \b (?!\ forms?)
    | \b (?:buy(?:ing)? | purchas(?:e|ing) (?!\ orders?)) \b
    | \b (?:quote | quotation | pric(?:e|es|ing) | cost) \b
    | \b how \s+ much \s+ (?:is|are|do|does|would|will|for) \b
    | \b how \s+ many \b [^.?!]{0,30} \b (?: licen[cs]es? | seats | subscriptions ) \b
    | \b (?:do|does|would|will) \s+ (?:you|they|it) \s+ charge \b
    | \b charged? \s+ (?:per|by) \b
    | \b (?:more | extra | additional | another | new) \s+ licen[cs]es? \b
    | \b new \s+ (?:starters? | hires? | joiners? | employees? | staff) \b
    | \b (?:joiners? | leavers?) \b
    | (?<!can't\ ) (?<!cannot\ ) (?<!cant\ ) (?<!unable\ to\ ) \b creat(?:e|ing) \b
    | \b (?:need|want|like|please) \b [^.?!]{0,60} \b created \b
    | \b (?:subscribe | upgrade \s+ (?:us|our|my|to) | borrow | loan) \b
"""
_ABOUT_US = frozenset(("you", "they"))

_BARS: tuple[tuple[Bar, re.Pattern[str]], ...] = (
    ("incident", re.compile(_INCIDENT, re.IGNORECASE | re.VERBOSE)),
    ("request", re.compile(_REQUEST, re.IGNORECASE | re.VERBOSE)),
)


def barred(text: str, names: Iterable[Sequence[str]]) -> Bar | None:
    """What the text holds that keeps a flow of these names (the stems of each) from starting by itself."""
    said = " ".join(text[:TEXT_LIMIT].split())
    own = [set(name) for name in names]
    for bar, pattern in _BARS:
        if any(not _is_named(found.group(), own) for found in pattern.finditer(said)):
            return bar
    return None


def _is_named(phrase: str, names: Iterable[set[str]]) -> bool:
    """A file extension is no name: a flow about locked files is not about files that end in `.locked`. Nor is what is
    asked about us: "do you charge" is not about a battery that does not."""
    if not _ABOUT_US.isdisjoint(phrase.casefold().split()):
        return False
    stems = {word.stem for word in words(phrase)}
    return not phrase.startswith(".") and any(stems and stems <= name for name in names)
