"""What the matcher is taught by a call when it ends: which flow was right for the caller's words, and which was not."""

from datetime import datetime
from uuid import UUID

from storage.database import Transaction
from storage.matching import learn, offers_passed, unlearn
from storage.tables import Session


async def learn_from(tx: Transaction, call: Session, now: datetime) -> None:
    """Of a call that has just been resolved. What an engineer solved says nothing of the flow."""
    if call.escalated_at is not None:
        return
    verdicts: dict[UUID, str] = {}
    if call.flow_id is not None:
        verdicts[call.flow_id] = "right" if call.helpful and not call.free_notes else "wrong"
    elif call.helpful and (passed := await offers_passed(tx, call.id)):
        verdicts[passed[0]] = "wrong"  # something else helped; what stood lower was hardly looked at
    await learn(tx, call.id, verdicts, call.problem_text, now)


async def unlearn_from(tx: Transaction, call: Session, now: datetime) -> None:
    """Of a call that is passed on after all."""
    await unlearn(tx, call.id, now)
