"""The patterns of input nodes: checked when a flow comes in, so that no value can make one run for minutes."""

import re
import warnings
from collections.abc import Iterable
from importlib import import_module
from math import prod
from typing import Any

LONGEST_PATTERN = 200
LONGEST_VALUE = 200
_MOST_WAYS = 10_000_000
"""Ways of matching that may be tried for one value: well under a second."""

# Python shows what it understood of a pattern nowhere else; the tree has not changed its shape since Python 3.5.
_parser = import_module("re._parser")


def fits(pattern: str | None, value: str) -> bool:
    """Whether the whole value matches; None takes anything that is not blank."""
    if pattern is None:
        return bool(value.strip())
    return len(value) <= LONGEST_VALUE and re.fullmatch(pattern, value) is not None


def wrong_with(pattern: str) -> str | None:
    """Why the pattern may not stand in a flow, as a sentence without its subject; None if it may."""
    if len(pattern) > LONGEST_PATTERN:
        return f"is longer than {LONGEST_PATTERN} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python warns of today means something else tomorrow
            re.compile(pattern)
            ways = _ways(_parser.parse(pattern))
    except (re.error, Warning, OverflowError, RecursionError) as error:
        return f"is no regular expression ({error})"
    if ways > _MOST_WAYS:
        return "could take minutes on some values, because what repeats can be cut up in too many ways"
    return None


def _ways(parts: Iterable[tuple[Any, Any]]) -> int:
    """How many ways of matching a value there may be at the most, cut off just above the limit."""
    return min(prod(_ways_of(str(op), given) for op, given in parts), _MOST_WAYS + 1)


def _ways_of(op: str, given: Any) -> int:
    match op:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most = int(given[0]), min(int(given[1]), LONGEST_VALUE)
            return max(1, most - least + 1) * int(_ways(given[2]) ** most)
        case "BRANCH":
            return sum(_ways(body) for body in given[1])
        case "SUBPATTERN" | "ASSERT" | "ASSERT_NOT":
            return _ways(given[-1])
        case "ATOMIC_GROUP":
            return _ways(given)
        case "GROUPREF_EXISTS":
            return sum(_ways(body) for body in given[1:] if body is not None)
        case _:
            return 1
