"""Flows that are not in use yet: captured from calls that went well, waiting for somebody to look at them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.clock import Clock
from services.errors import Conflict, NotAllowed, NotFound, Refused
from services.flows.library import Library
from services.flows.merging import instead, merged
from services.flows.nodes import Flow, flow_to_json
from services.flows.proposal import OPEN, ProposalDetail, ProposalSummary, Review, stubs, to_detail
from services.flows.versions import Imported
from services.flows.visible import blank
from services.team import audit
from services.team.notices import ENGINEERS
from services.walks.texts import LINE_LIMIT, kept
from storage.accounts import bump_library
from storage.database import Database, Reading, Transaction
from storage.library import Versions
from storage.matching import learn, walked_well
from storage.repository import Proposals as Rows
from storage.tables import PROPOSAL_STATUSES, Proposal
from storage.team import reachable
from storage.walks import names

if TYPE_CHECKING:  # a list of proposals needs no lint
    from services.flows.lint import Fault


class Proposals:
    """A change names the `state_version` that it was made against, where somebody has looked before; it raises Conflict
    where a colleague has changed the proposal since."""

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
        return await self._read(actor, PROPOSAL_STATUSES if status is None else (status,), limit)

    async def waiting(self, actor: Actor, limit: int = 200) -> tuple[ProposalDetail, ...]:
        """Those that nobody has decided about, newest first, with their flows."""
        return await self._read(actor, OPEN, limit)

    async def _read(self, actor: Actor, statuses: Sequence[str], limit: int) -> tuple[ProposalDetail, ...]:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            rows = await Rows(read).newest(statuses, limit)
            people = await names(read, {user for row in rows for user in (row.created_by, row.reviewed_by)})
        return tuple(to_detail(row, people) for row in rows)

    async def show(self, actor: Actor, proposal_id: UUID) -> ProposalDetail:
        """Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await _detail(read, await _found(read, proposal_id))

    async def faults(self, actor: Actor, flow: Flow) -> "tuple[Fault, ...]":
        """What keeps the flow from being published: what lint finds, stubs among it."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await self._library.faults(read, flow)

    async def awaits_colleague(self, actor: Actor, proposal_id: UUID) -> bool:
        """Whether it is not the actor who may approve or merge it, since it is from a call of their own."""
        async with reading(self._database, actor, Act.REVIEW_FLOWS) as read:
            return await _is_ones_own(read, actor, await _found(read, proposal_id))

    async def edit(self, actor: Actor, seen: ProposalDetail, flow: Flow) -> ProposalDetail:
        """Keeps what a reviewer has made of it so far, with whatever is still wrong; calls walk what was captured."""
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await _reviewable(tx, seen.summary.id, seen.summary.state_version)
            if flow != seen.flow:
                row.edited = flow_to_json(flow)
                details = {"nodes": len(flow.nodes), "stubs": len(stubs(flow))}
                await self._review(tx, actor, row, "proposal.edit", "modified", details)
            return await _detail(tx, row)

    async def approve(
        self,
        actor: Actor,
        proposal_id: UUID,
        *,
        slug: str | None = None,
        edited: Flow | None = None,
        version: int | None = None,
    ) -> Imported:
        """Publishes it as a flow of its own: as it is, or as a reviewer has `edited` it, under `slug` if given. What
        the callers said whom it has helped is learnt with it.

        Raises NotFound, NotAllowed for one's own, Refused where stubs are left, it was reviewed before or the slug is
        taken, Invalid where it does not pass lint.
        """

        async def publish(tx: Transaction, flow: Flow) -> tuple[Imported, Mapping[str, object]]:
            flow = replace(flow, slug=slug or flow.slug)
            if await Versions(tx).of_slugs([flow.slug]):
                raise Refused(f"there is a flow {flow.slug!r} already", "Give this one another slug.")
            return await self._library.add(tx, actor, flow), {}

        return await self._publish(actor, proposal_id, publish, "proposal.approve", edited, version)

    async def merge(
        self,
        actor: Actor,
        proposal_id: UUID,
        *,
        into: str,
        at: str,
        label: str,
        number: int | None = None,
        edited: Flow | None = None,
        version: int | None = None,
    ) -> Imported:
        """Publishes a new version of the flow `into`, in which the answer `label` of the question `at` leads to what
        was proposed: a new answer, or one that calls were passed on at. `number` is the version that was looked at.

        Raises as `approve` does, and Refused where no such flow is published, has no such question, or has that answer
        already and it helps.
        """

        async def publish(tx: Transaction, flow: Flow) -> tuple[Imported, Mapping[str, object]]:
            there = await self._library.published_one(tx, into)
            if there is None:
                raise Refused(f"no flow {into!r} is published", "`rfl1 flows list` shows which are.")
            if number is not None and there.number != number:
                raise Conflict(f"{into} is at version {there.number} by now", "Look at it again, then merge.")
            end = instead(there.flow, at=at, label=label)
            imported = await self._library.add(tx, actor, merged(there.flow, flow, at=at, label=label))
            return imported, {"node": at, "answer": label, **({} if end is None else {"instead_of": end.text})}

        return await self._publish(actor, proposal_id, publish, "proposal.merge", edited, version)

    async def _publish(  # noqa: PLR0917 - what both ways share
        self,
        actor: Actor,
        proposal_id: UUID,
        publish: Callable[[Transaction, Flow], Awaitable[tuple[Imported, Mapping[str, object]]]],
        action: str,
        edited: Flow | None,
        version: int | None,
    ) -> Imported:
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await _reviewable(tx, proposal_id, version)
            await _not_ones_own(tx, actor, row)
            flow = edited or (await _detail(tx, row)).flow
            if left := stubs(flow):
                raise Refused(f"nobody has filled in {', '.join(map(repr, left))}", _FILL_IN)
            imported, where = await publish(tx, flow)
            if where:
                row.review_reason = f"merged into {imported.slug} v{imported.number}"
            changed = edited is not None or row.edited is not None
            about = {"slug": imported.slug, "number": imported.number, "edited": changed, **where}
            await self._review(tx, actor, row, action, "approved", about)
            await self._learn(tx, row, imported.slug)
            return imported

    async def _learn(self, tx: Transaction, row: Proposal, slug: str) -> None:
        """What the callers said whom it has helped since it was captured; the first one's words are in its file."""
        flow_id = (await Versions(tx).of_slugs([slug]))[0].flow_id
        for session_id, said in await walked_well(tx, row.id):
            await learn(tx, session_id, {flow_id: "right"}, said, self._clock())

    async def reject(self, actor: Actor, proposal_id: UUID, reason: str, *, version: int | None = None) -> None:
        """Raises NotFound, Refused without a reason, with too long a one or where it was reviewed before."""
        reason = kept(reason, "the reason", LINE_LIMIT)
        if blank(reason):
            raise Refused("a rejection needs a reason", "One sentence is enough.")
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            row = await _reviewable(tx, proposal_id, version)
            row.review_reason = reason
            await self._review(tx, actor, row, "proposal.reject", "rejected", {"reason": reason})
            await bump_library(tx)

    async def _review(  # noqa: PLR0917 - what is stored
        self, tx: Transaction, actor: Actor, row: Proposal, action: str, status: str, details: Mapping[str, object]
    ) -> None:
        now = self._clock()
        row.status, row.reviewed_by, row.reviewed_at = status, actor.user_id, now
        row.state_version += 1
        told = {"proposal_id": str(row.id), **details}
        await audit.record(tx, actor, action, now, session_id=row.session_id, details=told)
        await tx.flush()


