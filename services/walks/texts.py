"""What a person typed, on its way into the store."""

from services.builder.guardrails import scrub
from services.errors import Refused

TEXT_LIMIT = 64 * 1024
"""Characters of a note, a reason, an instruction."""
LINE_LIMIT = 4000
"""Characters of what is meant to be a sentence or two."""


def kept(text: str, what: str, limit: int = TEXT_LIMIT) -> str:
    """The text without secrets. Raises Refused where it has more characters than `limit`."""
    if len(text) > limit:
        raise Refused(
            f"{what} is {len(text):,} characters long; {limit:,} is the most", "Shorten it; nothing was stored or lost."
        )
    return scrub(text)
