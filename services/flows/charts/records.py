"""Records of DOT: a box of several fields, `<port> words | {one | two}`; lines leave it from the fields."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_FIELDS = re.compile(r"(?<!\\)[|{}]")
_PORT = re.compile(r"\s*<([^<>]*)>\s*")


@dataclass(frozen=True, slots=True)
class Fields:
    words: tuple[tuple[str, str], ...]
    """Of each field its port, empty where it has none, and what stands in it."""

    @property
    def ports(self) -> dict[str, str]:
        return {port: words for port, words in self.words if port}

    def without(self, ports: Collection[str]) -> str:
        """What stands in the other fields, each on a line; in all of them where there are no others."""
        left = [words for port, words in self.words if port not in ports and words]
        return "\n".join(left or [words for _, words in self.words])


def fields(label: str) -> Fields:
    """As it is written, escaped signs still escaped."""
    found: list[tuple[str, str]] = []
    for each in _FIELDS.split(label):
        port = _PORT.match(each)
        words = each[port.end() :] if port else each
        if port or words.strip():
            found.append((port[1].strip() if port else "", words.strip()))
    return Fields(tuple(found))
