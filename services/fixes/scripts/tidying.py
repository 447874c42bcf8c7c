"""A script on its way into the store: what is seen of it is what would be copied, and no secret is in it."""

import re
import unicodedata

from services.errors import Refused
from services.fixes.scripts.model import LANGUAGES, Script
from services.flows.visible import blank

SCRIPT_LIMIT = 64 * 1024
"""Characters."""
REMOVED = "[removed]"
"""What stands in place of a secret."""


def tidied(script: Script) -> Script:
    """The script without secrets, control characters and what cannot be seen, its lines ended by line feeds.

    Raises Refused where it is empty, too long, or in a language that is not known.
    """
    if script.language not in LANGUAGES:
        raise Refused(f"{script.language!r} is no language of scripts here", f"Use one of: {', '.join(LANGUAGES)}.")
    if len(script.body) > SCRIPT_LIMIT:
        raise Refused(
            f"the script is {len(script.body):,} characters long; {SCRIPT_LIMIT:,} is the most",
            "Keep it in a file, and say in the fix where it is.",
        )
    if blank(script.body):
        raise Refused("the script is empty", "Leave it out, or write it.")
    return Script(without_secrets(_visible(script.body)), script.language)


def _visible(body: str) -> str:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in _UNSEEN)


_UNSEEN = {"Cc", "Cf", "Cs", "Cn"}
"""Terminal control, text that turns round, characters of no width, half characters."""


def without_secrets(body: str) -> str:
    """`[removed]` in place of each secret that is written out. Variables, prompts and placeholders stay."""
    for shape in _SHAPES:
        body = shape.sub(_cut, body)
    return body


def _cut(match: re.Match[str]) -> str:
    groups = match.groupdict()
    name = next((name for name in ("value", "bare") if groups.get(name) is not None), None)
    if name is None:
        return REMOVED
    value = groups[name]
    if value == REMOVED or _IS_CODE.match(value) or (name == "bare" and _IS_WORD.fullmatch(value)):
        return match.group()
    start, end = (place - match.start() for place in match.span(name))
    return match.group()[:start] + REMOVED + match.group()[end:]


_IS_CODE = re.compile(r"\$|%\w|!\w|\(|\{\{|@\{|<[\w -]+>")
"""A variable, an expression, a placeholder."""
_IS_WORD = re.compile(r"(?i)[A-Z][a-z]+-[A-Z]\w+|true|false|null|none|yes|no|\*+|[;|&].*|-.*|/.*|[=:{\[].*")
"""A command, a switch, something else that is no value."""

_SHORT = r"(?:(?<=[$/_-])|(?<!\w)(?=pass\s{0,3}=)|(?-i:(?<=[a-z])(?<![Bb]y)(?=P)))pass(?![a-z])"
"""Alone: of a variable, a switch, an assignment. `Bypass` is none, nor is a test that is said to pass."""
_NAMED = (
    rf"(?i:(?:pass(?:word|wd|phrase|code)|passwd|{_SHORT}"
    r"|(?<![a-z])pwd|(?<![a-z])pw|(?:client|shared|app)_?secret|(?<![a-z])secret"
    r"|(?:api|access|account|private|encryption|recovery|license|product)[_-]?key|(?:access|auth|api|bearer|sas)?_?token)"
    r"s?(?:text|value)?)"
)
_ASSIGNING = r"[\"'\]})]{0,2}\s{0,10}(?:=>|:=|=|:|\s)\s{0,10}"


def _both_quotes(before: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"{before}\"(?P<value>[^\"\n]{{1,500}})\""),
        re.compile(rf"{before}'(?P<value>[^'\n]{{1,500}})'"),
    )


_NET_USE = r"(?i:\bnet1?(?:\.exe)?\s{1,3}use\s{1,3}(?:\S{1,3}\s{1,3})?(?:\"\\\\[^\"\n]{1,200}\"|\\\\\S{1,200})\s{1,3})"
_AS_USER = r"(?i:/user:(?:\"[^\"\n]{1,100}\"|[^\s\"]{1,100})\s{1,3})"
_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"),
    re.compile(r"\bsk-[\w-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"),
    re.compile(r"\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?"),
    re.compile(r"(?<![\d-])\d{6}(?:[- ]?\d{6}){7}(?![\d-])"),  # a BitLocker recovery key
    re.compile(r"\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b"),  # a product key
    re.compile(r"://[^\s/:@\"']{1,100}:(?P<value>[^\s/@\"']{1,200})(?=@)"),
    re.compile(r"(?i:\b(?:bearer|basic)\s{1,3})(?P<value>(?=[\w.~+/=-]*\d)[\w.~+/=-]{12,})"),
    *_both_quotes(rf"{_NAMED}{_ASSIGNING}"),
    *_both_quotes(r"(?i:ConvertTo-SecureString\s{1,10}(?:-String\s{1,10})?)"),
    *_both_quotes(r"(?i:\bsshpass\s{1,3}-p\s{0,3})"),
    re.compile(rf"{_NAMED}[\"']?\s{{0,3}}(?:=|:)\s{{0,3}}(?P<bare>[^\s\"'`;,&|)\]}}]{{3,200}})"),
    re.compile(rf"(?:--?|/){_NAMED}(?:=|:|\s{{1,3}})(?P<bare>[^\s\"'`;,&|)\]}}]{{3,200}})"),
    re.compile(r"(?i:\bConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?)(?P<bare>[^\s\"'();|]{3,200})"),
    re.compile(r"(?i:\bsshpass\s{1,3}-p\s{0,3})(?P<bare>[^\s\"';|&]{3,200})"),
    re.compile(
        r"(?i:\bnet1?(?:\.exe)?\s{1,3}user\s{1,3}(?:\"[^\"\n]{1,100}\"|[^\s/\"]{1,100})\s{1,3})"
        r"(?P<bare>[^\s/\"*&|;][^\s\"&|;]{2,200})"
    ),
    *_both_quotes(r"(?i:\bnet1?(?:\.exe)?\s{1,3}user\s{1,3}(?:\"[^\"\n]{1,100}\"|[^\s/\"]{1,100})\s{1,3})"),
    *_both_quotes(rf"{_NET_USE}"),
    re.compile(rf"{_NET_USE}(?P<bare>[^\s/\"*&|;][^\s\"&|;]{{2,200}})"),
    *_both_quotes(_AS_USER),
    re.compile(rf"{_AS_USER}(?P<bare>[^\s/\"*&|;][^\s\"&|;]{{2,200}})"),
    re.compile(
        r"(?:\bcurl|\bwget)\b[^\n|;]{0,300}?\s(?:-u|--user)[\s=]{1,3}[\"']?[^\s:\"']{1,100}:"
        r"(?P<value>[^\s\"']{1,200})"
    ),
)
