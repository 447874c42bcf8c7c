"""What has become of a suggested fix when its call is resolved: whoever keeps the fixes settles it in that change."""

from dataclasses import dataclass
from typing import Protocol

from services.errors import Refused
from services.walks.changes import Change
from storage.desk import Fixes

OPEN = "proposed"
"""What a fix is of which nobody has said anything yet."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """An outcome, in the words of `services.fixes`: `applied_success`, ..., or `dismissed` for never applied."""

    status: str
    notes: str = ""


class Settle(Protocol):
    async def __call__(self, change: Change, settlement: Settlement | None) -> None:
        """Raises Refused where a fix is open and nothing is said of it."""


async def nothing_to_settle(change: Change, settlement: Settlement | None) -> None:
    """Where nobody keeps fixes: one that is open stops the call from being resolved all the same."""
    fix = await Fixes(change.tx).active(change.row.id)
    if settlement is not None or (fix is not None and fix.status == OPEN):
        raise Refused("a suggested fix of this call cannot be settled here", "Do it where fixes are.")
