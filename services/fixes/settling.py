"""A call is resolved: a suggested fix of which nobody has said anything yet is settled first, in the same change."""

from typing import cast

from services.errors import Refused
from services.fixes.cases import log
from services.fixes.model import FixStatus
from services.fixes.rules import record
from services.walks.changes import Change
from services.walks.settling import OPEN, Settlement
from services.walks.texts import kept
from storage.desk import Fixes
from storage.tables import Fix


async def settle(change: Change, settlement: Settlement | None) -> None:
    """The hook of `services.walks.closing`. What is on record as partly done, or waited for, has been settled, and may
    be settled again. Raises Refused."""
    row = await Fixes(change.tx).active(change.row.id)
    if settlement is not None:
        if row is None:
            raise Refused("this call has no suggested fix to settle", "Leave it out.")
        await put_outcome(change, row, settlement.status, settlement.notes)
    elif row is not None and row.status == OPEN:
        raise Refused(
            f"a suggested fix is still open: {row.title}",
            "Say whether it worked, worked partly, did not work, was never applied, or is waited for.",
        )


async def put_outcome(change: Change, row: Fix, status: str, notes: str) -> None:
    """Stores an outcome with its audit row. Raises Refused."""
    notes = kept(notes, "the notes")
    record(row, cast("FixStatus", status), notes, change.now)
    row.changed_at, row.changed_by = change.now, change.actor.user_id
    details = {"fix": row.number, "title": row.title, "status": status, "notes": notes.strip()}
    await log(change, "fix_outcome", details)
