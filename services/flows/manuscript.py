"""The text of a flow on its way to somebody's editor and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manuscript:
    slug: str
    """Empty for a flow that is not there yet."""
    number: int
    """Of the newest version, from which the text was made; 0 where there is none."""
    text: str
    """YAML, with a remark at its head that says what was missing in its calls."""
