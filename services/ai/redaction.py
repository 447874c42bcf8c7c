"""What must not leave this machine gets a placeholder before the call, and comes back after it.

Placeholders stay the same within one call: the model can still tell that two mails are from one person. What looks
like a secret is taken out for good.
"""

import re
from collections.abc import Sequence
from typing import Any

from services.ai.private import PATTERNS, names_in
from services.builder.guardrails import scrub

_PLACEHOLDER = re.compile(r"\[[A-Z]{2,12}_\d{1,4}\]")
_BEGUN = re.compile(r"\[(?:[A-Z]{1,12}(?:_\d{0,4})?)?\Z")


class Invented(ValueError):
    """A placeholder that was never given out."""


class Redaction:
    """The placeholders of one call."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names` are known to be of people and customers, whole or in words."""
        self._names = names_in(names)
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """Without secrets, names, addresses and numbers that lead to a person or a machine."""
        text = _PLACEHOLDER.sub(lambda found: self._placeholder("TEXT", found.group()), scrub(text))
        for kind, pattern in PATTERNS:
            text = pattern.sub(lambda found, kind=kind: self._kept(kind, found), text)  # type: ignore[misc]  # bound now
        if self._names is not None:  # after the rest: a mail's address is more than the names in it
            text = self._names.sub(lambda found: self._placeholder("NAME", found.group()), text)
        return text

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

    def _kept(self, kind: str, found: re.Match[str]) -> str:
        """A pattern may name `hide`, the part of what it found that is private."""
        if "hide" not in found.re.groupindex:
            return self._placeholder(kind, found.group())
        start, end = (place - found.start() for place in found.span("hide"))
        whole = found.group()
        return whole[:start] + self._placeholder(kind, whole[start:end]) + whole[end:]

    def _placeholder(self, kind: str, original: str) -> str:
        key = (kind, original.casefold())
        if key not in self._placeholders:
            number = sum(each == kind for each, _ in self._placeholders) + 1
            self._placeholders[key] = f"[{kind}_{number}]"
            self._originals[f"[{kind}_{number}]"] = original
        return self._placeholders[key]

    def _original(self, placeholder: str) -> str:
        if placeholder not in self._originals:
            raise Invented(placeholder)
        return self._originals[placeholder]
