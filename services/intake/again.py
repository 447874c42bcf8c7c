"""The same caller with the same trouble: whoever takes the call should know, and so should the engineer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.intake.call import Again
from services.matching.words import words
from storage.database import Reading
from storage.matching import calls_of
from storage.tables import Session

LATELY = timedelta(days=14)
_SAME = 0.5
"""Of the telling words of the shorter text, those that both say."""
_LEAST = 2


async def again(read: Reading, text: str, customer: str, contact: str, now: datetime) -> Again | None:
    """The newest such call of the last 14 days. A caller without a name is nobody in particular."""
    customer, contact = customer.strip(), contact.strip()
    if not (customer or contact):
        return None
    return _newest(text, await calls_of(read, customer, contact, now - LATELY))


def _newest(text: str, calls: Sequence[Session]) -> Again | None:
    said = _stems(text)
    for call in calls:
        before = _stems(call.problem_text)
        common = len(said & before)
        if common >= _LEAST and common >= _SAME * min(len(said), len(before)):
            return Again(call.id, call.problem_text, call.status, call.created_at)
    return None


def _stems(text: str) -> set[str]:
    return {word.stem for word in words(text)}
