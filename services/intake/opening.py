"""How a session comes into being: ticket, session and audit row in one transaction, the first node on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.access import Actor
from services.access.acting import still_acting
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json
from services.intake.model import Call
from services.team import audit
from services.walks.changes import Change, Sheet
from services.walks.closing import put_to_engineers, sized, with_warning
from services.walks.engine import Position, start
from services.walks.model import HandOver, Kind, Walk
from services.walks.records import frames_to_json, pending_to_json
from services.walks.service import Walks
from services.walks.trees import Trees, of_proposal, of_version
from storage.database import Database, Transaction
from storage.intake import ticket_of_psa
from storage.repository import Proposals, Tickets
from storage.tables import Session, Ticket

_NOWHERE = Position(None)


@dataclass(frozen=True, slots=True)
class Begin:
    """What is particular about the session that begins."""

    kind: Kind
    position: Position = _NOWHERE
    flow_id: UUID | None = None
    flow_version_id: UUID | None = None
    proposal_id: UUID | None = None
    category: str | None = None
    confident: UUID | None = None


class Opening:
    def __init__(self, database: Database, clock: Clock, library: Library, walks: Walks) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._sheet = Sheet(database, clock, Trees(library))
        self._walks = walks

    async def flow(self, actor: Actor, call: Call, slug: str, confident: UUID | None) -> Walk:
        """Raises NotFound where no such flow is published."""
        async with self._database.transaction(actor) as tx:
            found = await self._library.published_one(tx, slug)
            if found is None:
                raise NotFound(f"no published flow {slug!r}", "`rfl1 flows list` shows them.")
            begin = Begin(
                "flow",
                _first(of_version(found.version_id), found.flow),
                flow_id=found.flow_id,
                flow_version_id=found.version_id,
                category=found.flow.category,
                confident=confident,
            )
            return await self._begin(tx, actor, call, begin)

    async def proposal(self, actor: Actor, call: Call, proposal_id: UUID, confident: UUID | None) -> Walk:
        """Raises NotFound where it is not waiting for review any more."""
        async with self._database.transaction(actor) as tx:
            row = await Proposals(tx).get(proposal_id)
            if row is None or row.status != "pending":
                raise NotFound(f"no pending proposal {proposal_id}", "`rfl1 proposals list` shows them.")
            begin = Begin(
                "proposal",
                _first(of_proposal(row.id), flow_from_json(row.tree)),
                proposal_id=row.id,
                category=row.category,
                confident=confident,
            )
            return await self._begin(tx, actor, call, begin)

    async def adhoc(self, actor: Actor, call: Call) -> Walk:
        async with self._database.transaction(actor) as tx:
            return await self._begin(tx, actor, call, Begin("adhoc"))

    async def build(self, actor: Actor, call: Call, category: str, confident: UUID | None) -> Walk:
        """The first node is on it where it costs no wait; otherwise the walk awaits it (`Walks.next_node`)."""
        async with self._database.transaction(actor) as tx:
            walk = await self._begin(tx, actor, call, Begin("ai_build", category=category, confident=confident))
        return await self._walks.first_node(actor, walk)

    async def escalated(self, actor: Actor, call: Call, category: str, reason: str, how: HandOver | None) -> Walk:
        """Born escalated: no path, an engineer is asked at once."""
        async with self._database.transaction(actor) as tx:
            walk = await self._begin(tx, actor, call, Begin("adhoc"))
            change = Change(tx, await self._sheet.row(tx, walk.id), actor, self._clock())
            told = await put_to_engineers(change, category, reason, how, action="l1.session.escalate_no_walk")
            return with_warning(await self._sheet.load(tx, walk.id), told)

    async def _begin(self, tx: Transaction, actor: Actor, call: Call, begin: Begin) -> Walk:
        await still_acting(tx, actor)
        now = self._clock()
        ticket = await self._ticket(tx, actor, call, now)
        position = begin.position
        session = Session(
            id=uuid4(),
            kind=begin.kind,
            status="active",
            user_id=actor.user_id,
            acting_as=actor.acting_as,
            ticket_id=ticket.id,
            flow_id=begin.flow_id,
            flow_version_id=begin.flow_version_id,
            proposal_id=begin.proposal_id,
            confident_flow_id=begin.confident,
            category=begin.category,
            problem_text=call.problem,
            customer=ticket.customer,
            contact=ticket.contact,
            pending=None if position.pending is None else pending_to_json(position.pending),
            frames=frames_to_json(position.frames),
            verified=position.verified,
            free_notes=begin.kind == "adhoc",
            created_at=now,
            last_step_at=now,
            changed_at=now,
            changed_by=actor.user_id,
        )
        tx.add(session)
        await tx.flush()
        await audit.record(
            tx,
            actor,
            "l1.session.start",
            now,
            session_id=session.id,
            acting_as=actor.acting_as,
            details={"kind": begin.kind, "ticket_id": str(ticket.id), "category": begin.category},
        )
        await tx.flush()
        return await self._sheet.load(tx, session.id)

    async def _ticket(self, tx: Transaction, actor: Actor, call: Call, now: datetime) -> Ticket:
        """The ticket the call is about: from the queue, the PSA's, or a new one of ours. It is being walked now."""
        ticket = None
        if call.ticket_id is not None:
            ticket = await Tickets(tx).get(call.ticket_id)
            if ticket is None:
                raise NotFound(f"no ticket {call.ticket_id}", "`rfl1 queue` shows what waits.")
        elif call.psa_ticket is not None:
            ticket = await ticket_of_psa(tx, call.psa_ticket)
        if ticket is None:
            ticket = Ticket(
                id=uuid4(),
                kind="internal" if call.psa_ticket is None else "psa",
                external_id=call.psa_ticket,
                problem=call.problem,
                customer=sized(call.customer, "the customer"),
                contact=sized(call.contact, "the contact"),
                created_at=now,
                created_by=actor.user_id,
            )
            tx.add(ticket)
        if ticket.status == "resolved":
            raise Refused("this ticket is resolved", "Start a call without it.")
        ticket.status, ticket.updated_at = "walking", now
        await tx.flush()
        return ticket


def _first(tree: str, flow: Flow) -> Position:
    return start(tree, {tree: flow})
