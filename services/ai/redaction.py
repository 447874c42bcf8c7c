"""What must not leave this machine gets a placeholder before the call, and comes back after it.

Placeholders stay the same within one call: the model can still tell that two mails are from one person. What looks
like a secret is taken out for good.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Any

from services.ai.private import Known, found
from services.builder.guardrails import scrub

_PLACEHOLDER = re.compile(r"\[[A-Z]{2,12}_\d{1,6}\]")
_BEGUN = re.compile(r"\[(?:[A-Z]{1,12}(?:_\d{0,6})?)?\Z")
_ROUNDS = 3
_BETWEEN_STEPS = re.compile(r"\n(?=\d{1,3}\. |</?[a-z])")
_PIECE = 3000
"""Characters that are searched in one go, about: nothing else in the program moves meanwhile."""


class Invented(ValueError):
    """A placeholder that was never given out."""


class Redaction:
    """The placeholders of one call."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names` are known to be of people and customers, as they stand in a ticket."""
        self._known = Known(names)
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._given: Counter[str] = Counter()

    def hide(self, text: str) -> str:
        """Without secrets, and with placeholders for what leads to a person, a customer or a machine.

        What is hidden already stays as it is. A placeholder that stands in a text from outside stands for itself.
        """
        for placeholder in _PLACEHOLDER.findall(text):
            self._originals.setdefault(placeholder, placeholder)
        return "\n".join(self._hidden_wholly(_scrubbed(piece)) for piece in _pieces(text))

    def restore(self, text: str, whole: bool = True) -> str:
        """With what the placeholders stand for; of an unfinished text, without one that is only begun.

        Raises Invented for a placeholder that stands for nothing.
        """
        if not whole:
            text = _BEGUN.sub("", text)
        return _PLACEHOLDER.sub(lambda found: self._original(found.group()), text)

    def restore_within(self, value: Any, whole: bool = True) -> Any:
        """The same for every text in a JSON value."""
        match value:
            case str():
                return self.restore(value, whole)
            case list():
                return [self.restore_within(each, whole) for each in value]
            case dict():
                return {name: self.restore_within(each, whole) for name, each in value.items()}
            case _:
                return value

    def _hidden_wholly(self, text: str) -> str:
        for _ in range(_ROUNDS):  # a placeholder may end a word that hid another
            hidden = self._hidden(text)
            if hidden == text:
                break
            text = hidden
        return text

    def _hidden(self, text: str) -> str:
        pieces, done = [], 0
        taken = deque(place.span() for place in _PLACEHOLDER.finditer(text))
        for start, end, kind in found(text, self._known):
            while taken and taken[0][1] <= start:
                taken.popleft()
            if taken and taken[0][0] < end:
                continue
            pieces += [text[done:start], self._placeholder(kind, text[start:end])]
            done = end
        return "".join([*pieces, text[done:]])

    def _placeholder(self, kind: str, original: str) -> str:
        key = (kind, original)
        while key not in self._placeholders:
            self._given[kind] += 1
            placeholder = f"[{kind}_{self._given[kind]}]"
            if placeholder not in self._originals:  # of a text from outside
                self._placeholders[key] = placeholder
                self._originals[placeholder] = original
        return self._placeholders[key]

    def _original(self, placeholder: str) -> str:
        if placeholder not in self._originals:
            raise Invented(placeholder)
        return self._originals[placeholder]


def _pieces(text: str) -> Iterator[str]:
    """Cut between steps and blocks, which say nothing about each other's words."""
    start = end = 0
    for cut in _BETWEEN_STEPS.finditer(text):
        if end > start and cut.start() - start > _PIECE:
            yield text[start:end]
            start = end + 1
        end = cut.start()
    if end > start and len(text) - start > _PIECE:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _scrubbed(text: str) -> str:
    """Around the placeholders: they have letters and a digit, as a password has."""
    placeholders = [*_PLACEHOLDER.findall(text), ""]
    return "".join(scrub(piece) + after for piece, after in zip(_PLACEHOLDER.split(text), placeholders, strict=True))
