"""The script builder: a template and values in, a script to be copied out. Nothing here is ever run.

A value is looked at for what its type allows, then written so that the shell takes it as that value and nothing else,
wherever its placeholder stands.
"""

import re
from collections.abc import Callable, Mapping
from typing import assert_never

from services.errors import Invalid
from services.fixes.scripts.model import Language, Parameter, Script, Template
from services.fixes.scripts.places import DOUBLE_QUOTES, SINGLE_QUOTES, Place, Where, places

VALUE_LIMIT = 1000
"""Characters."""
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?", re.ASCII)
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
    r"(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
)
_NOT_IN_A_PATH = frozenset('*?"<>|')
_PLAIN = re.compile(r"[\w.:/-]+", re.ASCII)
_PLAIN_IN_CMD = re.compile(r"[\w.:/\\-]+", re.ASCII)
_NOT_IN_CMD = frozenset('"%!^&<>|')


def filled(template: Template, values: Mapping[str, str]) -> Script:
    """The script with the values in place of the placeholders. Raises Invalid, a line for each mistake."""
    script = template.script
    if not template.parameters:
        return script
    wrong = mistakes(template, values)
    if wrong:
        raise Invalid("\n".join(wrong), "Change these and look again.")
    known = {parameter.name: parameter for parameter in template.parameters}
    pieces, done = [], 0
    for place in places(script):
        pieces.append(script.body[done : place.start])
        pieces.append(_written(known[place.name], values[place.name], place, script.language))
        done = place.end
    return Script("".join([*pieces, script.body[done:]]), script.language)


def mistakes(template: Template, values: Mapping[str, str]) -> list[str]:
    """What is wrong with the values, a line each, as far as they are given; empty where the script can be copied."""
    wrong = [f"there is no parameter {name}" for name in values if name not in {p.name for p in template.parameters}]
    for parameter in template.parameters:
        said = mistake(parameter, values.get(parameter.name, ""), template.script.language)
        if said:
            wrong.append(f"{parameter.label or parameter.name}: {said}")
    return wrong


def mistake(parameter: Parameter, value: str, language: Language) -> str | None:
    """What is wrong with one value. A secret is not repeated in it."""
    return _wrong_characters(value, language) or _wrong_type(parameter, value)


def _wrong_characters(value: str, language: Language) -> str | None:
    if not value:
        return "it is missing"
    if len(value) > VALUE_LIMIT:
        return f"it is longer than {VALUE_LIMIT} characters"
    if not value.isprintable():
        return "it has characters that cannot be seen"
    if language == "cmd" and not _NOT_IN_CMD.isdisjoint(value):
        return f"none of {' '.join(sorted(_NOT_IN_CMD))} can be written safely for cmd"
    if language == "cmd" and value.endswith("\\"):
        return "the backslash at its end would swallow the quotes after it"
    return None


def _wrong_type(parameter: Parameter, value: str) -> str | None:
    match parameter.type:
        case "number":
            return None if _NUMBER.fullmatch(value) else "it is no number"
        case "choice":
            return None if value in parameter.choices else f"it is none of {', '.join(parameter.choices)}"
        case "host":
            return None if _HOST.fullmatch(value) else "it is neither the name nor the address of a machine"
        case "path":
            return _wrong_path(value)
        case "text" | "secret":
            return None
        case other:
            assert_never(other)


def _wrong_path(value: str) -> str | None:
    if value.startswith("-"):
        return "a path does not begin with a dash here: it would be read as an option"
    return None if _NOT_IN_A_PATH.isdisjoint(value) else f"a path has none of {' '.join(sorted(_NOT_IN_A_PATH))}"


def _written(parameter: Parameter, value: str, place: Place, language: Language) -> str:
    if place.where == "comment":
        return f"<{parameter.name}>"
    if place.where == "nowhere":
        raise Invalid(f"{parameter.name} stands where no value can be written safely", "Change the template.")
    if parameter.type == "number":
        return value
    return _QUOTED[language](value, place.where)


def _for_powershell(value: str, where: Where) -> str:
    if where == "double":
        return "".join(f"`{each}" if each in "`$" + DOUBLE_QUOTES else each for each in value)
    doubled = "".join(each * 2 if each in SINGLE_QUOTES else each for each in value)
    return doubled if where == "single" else f"'{doubled}'"


def _for_bash(value: str, where: Where) -> str:
    quoted = "'" + value.replace("'", "'\"'\"'") + "'"
    if where == "code":
        return value if _PLAIN.fullmatch(value) else quoted
    own = '"' if where == "double" else "'"
    # Plain words need no leaving the quotes; everything else does: within double quotes even `!` has a meaning.
    return value if _PLAIN.fullmatch(value) else f"{own}{quoted}{own}"


def _for_cmd(value: str, where: Where) -> str:
    """What could end the quotes has been refused."""
    return value if where == "double" or _PLAIN_IN_CMD.fullmatch(value) else f'"{value}"'


_QUOTED: Mapping[Language, Callable[[str, Where], str]] = {
    "powershell": _for_powershell,
    "bash": _for_bash,
    "cmd": _for_cmd,
}
