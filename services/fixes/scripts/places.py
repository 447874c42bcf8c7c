"""Where in a script a placeholder stands: in the code, within which quotes, in a comment, or where no value is safe.

Each language is read by a few tokens in each of three states. What cannot be told for sure (here-documents, code inside
of quotes) is no place for a value.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.fixes.scripts.model import Language, Script

Where = Literal["code", "single", "double", "comment", "nowhere"]

PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]{0,39})\}\}")
SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'
"""All that PowerShell takes for one."""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    start: int
    end: int
    where: Where


@dataclass(frozen=True, slots=True)
class _State:
    read_as: Where
    seen: Where
    """What it is to a value: whatever lies within double quotes is no place for one."""

    def around(self, inner: Where) -> "_State":
        return _State(inner, "nowhere" if self.read_as == "double" or self.seen == "nowhere" else inner)


class Surroundings:
    """What each stretch of a script is."""

    def __init__(self, script: Script) -> None:
        self._starts: list[int] = [0]
        self._wheres: list[Where] = ["code"]
        self._read(script)

    def at(self, offset: int) -> Where:
        return self._wheres[bisect_right(self._starts, offset) - 1]

    def _read(self, script: Script) -> None:
        body, tokens = script.body, _TOKENS[script.language]
        states = [_State("code", "code")]
        at = 0
        while found := tokens[states[-1].read_as].search(body, at):
            start, at = found.span()
            match found.lastgroup:
                case "comment" | "nowhere" as kind:
                    self._mark(start, kind)
                case "open":
                    states.append(states[-1].around("code"))
                case "close" if len(states) > 1:
                    states.pop()
                case "inside":
                    states.append(states[-1].around("code"))
                    if _UNBALANCED.search(body, at):
                        self._mark(start, "nowhere")
                        return
                case "single" | "double" as quotes:
                    states.append(states[-1].around(quotes))
                case "end":
                    states.pop()
                    self._mark(start, states[-1].seen)
            self._mark(at, states[-1].seen)

    def _mark(self, offset: int, where: Where) -> None:
        if self._starts[-1] == offset:
            self._wheres[-1] = where
        else:
            self._starts.append(offset)
            self._wheres.append(where)


def places(script: Script) -> tuple[Place, ...]:
    """Every placeholder of the body, in their order."""
    found = list(PLACEHOLDER.finditer(script.body))
    around = Surroundings(script) if found else None
    return tuple(Place(match[1], *match.span(), around.at(match.start())) for match in found if around is not None)


_UNBALANCED = re.compile(r"\bcase\b")
"""Its patterns end in a bracket that nothing has opened."""
_PLACEHOLDERS = r"\{\{\w+\}\}"


def _tokens(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.DOTALL)


_POWERSHELL: Mapping[Where, re.Pattern[str]] = {
    "code": _tokens(
        r"(?P<comment><#.*?(?:#>|\Z)|(?:(?<=[\s(){};|&,=])|\A)#[^\n]*)",
        r"(?P<nowhere>--%[^\n]*"
        rf"|@[{SINGLE_QUOTES}][ \t]*\n.*?(?:\n[{SINGLE_QUOTES}]@|\Z)"
        rf"|@[{DOUBLE_QUOTES}][ \t]*\n.*?(?:\n[{DOUBLE_QUOTES}]@|\Z))",
        r"(?P<escaped>`.)",
        rf"(?P<single>[{SINGLE_QUOTES}])",
        rf"(?P<double>[{DOUBLE_QUOTES}])",
        r"(?P<open>\()",
        r"(?P<close>\))",
    ),
    "single": _tokens(rf"(?P<escaped>[{SINGLE_QUOTES}]{{2}})", rf"(?P<end>[{SINGLE_QUOTES}])"),
    "double": _tokens(
        r"(?P<escaped>`.)", rf"(?P<twice>[{DOUBLE_QUOTES}]{{2}})", r"(?P<inside>\$\()", rf"(?P<end>[{DOUBLE_QUOTES}])"
    ),
}
_EXPANSIONS = rf"(?P<nowhere>\$\{{(?:{_PLACEHOLDERS}|\\.|[^}}\\])*\}}?|`(?:\\.|[^`\\])*`?"
_BASH: Mapping[Where, re.Pattern[str]] = {
    "code": _tokens(
        r"(?P<comment>(?:(?<=[\s();|&])|\A)#[^\n]*)",
        r"(?P<escaped>\\.)",
        rf"{_EXPANSIONS}|\$'(?:\\.|[^'\\])*'?"
        r"|(?<!<)<<(?!<)-?[ \t]*[\"'\\]?(?P<ending>\w+).*?(?:\n[ \t]*(?P=ending)[ \t]*(?=\n|\Z)|\Z))",
        r"(?P<single>')",
        r"(?P<double>\")",
        r"(?P<open>\()",
        r"(?P<close>\))",
    ),
    "single": _tokens(r"(?P<end>')"),
    "double": _tokens(r"(?P<escaped>\\.)", rf"{_EXPANSIONS})", r"(?P<inside>\$\()", r"(?P<end>\")"),
}
_CMD: Mapping[Where, re.Pattern[str]] = {
    "code": _tokens(
        r"(?P<comment>(?:(?<=\n)|\A)[ \t]*@?[ \t]*(?:(?i:rem)(?=\s)|::)[^\n]*)", r"(?P<escaped>\^.)", r"(?P<double>\")"
    ),
    "double": _tokens(r"(?P<end>[\"\n])"),
}
_TOKENS: Mapping[Language, Mapping[Where, re.Pattern[str]]] = {
    "powershell": _POWERSHELL,
    "bash": _BASH,
    "cmd": _CMD,
}
