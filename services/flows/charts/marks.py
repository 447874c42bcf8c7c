"""Words of Markdown without its marks."""

import re

from services.flows.charts.chart import without_tags

_AS_IT_IS = re.compile(
    r"(?<!`)(?:`(?P<code>[^`]+)`|``(?P<ticked>(?:[^`]|`(?!`)){1,1000})``)(?!`)"
    r"|!?\[(?P<words>[^\[\]\n]*)\]\((?P<address>(?:[^()\s]|\([^()\s]*\))*+)[^()\n]*\)"
    r"|<(?P<link>[a-z]+:[^<>\s]*)>"
    r"|(?P<bare>\bhttps?://[^\s<>]+)"
    r"|(?P<path>(?<![^\s(\"'*])(?:\\\\(?=\w)|(?:[A-Za-z]:|%\w+%)\\(?!\\))[^\s*`<>]*)"
    r"|\\(?P<sign>[\\`*_{}\[\]()#+.!~<>|-])",
    re.DOTALL,
)
"""Commands, links, paths of Windows and single signs: no mark in them is one."""
_MARKS = re.compile(r"\*\*|__|~~|`|(?<![^\W_])[*_](?=\S)|(?<=\S)[*_](?![^\W_])")


def plain(text: str) -> str:
    parts, at = list[str](), 0
    for found in _AS_IT_IS.finditer(text):
        parts += [_unmarked(text[at : found.start()]), _meant(found)]
        at = found.end()
    return "".join([*parts, _unmarked(text[at:])]).strip()


def _unmarked(text: str) -> str:
    return without_tags(_MARKS.sub("", text))


def _meant(found: re.Match[str]) -> str:
    if (words := found["words"]) is None:
        as_written = found["link"] or found["bare"] or found["path"] or found["sign"]
        return found["code"] or (found["ticked"] or "").strip() or as_written
    words, address = _unmarked(words), found["address"]
    return words if not address or address == words else f"{words} ({address})" if words else address
