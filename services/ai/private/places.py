"""Street addresses and post codes, as English, German, French, Spanish, Dutch and Italian letters have them."""

import re
from collections.abc import Callable

from services.ai.private.finding import Shape, Span, spans, where, whole
from services.ai.private.lexicon import WORD, capital, ordinary


def places(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


def _own_words(address: str) -> bool:
    """`45 Long Acre Drive`, not `2 Network Drive`."""
    words = [word for word in WORD.findall(address) if len(word) > 1][:-1]
    return any(not ordinary(word) for word in words) and all(map(capital, words))


def _own_street(address: str) -> bool:
    """`Kirchweg 17`, not `Notebook 17`."""
    return capital(address) and not ordinary(WORD.findall(address)[0])


def _own_name(address: str) -> bool:
    """`Calle Mayor 12`, `75011 Lyon`, not `via Teams 2`, `12345 Bytes`."""
    words = [word for word in WORD.findall(address) if capital(word)]
    return any(not ordinary(word) for word in words)


def _street(pattern: str, holds: Callable[[str], bool] | None = None) -> Shape:
    return Shape("ADDRESS", re.compile(pattern), whole if holds is None else where(holds))


_CAP = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w.'’-]{0,24}"
_WORD = r"[^\W\d_][\w.'’-]{0,24}"
_NO = r"(?<![\w.,:/#-])\d{1,5}[A-Za-z]?(?:-\d{1,4})?"
_HOUSE = r"\d{1,5}(?:-\d{1,4})?(?: ?[a-z](?!\w)| bis)?(?![\w.:%])"

# English: the number stands in front, the kind behind

_KIND = (
    r"(?i:street|st\.?|avenue|ave\.?|road|rd\.?|lane|ln\.?|boulevard|blvd\.?|parkway|pkwy\.?|highway|hwy\.?"
    r"|terrace|crescent"
    r"|mews|acre|turnpike)(?![\w-])(?: [NSEW]\b| West| East| North| South)?"
)
_WORDY_KIND = (
    r"(?:Drive|Dr\.?|Way|Place|Pl\.?|Court|Ct\.?|Close|Square|Sq\.?|Circle|Cir\.?|Row|Gate|Hill|Gardens|Grove"
    r"|Green|Park|Walk"
    r"|Rise|Loop|Trail|Plaza|Broadway|Quay|Wharf|View)(?![\w-])"
)
_FLAT = r"(?:,? (?i:suite|apt\.?|apartment|unit|flat|floor|ste\.?|room) #?\w{1,6}\b)?"
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])"
)
_US_TOWN = rf"{_CAP}(?: {_CAP}){{0,2}}, {{0,2}}{_STATE} {{1,2}}\d{{5}}(?:-\d{{4}})?\b"
_TO_US = rf"{_FLAT}(?:,? {{0,2}}{_US_TOWN})?"
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? \d(?!GB|TB|HZ)[ABD-HJLNP-UW-Z]{2}"
_CA_CODE = r"[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d"
_ENGLISH = (
    _street(rf"{_NO}(?: [NSEW]\.?)? (?:(?:\d{{1,3}}(?:st|nd|rd|th)|{_WORD}) ){{1,4}}{_KIND}{_TO_US}"),
    _street(rf"{_NO}(?: [NSEW]\.?)? (?:{_CAP} ){{1,3}}{_WORDY_KIND}{_TO_US}", _own_words),
    _street(rf"(?<!\w)(?:{_CAP} ){{1,2}}(?:Street|Avenue|Road|Boulevard|Lane)(?!\w)", _own_words),
    _street(rf"(?<!\w){_US_TOWN}"),
    _street(rf"(?<![\w-])(?:{_CAP},? )?(?:{_UK_CODE}|{_CA_CODE})(?![\w-])"),
    _street(r"(?i:\b(?:p\.? ?o\.? ?box|postfach|postbus|apartado(?: de correos)?) \d[\d ]{0,7}\b)"),
)

# Elsewhere the number mostly stands behind, and the town follows its code

_TOWN = rf"{_CAP}(?:[ -](?:am|an der|den|der|la|les|sur|de|del|{_CAP})){{0,3}}"
_IN_TOWN = rf"(?:(?:,|,? in|,?\n)? ?(?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{4}} [A-Z]{{2}}) {_TOWN})?"
_TO_TOWN = rf"{_HOUSE}{_IN_TOWN}"
_GRAMMAR = r"(?:(?:de|del|du|des|la|las|le|les|los|el|di|della|da|do|dos) |d'|l'){0,2}"
_GERMAN = r"(?i:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|damm|ufer|steig|chaussee|graben|hof)"
_DUTCH = r"(?i:straat|gracht|laan|weg|plein|kade|singel|dijk|steeg|dreef)"
_AT = r"(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den)"
_FRENCH = r"(?i:rue|avenue|av\.|bd\.?|boulevard|place|impasse|chemin|allée|quai|route|cours|square|passage)"
_SOUTHERN = (
    r"(?i:calle|c/|avda?\.?|avenida|plaza|pza\.?|paseo|camino|carrer|ronda|travesía|via|viale|corso|piazza|largo|rua)"
)
_CONTINENTAL = (
    _street(rf"(?<![\w-])(?:{_CAP}[- ]){{0,2}}[^\W\d_][\w-]{{1,30}}?{_GERMAN} ?{_TO_TOWN}", _own_street),
    _street(rf"(?<![\w-])(?:{_CAP}[- ]){{1,3}}(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring|Gasse) {_TO_TOWN}"),
    _street(rf"(?<![\w-]){_AT} {_CAP} {_TO_TOWN}", _own_name),
    _street(r"(?<![\w-])[A-ZÄÖÜ][\wäöüß-]{2,25}(?:straße|strasse|str\.|gasse|allee|gracht|straat)(?!\w)"),
    _street(rf"(?<![\w-])(?:{_CAP} ){{0,2}}[^\W\d_][\w-]{{1,30}}?{_DUTCH} {_TO_TOWN}", _own_street),
    _street(rf"(?<![\w-])(?:{_CAP} ){{1,2}}(?:Voorhout|Markt|Plein|Kade|Laan|Weg) {_TO_TOWN}"),
    _street(rf"{_NO}(?: (?:bis|ter))?,? {_FRENCH} {_GRAMMAR}{_CAP}(?:[ -]{_CAP}){{0,2}}{_IN_TOWN}", _own_name),
    _street(
        rf"(?<!\w){_SOUTHERN} {_GRAMMAR}{_CAP}(?: {_GRAMMAR}{_CAP}){{0,3}},? (?:n\.?º? ?)?{_TO_TOWN}",
        _own_name,
    ),
    _street(
        rf"(?<![\w.,:/#-])(?:(?:[ABDFHL]-|CH-|DE-|AT-)?\d{{5}}|\d{{4}} ?[A-Z]{{2}}) {_CAP}(?:[ -](?:am|an der"
        rf"|sur|{_CAP})){{0,2}}",
        _own_name,
    ),
)
_SHAPES = (*_ENGLISH, *_CONTINENTAL)
