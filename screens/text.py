"""The door for text from outside: what a caller, a colleague, a flow or an error wrote becomes something to look at.

Nothing that passes here is markup, and nothing of it reaches the terminal as a control: what cannot be seen is shown
by a sign that can.
"""

import re

from textual.content import Content

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # bidi controls, the unseen
    "\ud800-\udfff"  # half a pair: no terminal can be sent one
    "\U000e0000-\U000e007f"  # tags
    "]"
)


def clean(text: str) -> str:
    """Keeps newlines, turns tabs into spaces, shows every other control: ESC as ␛, a bidi override as ‹202E›."""
    return _HIDDEN.sub(_sign, text.replace("\r\n", "\n")).expandtabs(4)


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def pasted(text: str) -> str:
    """The same of what a terminal pastes: most of them send the end of a line as a carriage return."""
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(text: str, style: str = "") -> Content:
    """Several lines to put on the screen, in one style."""
    return _styled(clean(text), style)


def line(text: str, style: str = "") -> Content:
    """One line to put on the screen, in one style."""
    return _styled(one_line(text), style)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return _PICTURES.get(code) or f"‹{code:04X}›"


def _styled(text: str, style: str) -> Content:
    return Content.styled(text, style) if style else Content(text)
