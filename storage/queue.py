"""The list of tickets that are not closed, a page at a time; and calls that are over, by their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import Reading
from storage.repository import literal, spelled_out
from storage.tables import IN_ESCALATION, IN_QUEUE, UNDER_WAY, PsaList, PsaTicket, Session, Ticket, User
from storage.types import Id, Words

_OVER = (*IN_ESCALATION, "resolved")


class PsaSeen(NamedTuple):
    """A ticket as the PSA last listed it."""

    external_id: str
    number: str
    summary: str
    customer: str
    contact: str
    opened_at: datetime
    board: str
    status: str
    owner: str


class TicketSeen(NamedTuple):
    id: UUID
    kind: str
    status: str
    external_id: str | None
    problem: str
    customer: str
    contact: str
    created_at: datetime


class CallSeen(NamedTuple):
    id: UUID
    status: str
    user_id: UUID
    instruction: str | None
    awaits_psa: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    ticket: TicketSeen | None
    """None for a ticket of the PSA that no call was ever about."""
    session: CallSeen | None
    """Of a ticket that waits the newest one under way, else the newest one; of a call that is over, that call."""
    technician: str | None
    psa: PsaSeen | None = None

    @property
    def about(self) -> tuple[str, str, str]:
        """Problem, customer and contact."""
        if self.ticket is not None:
            return self.ticket.problem, self.ticket.customer, self.ticket.contact
        assert self.psa is not None  # noqa: S101  # one of the two
        return self.psa.summary, self.psa.customer, self.psa.contact

    @property
    def since(self) -> datetime:
        if self.psa is not None:
            return self.psa.opened_at
        assert self.ticket is not None  # noqa: S101  # one of the two
        return self.ticket.created_at

    @property
    def identity(self) -> str:
        """Of its ticket, whoever lists it."""
        if self.psa is not None:
            return f"psa {self.psa.external_id}"
        assert self.ticket is not None  # noqa: S101  # one of the two
        return str(self.ticket.id) if self.ticket.external_id is None else f"psa {self.ticket.external_id}"


class Waiting:
    def __init__(self, within: Reading) -> None:
        self.within = within

    async def listed(self, words: str, limit: int, lists: Sequence[str] = ()) -> Sequence[QueueRow]:
        """Newest first; with what the PSA has listed under these names. A ticket is there once.

        A PSA's ticket that nobody walks is the PSA's to list, once it has. One that was resolved here stays away until
        something has happened to it there.
        """
        sought = _sought(words)
        known = {"lists": tuple(lists)} if lists else {}
        rows = await self._rows(_ours(self._on_server, bool(lists), len(sought)), limit, {**sought, **known})
        for name in lists:
            rows += await self._rows(_at_psa(self._on_server, len(sought)), limit, {**sought, "list": name})
        once = {row.identity: row for row in sorted(rows, key=lambda row: row.identity)}
        return sorted(once.values(), key=lambda row: row.since, reverse=True)[:limit]

    async def over(self, words: str, limit: int) -> Sequence[QueueRow]:
        sought = _sought(words)
        return await self._rows(_over(len(sought)), limit, sought)

    async def _rows(self, found: Select[Any], limit: int, given: Mapping[str, object]) -> list[QueueRow]:
        told = {"account": self.within.account_id, "limit": limit, **given}
        return [_row(row) for row in await self.within.session.execute(found, told)]

    @property
    def _on_server(self) -> bool:
        return self.within.session.get_bind().dialect.name == "postgresql"


def _row(row: Sequence[Any]) -> QueueRow:
    call, seen = len(TicketSeen._fields), len(TicketSeen._fields) + len(CallSeen._fields) + 1
    return QueueRow(
        None if row[0] is None else TicketSeen(*row[:call]),
        None if row[call] is None else CallSeen(*row[call : seen - 1]),
        row[seen - 1],
        PsaSeen(*row[seen:]) if len(row) > seen else None,
    )


# The statements, made once: making one takes longer than what it asks for. Their values come with each execution.

_LOOKED_AT = 2000
"""Tickets with the words, the newest, among whose calls those that are over are looked for."""

_ACCOUNT = bindparam("account", type_=Id())
_LIMIT = bindparam("limit", type_=Integer())
_TICKET = tuple(getattr(Ticket, name) for name in TicketSeen._fields)
_CALL = tuple(getattr(Session, name) for name in CallSeen._fields)
_PSA = tuple(getattr(PsaTicket, name) for name in PsaSeen._fields)


@cache
def _ours(on_server: bool, listed: bool, words: int) -> Select[Any]:
    known = select(PsaList.id).where(
        PsaList.account_id == _ACCOUNT,
        PsaList.name.in_(bindparam("lists", expanding=True)),
        PsaList.refreshed_at.is_not(None),
    )
    theirs = and_(Ticket.kind == "psa", Ticket.status == "open")
    call, joined, columns = _shown(on_server)
    return (
        select(*_TICKET, *columns, User.name)
        .select_from(Ticket)
        .join(call, joined, isouter=True)
        .join(User, User.id == columns[_USER], isouter=True)
        .where(Ticket.account_id == _ACCOUNT, Ticket.status.in_(spelled_out(IN_QUEUE)))
        .where(*([not_(and_(theirs, known.exists()))] * listed), *_having(Ticket.folded, words))
        .order_by(Ticket.created_at.desc(), Ticket.id)
        .limit(_LIMIT)
    )


@cache
def _at_psa(on_server: bool, words: int) -> Select[Any]:
    named = select(PsaList.id).where(PsaList.account_id == _ACCOUNT, PsaList.name == bindparam("list", type_=Words()))
    since = and_(Ticket.status == "resolved", PsaTicket.updated_at > Ticket.updated_at)
    same = and_(Ticket.account_id == PsaTicket.account_id, Ticket.external_id == PsaTicket.external_id)
    call, joined, columns = _shown(on_server)
    return (
        select(*_TICKET, *columns, User.name, *_PSA)
        .select_from(PsaTicket)
        .join(Ticket, same, isouter=True)
        .join(call, joined, isouter=True)
        .join(User, User.id == columns[_USER], isouter=True)
        .where(PsaTicket.account_id == _ACCOUNT, PsaTicket.list_id == named.scalar_subquery())
        .where(or_(Ticket.id.is_(None), Ticket.status.in_(("open", "escalated")), since))
        .where(*_having(PsaTicket.folded, words))
        .order_by(PsaTicket.opened_at.desc(), PsaTicket.external_id)
        .limit(_LIMIT)
    )


@cache
def _over(words: int) -> Select[Any]:
    """Of the newest tickets with the words: to look through all calls takes as long as there are calls."""
    having = select(Ticket.id).where(Ticket.account_id == _ACCOUNT, *_having(Ticket.folded, words))
    return (
        select(*_TICKET, *_CALL, User.name)
        .select_from(Ticket)
        .join(Session, Session.ticket_id == Ticket.id)
        .join(User, User.id == Session.user_id)
        .where(Session.account_id == _ACCOUNT, Session.status.in_(spelled_out(_OVER)))
        .where(Session.ticket_id.in_(having.order_by(Ticket.created_at.desc()).limit(_LOOKED_AT)))
        .order_by(Session.created_at.desc(), Session.id)
        .limit(_LIMIT)
    )


_USER = CallSeen._fields.index("user_id")


def _shown(on_server: bool) -> tuple[Any, ColumnElement[bool], Sequence[Any]]:
    """The call that stands for a ticket, the newest under way, else the newest; how it is joined, and its columns.

    Under row level security an id that a query looks up is looked for in all rows, so a server joins the call
    itself; SQLite has no LATERAL.
    """
    newest = (
        select(*(_CALL if on_server else _CALL[:1]))
        .where(Session.account_id == _ACCOUNT, Session.ticket_id == Ticket.id)
        .order_by(Session.status.in_(spelled_out(UNDER_WAY)).desc(), Session.created_at.desc(), Session.id)
        .limit(1)
        .correlate(Ticket)
    )
    if on_server:
        shown = newest.lateral()
        return shown, true(), tuple(shown.c)
    return Session, and_(Session.account_id == _ACCOUNT, Session.id == newest.scalar_subquery()), _CALL


def _sought(words: str) -> dict[str, str]:
    return {f"word_{number}": f"%{literal(word)}%" for number, word in enumerate(words.casefold().split())}


def _having(folded: InstrumentedAttribute[str], words: int) -> list[ColumnElement[bool]]:
    return [folded.like(bindparam(f"word_{number}", type_=Words()), escape="\\") for number in range(words)]


async def under_way(read: Reading, ticket_id: UUID | None, external_id: str | None) -> UUID | None:
    """The newest call that is under way or with the engineers about one ticket, by our id or the PSA's."""
    its = Ticket.id == ticket_id if ticket_id is not None else Ticket.external_id == external_id
    found = (
        select(Session.id)
        .join(Ticket, Ticket.id == Session.ticket_id)
        .where(Session.account_id == read.account_id, Ticket.account_id == read.account_id, its)
        .where(Session.status.in_((*UNDER_WAY, *IN_ESCALATION)))
        .order_by(Session.status.in_(UNDER_WAY).desc(), Session.created_at.desc(), Session.id)
    )
    return (await read.session.scalars(found.limit(1))).first()
