"""What may become of a suggested fix: two axes, each with rules of its own. Pure: a row, the clock's time, no store.

The decision says how it is to be run, the status whether it worked. An outcome never decides, a decision is no outcome;
both may say that it was run, and the first of them sets `applied_at`.
"""

from datetime import datetime

from services.errors import Refused
from services.fixes.model import DECISIONS, FINAL, OUTCOMES, Decision, FixStatus
from storage.tables import Fix

_IN_WORDS: dict[FixStatus, str] = {
    "proposed": "not applied yet",
    "applied_success": "on record as having worked",
    "applied_partial": "on record as having worked in part",
    "applied_failed": "on record as not having worked",
    "applied_pending": "waited for",
    "dismissed": "dismissed",
}
_RUNS: tuple[Decision, ...] = ("one_off", "draft_template")


def decide(row: Fix, decision: Decision, now: datetime) -> None:
    """How it is to be run. A fix that a newer one has superseded is decided on like any other; dismissing supersedes.

    Raises Refused.
    """
    if decision not in DECISIONS:
        raise Refused(f"{decision!r} is no decision on a fix", f"Use one of: {', '.join(DECISIONS)}.")
    if row.decision == "dismissed":
        raise Refused("this fix was dismissed", "Suggest it again if it is right after all.")
    if decision == "dismissed":
        row.superseded_at = row.superseded_at or now
    elif row.script is None:
        raise Refused("this fix has no drafted script", _without_script(row))
    elif decision in _RUNS and row.status == "dismissed":
        raise Refused("this fix was never applied, and is settled so", "Suggest it again if it is right after all.")
    elif decision == "draft_template" and row.draft_id is not None:
        raise Refused("a draft template was made of this script before", "Look for it among the scripts.")
    elif decision in _RUNS:
        row.applied_at = row.applied_at or now
    row.decision, row.decided_at = decision, now


def _without_script(row: Fix) -> str:
    if row.template_id is not None:
        return "Use its template: fill it in, copy it, and say then whether it worked."
    return "Do its steps, and say then whether it worked."


def record(row: Fix, status: FixStatus, notes: str, now: datetime) -> None:
    """Whether it worked. Success, failure and dismissal stay. Raises Refused."""
    if status not in OUTCOMES:
        raise Refused(f"{status!r} is no outcome of a fix", f"Use one of: {', '.join(OUTCOMES)}.")
    settled_as: FixStatus = row.status  # type: ignore[assignment]  # the table knows no others
    if settled_as in FINAL:
        raise Refused(f"this fix is {_IN_WORDS[settled_as]}, which stays", "Suggest another one.")
    if row.decision == "dismissed":
        raise Refused("this fix was dismissed", "Suggest it again if it was applied after all.")
    notes = notes.strip()
    match status:
        case "applied_partial" if not notes:
            raise Refused("notes are missing", "Say what works now and what does not.")
        case "applied_pending" if not notes:
            raise Refused("what is waited for is missing", "Say what has to happen before it is known.")
        case "applied_success":
            row.worked_notes = notes or None
        case "applied_partial":
            row.partial_notes = notes
        case "applied_failed":
            row.failure_reason = notes
        case "applied_pending":
            row.waiting_for = notes
    row.status = status
    if status != "dismissed":
        row.applied_at = row.applied_at or now
    if status in {"applied_success", "applied_failed"}:
        row.verified_at = now


def ran(row: Fix, now: datetime) -> None:
    """Somebody says that it was run, and not yet what came of it. Raises Refused."""
    if row.status in FINAL or row.decision == "dismissed":
        raise Refused("this fix is settled", "Suggest another one.")
    row.applied_at = row.applied_at or now
