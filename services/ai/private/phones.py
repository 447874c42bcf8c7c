"""Phone numbers as they are written nationally and internationally, with what is dialled behind them."""

import re

from services.ai.private.finding import Shape, Span, spans, whole


def phones(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


DATE = re.compile(
    r"(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}(?!\d)|(?<!\d)(?<!\d[-./])\d{1,2}([-./])\d{1,2}\2(?:19|20)?\d\d(?![-./]?\d)"
)
_NO_PHONE_BEFORE = re.compile(
    r"(?:error|errors|codes?|event|exit|status|stop|fehler|version|build|driver|firmware|bios|model|part|tag"
    r"|size|port|kb"
    r"|resolution|released?|tray|cartridge|toner|cve|usd|eur|gbp|chf|[$€£#x])"
    r"(?: ?(?:id|no\.?|number|code|is|was|of|:|=)){0,3}[ #(:-]{0,3}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r" ?(?:(?:[kmgt]i?b(?:ps|it)?s?|bytes?|bits?|[mk]?hz|dpi|px|pixels?|ms|seconds?|usd|eur|pages)\b|[%€$£])",
    re.IGNORECASE,
)
_LOOKS_BACK = 30
_DIGITS = range(7, 16)


def _phone(found: re.Match[str]) -> tuple[int, int] | None:
    """No date, and not where an amount or an error is spoken of."""
    start, end = whole(found)
    number = found.string[start:end]
    if sum(map(str.isdigit, number)) not in _DIGITS or DATE.search(number):
        return None
    before = found.string[max(0, start - _LOOKS_BACK) : start]
    if _NO_PHONE_BEFORE.search(before) or _UNIT_AFTER.match(found.string, end):
        return None
    return start, end


_EXT = r"(?: ?,?;? ?(?:x|ext\.?|extension|dw|durchwahl) ?\.?:? ?\d{1,6}(?!\w))?"
_S = r"[ \u00a0./-]"
_START, _END = r"(?<![\w.,:/\\+#-])", rf"(?![\w]|[.,:/-]\d){_EXT}"
_SAID = (
    r"(?i:\b(?:tel|telephone|telefon|phone|mobile|mobil|handy|cell|fax|whatsapp|dial|ring|number|nummer|numéro"
    r"|número|móvil"
    r"|call(?:ed)?(?: (?:me|her|him|them|back)){0,2}(?: (?:on|at|under))?"
    r"|reach(?:ed)? (?:me|her|him|them)(?: (?:on|at|under))?)(?:\.|:| is|'s| no\.?| number){0,2}) {0,3}"
)
_NUMBERS = (
    rf"(?<![\w+])(?:\+|00(?=[1-9 ])|011 )[ ]?[1-9]\d{{0,3}}(?:[ \u00a0./-]{{0,3}}\(?\d{{1,12}}\)?){{1,8}}{_EXT}",
    rf"(?<![\w.(])\(\+?\d{{1,5}}\){_S}{{0,2}}\d{{2,8}}(?:{_S}\d{{2,5}}){{0,4}}{_END}",
    # North America
    rf"{_START}(?:1{_S})?\d{{3}}{_S}\d{{3}}{_S}\d{{4}}{_END}",
    rf"{_START}(?:\d{{3}}-|[2-9]\d{{2}} )\d{{4}}{_END}",
    rf"(?<![\w.,:/\\+#(-])[2-9]\d{{2}}[2-9]\d{{6}}{_END}",
    # with the zero in front that most of Europe dials
    rf"{_START}0\d{{1,5}} ?{_S} ?\d{{1,8}}(?:{_S}\d{{2,6}}){{0,5}}{_END}",
    rf"{_START}0\d{{8,12}}{_END}",
    rf"{_START}0(?: \d{{2,3}}){{1,3}} ?[/-] ?\d{{2,3}}(?: \d{{2,3}}){{1,3}}{_END}",
    # Spain, Portugal, Poland, Italy without one
    rf"{_START}[6-9]\d{{2}}(?: \d{{2}}){{3}}{_END}",
    rf"{_START}[679]\d{{2}} \d{{3}} \d{{3}}{_END}",
    rf"{_START}3\d{{2}} \d{{6,7}}{_END}",
    rf"{_SAID}(?P<hide>[+(]?\d(?:[ ()./-]{{0,2}}\d){{5,17}}){_END}",
)
_EXTENSIONS = (
    r"(?i:\b(?:ext|extension|ddi|direct dial|durchwahl|dw|toestel|extensión|nebenstelle)\b)"
    r"(?:\.|:| is| no\.?| number){0,2} ?#?"
    r"(?P<hide>\d{2,6})(?![\w%]|[.,:]\d)",
    r"(?<=[\d\])] )x ?(?P<hide>\d{2,6})(?!\w)",
)
_SHAPES = (
    *(Shape("PHONE", re.compile(pattern), _phone) for pattern in _NUMBERS),
    *(Shape("PHONE", re.compile(pattern)) for pattern in _EXTENSIONS),
)