_FILL_IN = (
    "Fill it in in the app; or `rfl1 proposals show ID > flow.yaml`, say there what to do, and give it with --file."
)


async def _found(read: Reading, proposal_id: UUID) -> Proposal:
    row = await Rows(read).get(proposal_id)
    if row is None:
        raise NotFound(f"no proposal {proposal_id}", "`rfl1 proposals list` shows what there is.")
    return row


async def _detail(read: Reading, row: Proposal) -> ProposalDetail:
    return to_detail(row, await names(read, {row.created_by, row.reviewed_by}))


async def _reviewable(tx: Transaction, proposal_id: UUID, version: int | None) -> Proposal:
    row = await _found(tx, proposal_id)
    if version not in {None, row.state_version}:
        raise _conflict((await _detail(tx, row)).review)
    if row.status not in OPEN:
        raise Refused(f"this proposal is {row.status}", "`rfl1 proposals list` shows which wait.")
    return row


def _conflict(last: Review | None) -> Conflict:
    mend = "Look at it again, then repeat what you wanted to do."
    if last is None:
        return Conflict("this proposal is another one now", mend)
    return Conflict(f"{last.by} changed this proposal at {last.at:%H:%M:%S} UTC", mend, by=last.by, at=last.at)


async def _not_ones_own(tx: Transaction, actor: Actor, row: Proposal) -> None:
    if await _is_ones_own(tx, actor, row):
        raise NotAllowed("nobody approves a proposal from a call of their own", "Ask a colleague to look at it.")


async def _is_ones_own(read: Reading, actor: Actor, row: Proposal) -> bool:
    """Four eyes, where the account has them: an engineer approves a call of their own only if nobody else could.

    Admins and owners answer for the account.
    """
    own = row.created_by == actor.user_id and actor.role == "engineer"
    return own and any(user_id != actor.user_id for user_id in await reachable(read, roles=ENGINEERS))
