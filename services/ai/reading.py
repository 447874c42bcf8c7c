"""What came of an answer so far, made into what was asked for."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from services.ai.failures import ModelFailed
from services.ai.redaction import Invented, Redaction

Fields: TypeAlias = Mapping[str, Any]
T = TypeVar("T")


class Reader(Generic[T]):
    """Makes of what came what was asked for, and shows it on its way."""

    def __init__(self, read: Callable[[str, bool], T], show: Callable[[T], None] | None) -> None:
        """`read` takes the answer and whether it is whole; raises Invented, ValueError."""
        self._read = read
        self._show = show
        self.shown = False

    def grow(self, text: str) -> None:
        if self._show is not None:
            with contextlib.suppress(Invented, ValueError):  # said when the answer is whole
                self._show(self._read(text, False))
                self.shown = True

    def whole(self, text: str) -> T:
        try:
            return self._read(text, True)
        except Invented as error:
            raise ModelFailed("invalid", "it names somebody who was not named") from error
        except ValueError as error:
            raise ModelFailed("invalid") from error


def fields_of(redaction: Redaction) -> Callable[[str, bool], Fields]:
    import jiter

    def read(text: str, whole: bool) -> Fields:
        found = jiter.from_json(text.encode(), partial_mode=False if whole else "trailing-strings")
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return {name: redaction.restore_within(value, whole) for name, value in found.items()}

    return read
