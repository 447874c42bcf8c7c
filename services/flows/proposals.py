"""Flows that are not in use yet: captured from calls that went well, waiting for somebody to look at them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.clock import Clock
from services.errors import NotAllowed, NotFound, Refused
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json
from services.flows.versions import Imported
from services.flows.visible import blank
from services.team import audit
from services.team.notices import ENGINEERS
from services.walks.texts import LINE_LIMIT, kept
from storage.accounts import bump_library
from storage.database import Database, Reading, Transaction
from storage.library import Versions
from storage.repository import Proposals as Rows
from storage.tables import PROPOSAL_STATUSES, Proposal
from storage.team import reachable
from storage.walks import names

ProposalStatus = Literal["pending", "approved", "modified", "rejected", "dismissed"]
OPEN = ("pending", "modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSummary:
    id: UUID
    status: ProposalStatus
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
    by: str
    at: datetime
    reason: str | None
    """Why it was rejected."""


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    summary: ProposalSummary
    flow: Flow
    ticket_id: UUID | None
    review: Review | None


class Proposals:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._clock = clock
        self._library = library

    async def listed(self, actor: Actor, *, status: str | None = None, limit: int = 200) -> tuple[ProposalSummary, ...]:
        """Newest first. Raises Refused for a status that there is not."""
        return tuple(each.summary for each in await self.whole(actor, status=status, limit=limit))

    async def whole(self, actor: Actor, *, status: str | None = None, limit: int = 200) -> tuple[ProposalDetail, ...]:
        """The same with their flows."""
        if status is not None and status not in PROPOSAL_STATUSES:
            raise Refused(f"proposals have no status {status!r}", f"Use one of: {', '.join(PROPOSAL_STATUSES)}.")
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            rows = await Rows(read).newest(status, limit)
            people = await names(read, {user for row in rows for user in (row.created_by, row.reviewed_by)})
        return tuple(_detail(row, people) for row in rows)

    async def show(self, actor: Actor, proposal_id: UUID) -> ProposalDetail:
        """Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            row = await _found(read, proposal_id)
            return _detail(row, await names(read, {row.created_by, row.reviewed_by}))

    async def approve(
        self, actor: Actor, proposal_id: UUID, *, slug: str | None = None, edited: Flow | None = None
    ) -> Imported:
        """Publishes it as a flow of its own: as it is, or as a reviewer has `edited` it, under `slug` if given.

        Raises NotFound, NotAllowed for one's own, Refused where stubs are left, it was reviewed before or the slug is
        taken, Invalid where it does not pass lint.
        """
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await _reviewable(tx, proposal_id)
            await _not_ones_own(tx, actor, row)
            flow = edited or flow_from_json(row.tree)
            flow = replace(flow, slug=slug or flow.slug)
            if stubs := _stubs(flow):
                raise Refused(
                    f"nobody has filled in {', '.join(map(repr, stubs))}",
                    "`rfl1 proposals show ID > flow.yaml`, say there what to do, and approve with --file flow.yaml.",
                )
            if await Versions(tx).of_slugs([flow.slug]):
                raise Refused(f"there is a flow {flow.slug!r} already", "Give this one another slug.")
            imported = await self._library.add(tx, actor, flow)
            details = {"slug": imported.slug, "number": imported.number, "edited": edited is not None}
            await self._review(tx, actor, row, "proposal.approve", "approved", details)
            return imported

    async def reject(self, actor: Actor, proposal_id: UUID, reason: str) -> None:
        """Raises NotFound, Refused without a reason, with too long a one or where it was reviewed before."""
        reason = kept(reason, "the reason", LINE_LIMIT)
        if blank(reason):
            raise Refused("a rejection needs a reason", "One sentence is enough.")
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await _reviewable(tx, proposal_id)
            row.review_reason = reason
            await self._review(tx, actor, row, "proposal.reject", "rejected", {"reason": reason})
            await bump_library(tx)

    async def _review(  # noqa: PLR0917 - what is stored
        self, tx: Transaction, actor: Actor, row: Proposal, action: str, status: str, details: Mapping[str, object]
    ) -> None:
        now = self._clock()
        row.status, row.reviewed_by, row.reviewed_at = status, actor.user_id, now
        told = {"proposal_id": str(row.id), **details}
        await audit.record(tx, actor, action, now, session_id=row.session_id, details=told)


async def _found(read: Reading, proposal_id: UUID) -> Proposal:
    row = await Rows(read).get(proposal_id)
    if row is None:
        raise NotFound(f"no proposal {proposal_id}", "`rfl1 proposals list` shows what there is.")
    return row


async def _reviewable(tx: Transaction, proposal_id: UUID) -> Proposal:
    row = await _found(tx, proposal_id)
    if row.status not in OPEN:
        raise Refused(f"this proposal is {row.status}", "`rfl1 proposals list` shows which wait.")
    return row


async def _not_ones_own(tx: Transaction, actor: Actor, row: Proposal) -> None:
    """Four eyes, where the account has them: an engineer approves a call of their own only if nobody else could.

    Admins and owners answer for the account.
    """
    own = row.created_by == actor.user_id and actor.role == "engineer"
    if own and any(user_id != actor.user_id for user_id in await reachable(tx, roles=ENGINEERS)):
        raise NotAllowed("nobody approves a proposal from a call of their own", "Ask a colleague to look at it.")


def _stubs(flow: Flow) -> list[str]:
    return [key for key, node in flow.nodes.items() if node.needs_review]


def _detail(row: Proposal, people: Mapping[UUID, str]) -> ProposalDetail:
    flow, review = flow_from_json(row.tree), None
    if row.reviewed_by is not None and row.reviewed_at is not None:
        review = Review(people[row.reviewed_by], row.reviewed_at, row.review_reason)
    summary = ProposalSummary(
        id=row.id,
        status=cast("ProposalStatus", row.status),
        type=row.type,
        source=row.source,
        title=row.title,
        category=row.category,
        keywords=tuple(row.keywords),
        validated=row.validated_by_outcome,
        worked=row.worked,
        stubs=len(_stubs(flow)),
        session_id=row.session_id,
        created_at=row.created_at,
        created_by=None if row.created_by is None else people[row.created_by],
    )
    return ProposalDetail(summary, flow, row.ticket_id, review)
