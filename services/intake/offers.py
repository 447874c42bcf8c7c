"""What the matcher offered when a call began, kept with the session: it learns from what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.intake.shelf import Shelf
from services.matching.calibration import SUGGEST
from services.matching.index import Verdict
from storage.database import Transaction
from storage.tables import FlowOffer, Session


@dataclass(frozen=True, slots=True)
class Offers:
    sure: UUID | None
    """The flow that the matcher was sure of."""
    flows: tuple[tuple[UUID, float], ...]
    """Each flow that it put forward with its chance, best first."""
    by_itself: bool = False
    """The first was started without being chosen."""

    def started(self) -> "Offers":
        return replace(self, by_itself=True)

    async def keep(self, tx: Transaction, session: Session, now: datetime) -> None:
        for place, (flow_id, chance) in enumerate(self.flows, 1):
            taken = "passed" if flow_id != session.flow_id else "started" if self.by_itself else "chosen"
            tx.add(
                FlowOffer(
                    id=uuid4(), session_id=session.id, flow_id=flow_id, place=place, chance=chance, taken=taken, at=now
                )
            )
        await tx.flush()


def offers(shelf: Shelf, verdict: Verdict) -> Offers:
    near = [(shelf.flows.get(each.slug), each.score) for each in verdict.candidates if each.score >= SUGGEST]
    first = shelf.flows.get(verdict.candidates[0].slug) if verdict.decision == "matched" else None
    return Offers(first, tuple((flow_id, score) for flow_id, score in near if flow_id is not None))
