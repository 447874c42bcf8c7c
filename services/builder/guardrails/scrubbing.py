"""Takes what looks like a secret out of free text: passwords, codes, recovery keys,
tokens. Everything else stays as it
was written: error codes, serial and ticket numbers, phone numbers, addresses.
"""

import re

REMOVED = "[removed]"


def scrub(text: str) -> str:
    """The text with `[removed]` in place of each secret. Scrubbing twice changes nothing more."""
    for shape in _SHAPES:
        text = shape.sub(_cut, text)
    text = _PASSWORD.sub(_cut_unless_ordinary, text)
    text = _ANSWER.sub(_cut_unless_ordinary, text)
    text = _CODES.sub(_cut_codes, text)
    return _BARE_CODE.sub(_cut_unless_qualified, text)


# Secrets that show by their shape. What is called `keep` stays in front of what is cut.

_KEY_SHAPES = (
    r"\bsk-[\w-]{16,}",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}",
    r"\bxox[abprs]-[\w-]{10,}",
    r"\bAIza[\w-]{30,}",
    r"\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?",
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
        *_KEY_SHAPES,
        r"(?<![\d-])\d{6}(?:[- ]?\d{6}){7}(?![\d-])",  # BitLocker
        r"\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b",  # a product key
        r"\b(?:\d{4}[ -]){3}\d{4}\b",  # a payment card
        r"(?i:(?P<keep>\b(?:bearer|basic)\s{1,3}))(?=[^\s=]{0,200}[\d=])[\w.~+/=-]{8,}",
        r"(?P<keep>://[^\s/:@]{1,100}:)[^\s/@]{1,200}(?=@)",
        r"(?i:(?P<keep>(?:\b|_)(?:token|secret|(?:api|access|secret|private|account|encryption|shared|subscription"
        r"|recovery)"
        r"[ _-]?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?))(?=[^\s&;,\"']{0,200}\d)[^\s&;,\"']{6,}",
        r"(?i:(?P<keep>\b(?:log-?in|creds?|credentials"
        r"|user(?:name)?(?:/pass(?:word)?)?)\s{0,3}[:=]?\s{0,3}[\w.@\\-]{1,80}"
        r"\s{0,3}/\s{0,3}))(?=[^\s]{0,80}\d)(?=[^\s]{0,80}[A-Za-z])[^\s/,;]{5,}",
    )
)


def _cut(match: re.Match[str]) -> str:
    return (match.groupdict().get("keep") or "") + REMOVED


# What is called a password, and what follows as its value

_VALUE = (
    r"(?:\"(?P<quoted>[^\"\n]{1,200})\"|'(?P<single>[^'\n]{1,200})'"
    r"|(?P<plain>(?:(?![&;]\s{0,3}\w{1,40}=)(?![.,;:)\]}]{1,5}(?:\s|$))[^\s\"]){1,200}))"
)
_SECRET_LIKE = r"(?=[^\s]{0,80}\d)(?=[^\s]{0,80}[A-Za-z])(?!0x|(?:KB|INC|REQ|CHG)\d)[^\s\"/]{6,}"
_PASSWORD = re.compile(
    r"(?P<keep>(?i:"
    r"(?<!boarding )\bpass[\"']?\s{0,3}[:=]\s{0,3}"
    r"|(?:\b|_)(?:pass ?words?|passwd|pass ?phrase|pass ?code|pwd|pw)"
    r"(?:\s(?:for|of|to|on|at)(?:\s[\w'.&-]{1,40}){1,4}?)?"
    r"(?:[\"']?\s{0,3}(?:=>|->|[:=])\s{0,3}|\s{1,3}-\s{1,3}(?=\S{0,80}[\d!#$%@])"
    r"|\s{1,3}(?:(?:is|was|are|has been|it's|got|now)\s{1,3}){0,2}(?:(?:changed|set|reset|updated)\s{1,3})?"
    r"(?:back\s)?(?:is|was|are|to|as|now|it's|be)(?::|\s)\s{0,3}"
    r"(?:(?:now|still|just|actually|simply|probably|really|again|not|either)\s{1,3})?"
    rf"|\s{{1,3}}(?={_SECRET_LIKE}))"
    r"))" + _VALUE
)
_ANSWER = re.compile(r"(?P<keep>(?i:\b(?:secret|security) (?:question )?answer[\"']?\s{0,3}[:=]\s{0,3}))" + _VALUE)
_ORDINARY = frozenset(
    """
    a an the this that these those his her their your my our its it he she they we you i who what which where
    when why how and or but nor so if then than because since until after before while as at by for from in into
    of off on out over to up with without about again also always already almost just only even ever never not
    no yes now still soon yet too very maybe probably apparently definitely due unless either neither both is
    was are were be been being has have had does did can could should must may might will would needs wrong
    correct right incorrect valid invalid ok okay fine good bad weak strong short long new old same different
    other blank empty missing unknown known lost gone there here case sensitive case-sensitive temporary default
    needed required reset set sent shown hidden given written forgotten broken kept told taken changed saved
    stored unclear secret private personal complex easy hard simple secure safe ready done pending later today
    yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday once twice often available
    unavailable someone somebody nobody anybody everyone caller user field prompt box window page link policy
    manager works work working fails
    """.split()
)


