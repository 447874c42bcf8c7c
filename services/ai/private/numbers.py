"""Numbers that lead to a person: cards, bank accounts, papers, and what a word before it says to be somebody's."""

import re

from services.ai.private.finding import Part, Shape, Span, spans
from services.ai.private.phones import DATE


def numbers(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


# Cards and bank accounts prove themselves by their check digits

_CARD_LENGTHS = range(13, 20)
_SHORTEST_IBAN = 15


def _card(found: re.Match[str]) -> tuple[int, int] | None:
    digits = [int(each) for each in found.group() if each.isdigit()]
    doubled = [digit if index % 2 else digit * 2 for index, digit in enumerate(digits, len(digits) % 2)]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)  # noqa: PLR2004  # Luhn
    return found.span() if len(digits) in _CARD_LENGTHS and total % 10 == 0 else None


def _iban(found: re.Match[str]) -> tuple[int, int] | None:
    """As far as its check digits hold: a word may follow that looks like a group of it."""
    start, end = found.span()
    while end - start >= _SHORTEST_IBAN:
        bare = found.string[start:end].replace(" ", "").upper()
        if int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 == 1:
            return start, end
        end = found.string.rfind(" ", start, end)
    return None


# Numbers that a word before them says to be somebody's

_OWNED = (
    r"(?:account|acct|a/c|customer|client|member(?:ship)?|patient|employee|personnel|payroll|staff|student|pupil|policy"
    r"|contract|order|invoice|ticket|case|incident|request|job|reference|ref|booking|reservation|badge|vehicle"
    r"|registration"
    r"|insurance|kunden-?|rechnungs-?|vertrags-?|personal-?|versicherten-?|bestell-?)(?: ref(?:erence)?\.?)?"
)
_PAPERS = (
    r"(?:passport|passeport|reisepass|ausweis(?:nummer)?|driv(?:ing|er'?s?) licen[cs]e|identity card|id card"
    r"|social security|ssn"
    r"|sozialversicherung|national insurance|ni number|nhs|bsn|dni|nie|nif|cif|nir|vat|ust-?id(?:nr)?|tax(?:payer)?|tin"
    r"|steuer-?(?:id|nummer|nr)|siret|siren|pesel|cpf|aadhaar|pan|sort code|routing|iban|bic|swift|imei|iccid"
    r"|sim|serial|s/n"
    r"|serien(?:nummer|-?nr)|service tag|asset(?: tag)?|licen[cs]e plate|number plate|teamviewer|anydesk"
    r"|meeting|conference"
    r"|webinar)"
)
_NR = r"(?: ?(?:number|numbers|no\.?|nr\.?|num\.?|nummer|id|#|№))"
_IS = r"(?: ?[:=#]| is| was)? ?#?"
_END = r"(?![\w%]|[.,:]\d)"
_VALUE = rf"(?P<hide>(?!0x)(?=[\w/-]{{0,20}}\d)[A-Za-z0-9][\w/-]{{2,29}}){_END}"
_GROUPS = rf"(?P<hide>\d{{1,6}}(?:[ -]\d{{1,8}}){{2,7}}){_END}"
_SIZE = re.compile(r"kb\d|v\d|\d+(?:gb|mb|ms|x\d)", re.IGNORECASE)
_FEW, _MANY, _GROUPED = 3, 4, 6
_CODED = 6
_DATE_DIGITS = 8


def _long(least: int) -> Part:
    """With so many digits, or capitals between them; neither a date nor a size."""

    def part(found: re.Match[str]) -> tuple[int, int] | None:
        value = found["hide"]
        digits = sum(map(str.isdigit, value))
        coded = value.isupper() and len(value) >= _CODED and digits > 1
        dated = digits <= _DATE_DIGITS and DATE.search(value)
        return None if dated or _SIZE.match(value) or not (coded or digits >= least) else found.span("hide")

    return part


def _said(words: str, least: int) -> Shape:
    return Shape("ID", re.compile(rf"\b{words}", re.IGNORECASE), _long(least))


_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|märz|janvier|février|mars|avril|juin"
    r"|juillet|août|enero"
    r"|mayo)[a-z]{0,9}"
)
_BIRTH = (
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?da(?:y|te)|born(?: on)?|geboren(?: am)?|geburtsdatum"
    r"|née?(?: le)?)\b(?: is| on)?"
    r"[ :]{0,3}(?P<hide>\d{1,4}[-./ ]\d{1,2}[-./ ]\d{2,4}"
    rf"|\d{{1,2}}\.? {_MONTH}\.?,? \d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
)
_PAPER_SHAPES = (
    r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",  # United States
    r"(?<!\w)[A-CEGHJ-TW-Z]{2} ?(?:\d{2} ?){3}[A-D](?!\w)",  # United Kingdom
    r"(?<![\w-])(?:\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z])(?![\w-])",  # Spain
    r"(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d{2})?(?![\w-]|\.\d)",  # France
    r"\{?\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b\}?",  # of a tenant, a device
    r"\bS-1-5-21(?:-\d{1,10}){3,5}\b",
    r"(?i:\b(?:reg|registration|plate)(?: no\.?| number)?:?) (?P<hide>[A-Z]{2}\d{2} ?[A-Z]{3})\b",
    r"(?i:\bsort code):? (?P<hide>\d\d-\d\d-\d\d)\b",
)
_KEYS = (
    r"(?<![\w])(?:0x)?[0-9A-Fa-f]{32,512}(?!\w)",
    r"(?<![\w+/=-])(?=[A-Za-z+/_-]{0,60}\d)(?=[^a-z]{0,60}[a-z])(?=[^A-Z]{0,60}[A-Z])[\w+/-]{40,}+={0,2}",
)
_SHAPES = (
    Shape("IBAN", re.compile(r"(?i)(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"), _iban),
    Shape("CARD", re.compile(r"(?<![\w.-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\w-]|\.\d)"), _card),
    *(Shape("KEY", re.compile(pattern)) for pattern in _KEYS),
    *(Shape("ID", re.compile(pattern)) for pattern in _PAPER_SHAPES),
    Shape("DATE", re.compile(_BIRTH, re.IGNORECASE)),
    _said(rf"{_OWNED}{_NR}{_IS}{_VALUE}", _FEW),
    _said(rf"{_OWNED}{_IS}{_VALUE}", _MANY),
    _said(rf"{_PAPERS}{_NR}?(?: copy| scan)?{_IS}{_VALUE}", _MANY),
    _said(rf"(?:{_PAPERS}|{_OWNED}){_NR}?{_IS}{_GROUPS}", _GROUPED),
)
