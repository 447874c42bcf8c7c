"""Addresses and names of machines, and the paths that lead to one."""

import ipaddress
import re

from services.ai.private.finding import Shape, Span, spans, where, whole
from services.ai.private.lexicon import ordinary


def machines(text: str) -> list[Span]:
    return list(spans(_SHAPES, text))


# Addresses that not every machine has, or knows

_EVERYWHERE = frozenset(("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "4.2.2.1", "4.2.2.2"))
_SAID_TO_BE_ONE = re.compile(
    r"\b(?:ip|address|addresses|gateway|dns|server|ping|pinged|pinging|host|tracert|traceroute|nslookup|route"
    r"|from|to|at)\W",
    re.IGNORECASE,
)
_LOOKS_BACK = 30


def _address(found: re.Match[str]) -> tuple[int, int] | None:
    start, end = whole(found)
    address = found.string[start:end]
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if ip.is_loopback or ip.is_unspecified or address in _EVERYWHERE or address.startswith("255."):
        return None
    if isinstance(ip, ipaddress.IPv4Address):
        version = address[1] == "." and not _SAID_TO_BE_ONE.search(found.string, max(0, start - _LOOKS_BACK), start)
        if version or ip.is_link_local:  # every adapter has one to which DHCP did not answer
            return None
    return start, end


# Names with a hyphen and a number, unless they are a standard, a plug or a printer that everybody can buy

_ROLES = """
    srv svr server dc fs nas pc lt lap laptop notebook desktop dt wks wkst ws prn prt hv rds ts nb fw vm sql exch web
    db file mail backup host esx ap sw rtr win
"""
_ROLE = re.compile(rf"(?:{'|'.join(_ROLES.split())})\d{{0,3}}", re.IGNORECASE)
_NUMBERED = "srv svr dc fs nas pc lt wks wkst prn prt hv rds nb"
_STANDARD = frozenset(
    """
    UTF ISO IEC IEEE SHA AES RSA TLS SSL WPA EAP PCL USB HDMI DP RJ CAT COM LPT HTTP HTTPS RFC CVE KB MS ERR ERROR CODE
    EVENT STOP RTX GTX RX GT DDR PCIE NVME RAID WLAN LAN WAN IP IPV GPT OS OFFICE WINDOWS SP CU VC X AADSTS CAA CE BSOD
    SIM LTE DIN HL ET MFC DCP ADS WF XP TS MX MP IM MG DS ES KX SM DKT WD MB MD ML SL CLX SCX BP AL AR TD QL PT LC TN
    DR CF CLI PG PGI
    """.split()
)
_MADE_UP = 5
"""Letters of the part that Windows makes up: WIN-8GH2KLM4, not WIN-11."""


def _names_machine(token: str) -> bool:
    parts = token.replace("_", "-").split("-")
    first = parts[0].upper()
    if not any(map(str.isdigit, token)) or first in _STANDARD:
        return False
    if first == "WIN" and len(parts[-1]) < _MADE_UP:
        return False
    if any(_ROLE.fullmatch(part) for part in parts):
        return True
    return token.isupper() and first.isalpha() and len(first) > 1


def _own_name(name: str) -> bool:
    """The name, not what is said about it."""
    return any(map(str.isdigit, name)) or len(re.split(r"[-_.]", name)) > 1 or not ordinary(name)


_SHAPES = (
    Shape("MAC", re.compile(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")),
    Shape("MAC", re.compile(r"(?<![\w.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![\w.])")),
    Shape("MAC", re.compile(r"\b(?=\d{0,11}[A-F])(?=[A-F]{0,11}\d)[0-9A-F]{12}\b")),
    Shape(
        "IP",
        re.compile(
            r"(?<![\w.-])(?<!version )(?<!build )(?<!driver )(?<!firmware )(?<!bios )(?<!release )"
            r"(?P<hide>\d{1,3}(?:\.\d{1,3}){3})(?!\d|\.\d|-\w)",
            re.IGNORECASE,
        ),
        _address,
    ),
    Shape(
        "IP", re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:.]{2,45}(?<![:.])(?:%\w{1,15})?(?!\w)"), _address
    ),
    Shape("PATH", re.compile(r"(?<![\\\w])\\\\(?![.?]\\)[\w.$-]++(?:\\[^\s\\/:*?\"<>|,;]++){0,12}\\?")),
    Shape(
        "HOST", re.compile(r"(?<![\w./\\:#-])[A-Za-z]\w{0,15}(?:-\w{1,15}){1,5}(?![\w-]|\.\w)"), where(_names_machine)
    ),
    Shape("HOST", re.compile(rf"(?<![\w./\\-])(?i:{'|'.join(_NUMBERED.split())})\d{{2,4}}(?![\w.-]\w)")),
    Shape(
        "HOST",
        re.compile(
            r"\b(?:host ?name|(?:computer|device|machine|server|pc|laptop|nas) ?name|ssid|(?:vm|server|machine"
            r"|pc|laptop)"
            r" (?:named|called))(?: ?[:=] ?[\"']?| is (?:now )?| named | called | )[\"']?(?P<hide>\w[\w.$-]{1,40})",
            re.IGNORECASE,
        ),
        where(_own_name),
    ),
)
