"""What makes a template whole: its body names what is declared, all of it and nothing else."""

import re
from collections import Counter

from services.errors import Invalid
from services.fixes.scripts.model import LANGUAGES, PARAMETER_TYPES, Parameter, Script, Template
from services.fixes.scripts.places import places
from services.fixes.scripts.tidying import tidied, without_secrets
from services.flows.nodes import Json
from storage.written import Unreadable

MOST_PARAMETERS = 20
FEWEST_CHOICES = 2
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT_LIMIT = 200


def checked(template: Template) -> Template:
    """The template, tidied. Without parameters its body is a script as it is, whatever braces are in it.

    Raises Invalid, a line for each mistake.
    """
    made = Template(tidied(template.script), template.parameters)
    wrong = mistakes(made)
    if wrong:
        raise Invalid("\n".join(wrong), "Change these and store it again.")
    return made


def mistakes(template: Template) -> list[str]:
    """What is wrong with what is declared, or with where it stands; empty where nothing is."""
    if not template.parameters:
        return []
    names = Counter(parameter.name for parameter in template.parameters)
    wrong = [f"{name} is declared {count} times" for name, count in names.items() if count > 1]
    if len(template.parameters) > MOST_PARAMETERS:
        wrong.append(f"{len(template.parameters)} parameters are too many; {MOST_PARAMETERS} are the most")
    wrong += [said for parameter in template.parameters for said in _wrong(parameter)]
    used = places(template.script)
    wrong += [f"the body names {name}, which is not declared" for name in sorted({u.name for u in used} - set(names))]
    wrong += [
        f"{name} is declared, and the body does not name it" for name in names if name not in {u.name for u in used}
    ]
    astray = {place.name for place in used if place.where == "nowhere"}
    wrong += [f"{name} stands where no value can be written safely" for name in sorted(astray)]
    return wrong


def _wrong(parameter: Parameter) -> list[str]:
    wrong = []
    if not _NAME.fullmatch(parameter.name):
        wrong.append(f"{parameter.name!r} is no name: lower case letters, digits and _ after a letter, 40 at most")
    if parameter.type not in PARAMETER_TYPES:
        wrong.append(f"{parameter.name}: {parameter.type!r} is none of {', '.join(PARAMETER_TYPES)}")
    if (parameter.type == "choice") != (len(set(parameter.choices)) >= FEWEST_CHOICES):
        wrong.append(f"{parameter.name}: a choice has {FEWEST_CHOICES} choices or more, and nothing else has any")
    if parameter.type == "secret" and parameter.default:
        wrong.append(f"{parameter.name}: a secret is never kept, so it has no default")
    if parameter.type == "choice" and parameter.default and parameter.default not in parameter.choices:
        wrong.append(f"{parameter.name}: {parameter.default!r} is none of its choices")
    texts = (parameter.label, parameter.default, *parameter.choices)
    if any(len(text) > _TEXT_LIMIT or not text.isprintable() for text in texts):
        wrong.append(f"{parameter.name}: its words are one line of {_TEXT_LIMIT} characters at most")
    if parameter.default and without_secrets(f'{parameter.name} = "{parameter.default}"').count(parameter.default) == 0:
        wrong.append(f"{parameter.name}: its default looks like a secret; make it one")
    return wrong


def parameters_to_json(parameters: tuple[Parameter, ...]) -> list[Json]:
    return [
        {
            "name": each.name,
            "type": each.type,
            "label": each.label,
            "choices": list(each.choices),
            "default": each.default,
        }
        for each in parameters
    ]


def template_from_stored(body: str, language: str, parameters: list[Json]) -> Template:
    """Raises Unreadable."""
    try:
        declared = tuple(
            Parameter(
                name=each["name"],
                type=each["type"],
                label=each["label"],
                choices=tuple(each["choices"]),
                default=each["default"],
            )
            for each in parameters
        )
        script = Script(body, next(each for each in LANGUAGES if each == language))
    except (AttributeError, KeyError, TypeError, StopIteration) as error:
        raise Unreadable("a template of a script in it cannot be read") from error
    return Template(script, declared)
