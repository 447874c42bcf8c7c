"""A script that worked once, as a template: what differs from call to call becomes a parameter.

Found by rule (what is assigned at the beginning of a line) or by a model, which only names the literals; cut out is by
us. Few parameters are better than many. Putting the literals back must give the script again, to the letter, and the
body may name nothing else: otherwise the script stays as it is, without parameters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.fixes.scripts.declaring import mistakes
from services.fixes.scripts.model import Language, Parameter, ParameterType, Script, Template
from services.fixes.scripts.places import PLACEHOLDER, Surroundings
from services.fixes.scripts.tidying import REMOVED

MOST_FOUND = 8
SHORTEST_LITERAL = 3
"""Shorter ones stand everywhere."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A stretch of the script that is a value."""

    start: int
    end: int
    parameter: Parameter


def by_rule(script: Script) -> Template:
    """What is assigned to a name at the beginning of a line, and where secrets were taken out."""
    return cut_out(script, [*_removed(script), *_assigned(script)][:MOST_FOUND])


def by_names(script: Script, named: Iterable[tuple[Parameter, str]]) -> Template:
    """Every place where each of the literals stands alone in the code."""
    around = Surroundings(script)
    found = list(_removed(script))
    for parameter, literal in named:
        if len(literal) < SHORTEST_LITERAL or "\n" in literal:
            continue
        alone = re.compile(rf"(?<![\w.-]){re.escape(literal)}(?![\w-]|\.\w)")
        for match in alone.finditer(script.body):
            if around.at(match.start()) not in {"comment", "nowhere"}:
                found.append(Literal(*match.span(), parameter))
    return cut_out(script, found)


def cut_out(script: Script, literals: Iterable[Literal]) -> Template:
    """The template that the literals make, or the script as it is."""
    whole = Template(script)
    if PLACEHOLDER.search(script.body):
        return whole
    pieces: list[str] = []
    parameters: dict[str, Parameter] = {}
    values: dict[str, str] = {}
    done = 0
    for each in sorted(literals, key=lambda literal: literal.start):
        if each.start < done:
            continue
        name, value = each.parameter.name, script.body[each.start : each.end]
        if values.setdefault(name, value) != value:
            return whole
        parameters.setdefault(name, each.parameter)
        pieces += [script.body[done : each.start], f"{{{{{name}}}}}"]
        done = each.end
    body = "".join([*pieces, script.body[done:]])
    made = Template(Script(body, script.language), tuple(parameters.values()))
    back = PLACEHOLDER.sub(lambda match: values.get(match[1], ""), body)
    return made if parameters and back == script.body and not mistakes(made) else whole


def _removed(script: Script) -> Iterator[Literal]:
    around = Surroundings(script)
    for number, match in enumerate(re.finditer(re.escape(REMOVED), script.body), 1):
        if around.at(match.start()) not in {"comment", "nowhere"}:
            name = "secret" if number == 1 else f"secret_{number}"
            yield Literal(*match.span(), Parameter(name=name, type="secret", label="Secret"))


_ASSIGNED: Mapping[Language, re.Pattern[str]] = {
    "powershell": re.compile(
        r"^[ \t]*(?:\[[\w.]{1,40}\][ \t]*)?\$(?P<name>[A-Za-z]\w{0,39})[ \t]*=[ \t]*"
        r"(?:\"(?P<double>[^\"$`\n]{1,200})\"|'(?P<single>[^'\n]{1,200})')[ \t]*,?[ \t]*(?:#.*)?$",
        re.MULTILINE,
    ),
    "bash": re.compile(
        r"^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+)?(?P<name>[A-Za-z]\w{0,39})="
        r"(?:\"(?P<double>[^\"$`\\\n]{1,200})\"|'(?P<single>[^'\n]{1,200})'|(?P<bare>[\w.:/-]{1,200}))[ \t]*(?:#.*)?$",
        re.MULTILINE,
    ),
    "cmd": re.compile(
        r"(?i)^[ \t]*@?set[ \t]+(?:\"(?P<name>[A-Za-z]\w{0,39})=(?P<double>[^\"%!\n]{1,200})\"|"
        r"(?P<plain>[A-Za-z]\w{0,39})=(?P<bare>[\w.:/\\-]{1,200}))[ \t]*$",
        re.MULTILINE,
    ),
}
_SETTINGS = re.compile(r"(?i).*preference|.*encoding|ifs|path|lang|lc_\w+|true|false|null|.*(?:log|debug|verbose)")
"""How a script behaves is no matter of the call."""
_CONSTANT = re.compile(r"(?i)true|false|yes|no|stop|continue|silentlycontinue|utf-?8|\d{1,3}")


def _assigned(script: Script) -> Iterator[Literal]:
    taken: set[str] = set()
    around = Surroundings(script)
    for match in _ASSIGNED[script.language].finditer(script.body):
        groups = match.groupdict()
        kind = next(kind for kind in ("double", "single", "bare") if groups.get(kind) is not None)
        written, value = groups["name"] or groups["plain"], groups[kind]
        name = _snake(written)
        if name in taken or REMOVED in value or _SETTINGS.fullmatch(written) or _CONSTANT.fullmatch(value):
            continue
        if around.at(match.start(kind)) in {"comment", "nowhere"} or not value.isprintable():
            continue
        taken.add(name)
        parameter = Parameter(name=name, type=_guessed(name, value), label=name.replace("_", " ").capitalize())
        yield Literal(*match.span(kind), parameter)


def _snake(written: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", written)
    return re.sub(r"_+", "_", apart).strip("_").lower()[:40]


_HOST_NAME = re.compile(r"(?:^|_)(?:host|server|computer|machine|dc|domain|ip|address|gateway|printer)(?:_|$|name)")
_HOST_VALUE = re.compile(r"(?=.*[A-Za-z0-9])[\w-]{1,63}(?:\.[\w-]{1,63})*")
_PATH_VALUE = re.compile(r"[A-Za-z]:\\.*|\\\\.+|/\w.*|~/.*")


def _guessed(name: str, value: str) -> ParameterType:
    if _PATH_VALUE.fullmatch(value):
        return "path"
    if _HOST_NAME.search(name) and _HOST_VALUE.fullmatch(value):
        return "host"
    return "number" if re.fullmatch(r"-?\d+(?:\.\d+)?", value) else "text"
