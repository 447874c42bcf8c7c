"""Names of accounts, in what people write and in paths."""

import re

from services.ai.private.finding import Shape, Span, spans, where
from services.ai.private.lexicon import family, given, listed, ordinary, plain


def accounts(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


_NOBODY = frozenset(
    """
    public default administrator admin all guest user username users name you your me someone defaultuser0 system
    service network local shared profile profiles account accounts password defaultappool
    """.split()
)
_NO_DOMAIN = frozenset(
    """
    builtin hklm hkcu hkcr hku nt system32 syswow64 windows software appdata local roaming locallow microsoft drivers
    program files users temp programdata desktop documents downloads currentversion winnt start menu office root
    """.split()
)
_FILE = re.compile(
    r".*\.(?:exe|dll|sys|msi|bat|cmd|ps1|ini|log|txt|dat|pst|ost|lnk|inf|cpl|msc|docx?|xlsx?|pdf|zip|xml)",
    re.IGNORECASE,
)
_ENGLISH_BEGINNING = re.compile(r"[aeiouy]|.[aeiouy]|[bcfgps]l|[bcdfgpt]r|[cgpstw]h|s[ckmnpqtw]|[tdw]w|wr|kn|qu|ps")
_SHORTEST = 4


def _somebody(name: str) -> bool:
    return not (name.casefold() in _NOBODY or name.startswith(("%", "$")))


def _in_a_domain(found: re.Match[str]) -> tuple[int, int] | None:
    domain, name = found["domain"].casefold(), found["name"]
    if domain in _NO_DOMAIN or domain.startswith("hkey_") or not _somebody(name) or _FILE.fullmatch(name):
        return None
    return found.span()


def _like_account(name: str) -> bool:
    """`username: jdoe`, not `username: unknown`."""
    name = name.rstrip("._-$")
    if not _somebody(name) or name.casefold().startswith("0x"):
        return False
    if any(map(str.isdigit, name)):
        return not name.isdigit()
    parts = re.split(r"[._-]", name)
    return not all(map(ordinary, parts)) if len(parts) > 1 else name.isalpha() and not ordinary(name)


def _surely_account(name: str) -> bool:
    """`user jdoe`, not `user forgto`: with a digit or a dot, an initial before a name, or no English beginning."""
    if not _like_account(name):
        return False
    small = plain(name).rstrip("._-$")
    if not small.isalpha() or (len(small) >= _SHORTEST and not _ENGLISH_BEGINNING.match(small)):
        return True
    return any(each(part) for part in (small[1:], small[:-1], small) for each in (given, family, _may_be_family))


def _may_be_family(name: str) -> bool:
    return name in listed("doubtful_family")


_NAME = r"[\"']?(?P<hide>\w[\w.$-]{1,40})"
_IN_PATH = r"[^\s\\/:*?\"<>|,;]{1,40}"
_SHAPES = (
    Shape(
        "USER",
        re.compile(
            r"[\\/](?:users|profiles?|home|benutzer|utilisateurs|usuarios)[\\/]"
            rf"(?P<hide>{_IN_PATH}(?: {_IN_PATH}(?=\\)| (?-i:[A-Z]){_IN_PATH}(?=\\|$))?)",
            re.IGNORECASE | re.MULTILINE,
        ),
        where(_somebody),
    ),
    Shape("NAME", re.compile(r"(?i:\bOneDrive) - (?P<hide>[^\\/\n<>]{2,40})(?=[\\/])")),
    Shape(
        "USER",
        re.compile(r"(?<![\w\\/.:%-])(?P<domain>[A-Za-z][\w.-]{0,30})\\(?P<name>\w[\w.$-]{1,40})(?![\w\\%])"),
        _in_a_domain,
    ),
    Shape(
        "USER",
        re.compile(
            r"\b(?:user ?names?|user[ -]?id|log-?in(?: name)?|sign-?in name|log-?on name|account(?: name)?|user|upn"
            rf"|samaccountname|alias)(?: ?[:=] ?| is (?:now )?| named | called | (?=[\"'])){_NAME}",
            re.IGNORECASE,
        ),
        where(_like_account),
    ),
    Shape(
        "USER",
        re.compile(rf"\b(?:(?:logged|signed|logs|signs) ?(?:in|on) as|samaccountname) {_NAME}", re.IGNORECASE),
        where(_like_account),
    ),
    Shape(
        "USER",
        re.compile(
            r"\b(?:user(?: ?name| ?id)?|log-?in|sign-?in name|account|profile of|mailbox of|alias|upn) (?:user )?"
            + _NAME,
            re.IGNORECASE,
        ),
        where(_surely_account),
    ),
    Shape(
        "USER",
        re.compile(r"(?<![\w.@\\/-])[a-z]\.[a-z]{4,20}(?![\w@\\/]|\.\w)"),
        where(lambda name: not ordinary(name[2:])),
    ),
)
