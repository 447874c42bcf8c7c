"""What the app opens with, read before anything is loaded that could change a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from services.access import Act, Actor, Role
from services.psa.lists import Listed, PsaNews, news
from services.walks.lines import AtPsa, OwnCall, Person, QueueEntry, QueueTicket, Status, TicketKind, TicketStatus
from storage import glance as store
from storage.location import parse_location


@dataclass(frozen=True, slots=True)
class Opening:
    actor: Actor
    mine: tuple[OwnCall, ...]
    entries: tuple[QueueEntry, ...]
    """As `Queue.listed` gives them, save that nobody has looked for calls to abandon yet. Empty, like `mine`, for who
    takes no calls."""
    first_call: bool
    """The account has no session at all yet."""
    psa: PsaNews | None = None
    """As `Queue.psa` gives it."""


async def first_look(written: str, name: str | None, limit: int, lists: Sequence[Listed] = ()) -> Opening | None:
    """`written` is the store as people write it, `name` who wants to act, `lists` what of the PSA is shown too. None
    where only the store itself can say who that is, or what is the matter; raises BadLocation, and StoreUnreachable
    after a long silence."""
    seen = await store.glance(parse_location(written), name, limit, [each.name for each in lists])
    if seen is None:
        return None
    user = seen.user
    actor = Actor(user.account_id, user.id, user.name, cast("Role", user.role), user.covers_l1)
    if not actor.may(Act.TAKE_CALLS):
        return Opening(actor, (), (), seen.no_session)
    mine, entries = tuple(_own(each) for each in seen.own), tuple(map(_entry, seen.waiting))
    return Opening(actor, mine, entries, seen.no_session, news(seen.lists, len(lists)) if lists else None)


def _own(seen: store.CallSeen) -> OwnCall:
    status = cast("Status", seen.status)
    told = (seen.problem, seen.customer, seen.contact, seen.last_step_at, seen.handed_back, seen.awaits_psa)
    return OwnCall(seen.id, status, *told)


def _entry(seen: store.TicketSeen) -> QueueEntry:
    kind, status = cast("TicketKind", seen.kind), cast("TicketStatus", seen.status)
    at = (seen.board or "", seen.at_psa or "", seen.owner or "")
    psa = None if seen.number is None else AtPsa(seen.number, *at)
    return QueueEntry(
        ticket=QueueTicket(seen.id, kind, status, seen.external_id, psa),
        problem=seen.problem,
        customer=seen.customer,
        contact=seen.contact,
        created_at=seen.created_at,
        session_id=seen.session_id,
        session_status=cast("Status | None", seen.session_status),
        technician=None if seen.user_id is None else Person(seen.user_id, seen.technician or ""),
        handed_back=bool(seen.handed_back),
        awaits_psa=bool(seen.awaits_psa),
    )
