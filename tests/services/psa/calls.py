"""What the tests of the PSA share: one note, and how a failure is caught."""

from collections.abc import Awaitable

import pytest

from services.psa import notes
from services.psa.failures import PsaFailed
from services.psa.model import NewNote

MARK = notes.reference("4711", "resolve")
NOTE = NewNote(notes.signed("It was **the cable**.", MARK), internal=False, resolution=True, title="Resolution")


async def failed(work: Awaitable[object]) -> PsaFailed:
    with pytest.raises(PsaFailed) as caught:
        await work
    return caught.value
