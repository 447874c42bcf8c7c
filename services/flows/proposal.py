"""A flow that waits for a reviewer, as services and screens know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from services.flows.nodes import Flow, flow_from_json
from storage.tables import Proposal

ProposalStatus = Literal["pending", "approved", "modified", "rejected", "dismissed"]
OPEN: tuple[ProposalStatus, ...] = ("pending", "modified")
"""Those that wait for a decision: nobody has touched them, or somebody has begun to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSummary:
    id: UUID
    status: ProposalStatus
    state_version: int
    """Goes up with each change by a reviewer."""
    type: str
    source: str
    title: str
    category: str
    keywords: tuple[str, ...]
    validated: bool
    """A call was ended well with it."""
    worked: int
    """How many calls."""
    stubs: int
    """Branches that nobody took, to be filled in before it can be approved."""
    session_id: UUID | None
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer did last."""

    by: str
    at: datetime
    reason: str | None
    """Why it was rejected; what it was merged into."""


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    summary: ProposalSummary
    flow: Flow
    """As the reviewers have made it."""
    captured: Flow
    """As it came, which calls walk until it is published."""
    ticket_id: UUID | None
    review: Review | None

    @property
    def open(self) -> bool:
        """Whether a decision is still to be made."""
        return self.summary.status in OPEN


def stubs(flow: Flow) -> list[str]:
    """The nodes that nobody has filled in."""
    return [key for key, node in flow.nodes.items() if node.needs_review]


def to_detail(row: Proposal, people: Mapping[UUID, str]) -> ProposalDetail:
    """`people`: names by id, of whoever the row speaks of."""
    captured, review = flow_from_json(row.tree), None
    flow = captured if row.edited is None else flow_from_json(row.edited)
    if row.reviewed_by is not None and row.reviewed_at is not None:
        review = Review(people[row.reviewed_by], row.reviewed_at, row.review_reason)
    summary = ProposalSummary(
        id=row.id,
        status=cast("ProposalStatus", row.status),
        state_version=row.state_version,
        type=row.type,
        source=row.source,
        title=row.title if row.edited is None else flow.title,
        category=row.category if row.edited is None else flow.category,
        keywords=tuple(row.keywords) if row.edited is None else flow.keywords,
        validated=row.validated_by_outcome,
        worked=row.worked,
        stubs=len(stubs(flow)),
        session_id=row.session_id,
        created_at=row.created_at,
        created_by=None if row.created_by is None else people[row.created_by],
    )
    return ProposalDetail(summary, flow, captured, row.ticket_id, review)