def _cut_unless_ordinary(match: re.Match[str]) -> str:
    kind = next(kind for kind in ("quoted", "single", "plain") if match[kind] is not None)
    if kind == "plain" and (_is_ordinary(match[kind]) or _is_purpose(match, match[kind])):
        return match.group()
    start, end = (place - match.start() for place in match.span(kind))
    return match.group()[:start] + REMOVED + match.group()[end:]


_SETS = re.compile(r"\b(?:set|sets|setting|chang|reset|updat|switch|mak|made)\w*\b", re.IGNORECASE)
_TO = re.compile(r"(?<!back) to\s{1,3}\Z", re.IGNORECASE)
_LOOKS_BACK = 60


def _is_purpose(match: re.Match[str], value: str) -> bool:
    """`a password to sign in`: nobody sets or changes one to that."""
    before = match.string[max(0, match.start() - _LOOKS_BACK) : match.start("plain")]
    return bool(_TO.search(before)) and value.rstrip(".,;:!?").isalpha() and not _SETS.search(before)


def _is_ordinary(value: str) -> bool:
    word = value.strip(".,;:!?()[]{}'").casefold()
    if value == REMOVED or value.endswith(":") or not word:
        return True
    return word in _ORDINARY or (word.replace("'", "").isalpha() and word.endswith(("ed", "ing", "ly", "n't")))


# One-time codes and PINs: numbers after a word that says so

_NUMBER = r"(?:[A-Z]-)?(?:\d{3,4}[ -]\d{3,4}|\d{4,8})(?![\w-]|[.:]\d)"
_MIXED = r"(?=[\w-]{0,40}\d)[A-Za-z0-9]{3,5}(?:-[A-Za-z0-9]{3,5}){1,5}\b"
_SAID = (
    r"(?:\s{0,3}[:=,-]|\s{1,3}(?:is|was|are|were|it's|now|reads?|says?|said|from|the|his|her|their|authenticator|app"
    r"|phone"
    r"|sms|text|message|came|via|by|on|in)\b){0,6}\s{0,3}"
)
_CODES = re.compile(
    r"(?P<keep>(?i:\b(?:"
    r"(?:mfa|2fa|otp|totp|one[- ]time|verification|authenticat(?:or|ion)|security|sms|text(?:ed)?|sign[- ]?in"
    r"|log[- ]?in|access"
    r"|confirmation|recovery|back ?up|pass|pin)[ -]?codes?"
    r"|code from the (?:authenticator|app|phone|sms|text)|mfa|2fa|otp|totp|pins?)"
    rf"{_SAID}))(?P<codes>(?:{_NUMBER}|{_MIXED})(?:\s?,\s?(?:{_NUMBER}|{_MIXED}))*)"
)
_CODE = re.compile(rf"{_NUMBER}|{_MIXED}")
_BARE_CODE = re.compile(
    r"(?P<before>[\w-]{1,40}\s{1,3})?(?P<keep>(?i:\bcode\s{1,3}(?:is|was)|\bcode\s?[:=])\s{1,3})(?:\d{6}"
    r"|\d{3}[ -]\d{3})"
    r"(?![\w-]|[.:]\d)"
)
_QUALIFIED = frozenset(
    """
    error stop status exit event blink zip area country post postal product asset http reason result return
    fault dial model part item cost project department customer qr bar source service bug
    """.split()
)


def _cut_codes(match: re.Match[str]) -> str:
    return match["keep"] + _CODE.sub(REMOVED, match["codes"])


def _cut_unless_qualified(match: re.Match[str]) -> str:
    before = match["before"] or ""
    return match.group() if before.strip().casefold() in _QUALIFIED else before + match["keep"] + REMOVED
