"""From plain data to the type it stands for, or to sentences about everything that is wrong with it."""

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from services.documents.document import Document, Mistake, Place, printable, quoted

T = TypeVar("T")
Schema: TypeAlias = Mapping[str, Any]

_MISSING = frozenset({"missing", "missing_argument", "missing_keyword_only_argument", "union_tag_not_found"})
_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_PYDANTICS_OWN = frozenset(get_args(ErrorType))
"""Every other kind of error was raised by a type of ours, with a sentence for a person."""


def parse(document: Document, adapter: TypeAdapter[T]) -> T:
    """The document as the adapter's type; raises Invalid with every mistake in it.

    Scalars come as text or None, so the adapter has to be lax (pydantic's default): `int`, `float` and `bool` fields
    take them, a `Literal[1]` does not, and `str | int` gets the text.
    """
    if document.mistakes:
        raise document.refusal(document.mistakes)
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        placed = [(_place(document.data, each), each) for each in error.errors(include_url=False)]
    found = sorted(placed, key=lambda each: document.line_of(each[0]))
    schema = _schema(adapter)
    raise document.refusal(Mistake(document.line_of(place), _says(place, each, schema)) for place, each in found)


@lru_cache(maxsize=8)
def _schema(adapter: TypeAdapter[T]) -> Schema:
    """Takes longer to make than a line of JSON Lines to read."""
    return adapter.json_schema()


def _says(place: Place, error: ErrorDetails, schema: Schema) -> str:
    kind, loc = error["type"], error["loc"]
    if kind in _MISSING:
        name = _tag_field(error) or str(loc[-1])
        return f"{quoted(name)} is missing ({_written((*place, name))}); add it"
    if kind in _UNKNOWN:
        advice = _advice(str(loc[-1]), _fields(schema, loc[:-1]))
        return f"there is no field {quoted(str(loc[-1]))} ({_written(place)}); {advice}"
    seen = _seen(error["ctx"]["tag"] if kind == "union_tag_invalid" else error["input"])
    where = f" ({_written(place)})" if place else ""
    return f"{seen}{where}; {_wanted(error)}"


def _place(here: object, error: ErrorDetails) -> Place:
    """Pydantic's path without what is not in the file: the tags of its unions, a field that is missing."""
    loc = error["loc"]
    place: list[str | int] = []
    for step in (*loc, _tag_field(error)) if error["type"] == "union_tag_invalid" else loc:
        match here:
            case dict() if step in here:
                here = here[step]
            case list() if isinstance(step, int) and step < len(here):
                here = here[step]
            case _:
                continue
        place.append(step)
    return tuple(place)


def _tag_field(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("discriminator", "")).strip("'")


def _written(place: Place) -> str:
    """nodes.web.answers[0].label"""
    steps = [f"[{each}]" if isinstance(each, int) else f".{printable(each[:60])}" for each in place]
    return "".join(steps).removeprefix(".")


def _advice(field: str, known: list[str]) -> str:
    if " " in field:
        return "if it belongs to the text before the comma, put that text into quotes"
    close = difflib.get_close_matches(field.casefold(), known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {quoted(close[0])}?"
    return f"take it out; there are {', '.join(known)}" if known else "take it out"


_KINDS = {
    "string": "write a text",
    "bool": "write true or false",
    "int": "write a whole number",
    "float": "write a number",
    "decimal": "write a number",
    "list": "write a list: [one, two]",
    "tuple": "write a list: [one, two]",
    "set": "write a list: [one, two]",
    "frozen": "write a list: [one, two]",
    "dict": "write fields with a colon: {name: value}",
    "mapping": "write fields with a colon: {name: value}",
    "model": "write fields with a colon: {name: value}",
    "dataclass": "write fields with a colon: {name: value}",
    "datetime": "write a date and a time: 2026-01-31T09:30:00Z",
    "date": "write a date: 2026-01-31",
}

_BOUNDS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "{} or less"),
    "too_short": ("min_length", "{} of them or more"),
    "too_long": ("max_length", "{} of them or fewer"),
    "string_too_short": ("min_length", "{} characters or more"),
    "string_too_long": ("max_length", "{} characters or fewer"),
}


def _wanted(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        name, says = _BOUNDS[kind]
        return f"it takes {says.format(context[name])}"
    match kind:
        case "literal_error" | "enum":
            return f"write {_listed(context['expected'])}"
        case "union_tag_invalid":
            wanted = context["expected_tags"].replace("'", "").split(", ")
            close = difflib.get_close_matches(context["tag"].casefold(), wanted, n=1)
            return f"did you mean {quoted(close[0])}?" if close else f"write one of {', '.join(wanted)}"
        case "value_error" | "assertion_error":
            return str(context["error"])
        case _ if kind in _PYDANTICS_OWN:
            return _KINDS.get(kind.partition("_")[0], "write what belongs here")
    return error["msg"]


def _listed(expected: str) -> str:
    return expected.replace("'", '"')


def _seen(value: object) -> str:
    match value:
        case None:
            return "nothing stands here"
        case str():
            return f"{quoted(value)} does not fit here"
        case list():
            return "a list does not fit here"
        case dict():
            return "a mapping does not fit here"
        case _:
            return "this does not fit here"


def _fields(schema: Schema, loc: tuple[int | str, ...]) -> list[str]:
    """The names that the schema has for a mapping at this place."""
    here = list(_choices(schema, schema))
    for step in loc:
        here = [each for schemas in (_below(each, step, schema) for each in here) for each in schemas]
    return list(dict.fromkeys(name for each in here for name in each.get("properties", ())))


def _below(here: Schema, step: int | str, schema: Schema) -> Iterator[Schema]:
    """Where one step of pydantic's path leads; a step that is a union's tag picks one of its choices and stays."""
    if tags := here.get("x-tags"):
        yield from _choices({"$ref": tags[step]} if step in tags else {}, schema)
    elif isinstance(step, int):
        for found in (*here.get("prefixItems", ())[step : step + 1], here.get("items")):
            if isinstance(found, Mapping):
                yield from _choices(found, schema)
    else:
        found = here.get("properties", {}).get(step, here.get("additionalProperties"))
        if isinstance(found, Mapping):
            yield from _choices(found, schema)


def _choices(here: Schema, schema: Schema) -> Iterator[Schema]:
    """A schema without references and unions."""
    if "$ref" in here:
        yield from _choices(schema["$defs"][here["$ref"].rsplit("/", 1)[1]], schema)
    elif "discriminator" in here:
        yield {"x-tags": here["discriminator"].get("mapping", {})}
    elif union := here.get("anyOf") or here.get("oneOf"):
        for each in union:
            yield from _choices(each, schema)
    else:
        yield here
