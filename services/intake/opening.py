"""How a session comes into being: ticket, session and audit row in one transaction, the first node on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json
from services.flows.proposal import OPEN
from services.intake.model import Call, EscalateAtOnce, InHand
from services.intake.offers import Offers
from services.psa.lists import Listed
from services.team import audit
from services.team.notices import others_told
from services.walks.changes import Change, Sheet
from services.walks.closing import put_to_engineers, with_warning
from services.walks.counting import opened_again
from services.walks.engine import Position, start
from services.walks.model import Kind, Walk
from services.walks.records import frames_to_json, pending_to_json
from services.walks.service import Walks
from services.walks.texts import LINE_LIMIT, kept
from services.walks.trees import Trees, of_proposal, of_version
from storage.database import Database, Reading, Transaction
from storage.intake import colleagues_call, ensured_ticket, escalated_call, lock_user, locked_ticket
from storage.psa_tickets import PsaLists
from storage.repository import Proposals
from storage.tables import Session, Ticket
from storage.walks import Sessions

LONGEST_NUMBER = 100
"""Characters of the number that a PSA gives a ticket."""

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
    offers: Offers | None = None


class Opening:
    def __init__(
        self, database: Database, clock: Clock, library: Library, walks: Walks, lists: Sequence[Listed] = ()
    ) -> None:
        """`lists`: what of the PSA's tickets is known."""
        self._database = database
        self._lists = [each.name for each in lists]
        self._clock = clock
        self._library = library
        self._sheet = Sheet(database, clock, Trees(library))
        self._walks = walks

    async def flow(self, actor: Actor, call: Call, slug: str, offers: Offers | None) -> Walk:
        """Raises NotFound where no such flow is published."""
        async with self._database.transaction(actor) as tx:
            found = await self._library.published_one(tx, slug)
            if found is None:
                await still_acting(tx, actor)  # for somebody who has left there is nothing any more
                raise NotFound(f"no published flow {slug!r}", "`rfl1 flows list` shows them.")
            begin = Begin(
                "flow",
                _first(of_version(found.version_id), found.flow),
                flow_id=found.flow_id,
                flow_version_id=found.version_id,
                category=found.flow.category,
                offers=offers,
            )
            return await self._begin(tx, actor, call, begin)

    async def proposal(self, actor: Actor, call: Call, proposal_id: UUID, offers: Offers | None) -> Walk:
        """Raises NotFound where it is not waiting for review any more."""
        async with self._database.transaction(actor) as tx:
            row = await Proposals(tx).get(proposal_id)
            if row is None or row.status not in OPEN:
                raise NotFound(f"no proposal {proposal_id} waits", "`rfl1 proposals list` shows them.")
            begin = Begin(
                "proposal",
                _first(of_proposal(row.id), flow_from_json(row.tree)),
                proposal_id=row.id,
                category=row.category,
                offers=offers,
            )
            return await self._begin(tx, actor, call, begin)

    async def adhoc(self, actor: Actor, call: Call, offers: Offers | None) -> Walk:
        async with self._database.transaction(actor) as tx:
            return await self._begin(tx, actor, call, Begin("adhoc", offers=offers))

    async def build(self, actor: Actor, call: Call, category: str, offers: Offers | None) -> Walk:
        """The first node is on it where it costs no wait; otherwise the walk awaits it (`Walks.next_node`)."""
        async with self._database.transaction(actor) as tx:
            walk = await self._begin(tx, actor, call, Begin("ai_build", category=category, offers=offers))
        return walk if walk.repeated else await self._walks.first_node(actor, walk)

    async def escalated(self, actor: Actor, call: Call, wish: EscalateAtOnce, offers: Offers | None) -> Walk:
        """Born escalated: no path, an engineer is asked at once."""
        async with self._database.transaction(actor) as tx:
            walk = await self._begin(tx, actor, call, Begin("adhoc", offers=offers))
            if walk.repeated:
                return walk
            # At the moment it began: that is how a session is told that was escalated before anything was tried.
            change = Change(tx, await self._sheet.row(tx, walk.id), actor, walk.created_at)
            action = "l1.session.escalate_no_walk"
            told = await put_to_engineers(change, walk, wish.category, wish.reason, wish.how, action=action)
            return with_warning(await self._sheet.load(tx, walk.id), told)

    async def begun(self, actor: Actor, call: Call) -> Walk | None:
        """What the call began when it was taken before."""
        if call.session_id is None:
            return None
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return await self._begun(read, actor, call.session_id)

    async def _begun(self, read: Reading, actor: Actor, session_id: UUID) -> Walk | None:
        """With the warning that its answer had, which may be what was lost."""
        if await Sessions(read).get(session_id) is None:
            return None
        walk = replace(await self._sheet.load(read, session_id), repeated=True)
        return with_warning(walk, await others_told(read, actor)) if walk.status == "escalated" else walk

    async def _begin(self, tx: Transaction, actor: Actor, call: Call, begin: Begin) -> Walk:
        await still_acting(tx, actor)
        if call.session_id is not None:
            await lock_user(tx, actor.user_id)
            if walk := await self._begun(tx, actor, call.session_id):
                return walk
        now = self._clock()
        ticket = await self._ticket(tx, actor, call, now)
        position = begin.position
        session = Session(
            id=call.session_id or uuid4(),
            kind=begin.kind,
            status="active",
            user_id=actor.user_id,
            acting_as=actor.acting_as,
            ticket_id=ticket.id,
            flow_id=begin.flow_id,
            flow_version_id=begin.flow_version_id,
            proposal_id=begin.proposal_id,
            confident_flow_id=begin.offers.sure if begin.offers else None,
            category=begin.category,
            problem_text=call.problem,
            customer=_line(call.customer, "the customer") or ticket.customer,
            contact=_line(call.contact, "the contact") or ticket.contact,
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
        if begin.offers is not None:
            await begin.offers.keep(tx, session, now)
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
        walk = await self._sheet.load(tx, session.id)
        return replace(walk, warning=await self._with_engineers(tx, ticket))

    async def _with_engineers(self, tx: Transaction, ticket: Ticket) -> str | None:
        """What has to be known of a ticket that was escalated before."""
        if ticket.status != "escalated" or (theirs := await escalated_call(tx, ticket.id)) is None:
            return None
        claim = (await self._sheet.load(tx, theirs)).claim
        who = "no engineer has claimed it yet" if claim is None else f"{claim.by.name} works on it"
        return f"This ticket is escalated, {who}: call {theirs}."

    async def _ticket(self, tx: Transaction, actor: Actor, call: Call, now: datetime) -> Ticket:
        """The ticket the call is about, locked: from the queue, the PSA's, or a new one of ours."""
        new = {
            "id": uuid4(),
            "kind": "internal",
            "problem": call.problem,
            "customer": _line(call.customer, "the customer"),
            "contact": _line(call.contact, "the contact"),
            "status": "walking",
            "created_at": now,
            "created_by": actor.user_id,
            "updated_at": now,
        }
        if call.ticket_id is not None:
            ticket = await locked_ticket(tx, call.ticket_id)
            if ticket is None:
                raise NotFound(f"no ticket {call.ticket_id}", "`rfl1 queue` shows what waits.")
        elif call.psa_ticket is not None:
            ticket = await ensured_ticket(tx, await self._of_psa(tx, new, _number(call.psa_ticket)))
        else:
            ticket = Ticket(**new)
            tx.add(ticket)
            await tx.flush()
            return ticket
        await self._require_free(tx, actor, ticket)
        if ticket.status == "resolved" and not await self._open_again(tx, ticket):
            raise Refused("this ticket is resolved", "Start a call without it.")
        if ticket.status == "resolved":
            for resolved in await Sessions(tx).resolved(ticket.id):
                await opened_again(tx, resolved, now)
        if ticket.status in {"open", "resolved"}:  # an escalated one stays with the engineers
            ticket.status, ticket.updated_at = "walking", now
        await tx.flush()
        return ticket

    async def _of_psa(self, tx: Transaction, new: Mapping[str, object], number: str) -> Mapping[str, object]:
        """With what the PSA has listed of it, where nothing else is said."""
        known = await PsaLists(tx).ticket(self._lists, number)
        if known is None:
            return {**new, "kind": "psa", "external_id": number}
        customer, contact = new["customer"] or known.customer, new["contact"] or known.contact
        return {**new, "kind": "psa", "external_id": known.external_id, "customer": customer, "contact": contact}

    async def _require_free(self, tx: Transaction, actor: Actor, ticket: Ticket) -> None:
        """Raises InHand where a colleague has a call about it under way. The ticket is locked: of several who begin
        at once, the others wait until here."""
        theirs = await colleagues_call(tx, ticket.id, actor.user_id)
        if theirs is not None:
            raise InHand(await self._sheet.load(tx, theirs))

    async def _open_again(self, tx: Transaction, ticket: Ticket) -> bool:
        """Whether something has happened to it in the PSA since it was resolved here, and it is open there."""
        if ticket.external_id is None:
            return False
        known = await PsaLists(tx).ticket(self._lists, ticket.external_id)
        return known is not None and known.updated_at is not None and known.updated_at > ticket.updated_at


def _line(text: str, what: str) -> str:
    return kept(text, what, LINE_LIMIT)


def _number(written: str) -> str:
    """The PSA's number of a ticket. Raises Refused."""
    number = written.strip().removeprefix("#").lstrip()
    if number.isascii() and number.isdecimal():
        number = number.lstrip("0") or "0"
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise Refused(
            f"a ticket's number has 1 to {LONGEST_NUMBER} characters", "Take it from the PSA, or leave it out."
        )
    return number


def _first(tree: str, flow: Flow) -> Position:
    return start(tree, {tree: flow})
