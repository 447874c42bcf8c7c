"""Regular expressions that anybody may have written, run by an engine whose time grows with the text and no faster."""

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

LONGEST_PATTERN = 500


def checked(pattern: str) -> str:
    """The pattern itself; raises ValueError with a sentence where it is none."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a regular expression may have {LONGEST_PATTERN} characters")
    try:
        _compiled(pattern)
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("error: ").strip()
        raise ValueError(f"this is no regular expression that can be used here ({reason})") from None
    return pattern


def found(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text."""
    try:
        _compiled(pattern).validate_python(text.encode("utf-8", "replace").decode())
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
