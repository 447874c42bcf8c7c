"""The list of tickets that are not closed, a page at a time; and calls that are over, by their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.database import Reading
from storage.repository import literal, spelled_out
from storage.tables import IN_ESCALATION, IN_QUEUE, UNDER_WAY, PsaList, PsaTicket, Session, Ticket, User

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


@dataclass(frozen=True, slots=True)
class QueueRow:
    ticket: Ticket | None
    """None for a ticket of the PSA that no call was ever about."""
    session: Session | None
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
        rows = await self._ours(words, limit, lists)
        for name in lists:
            rows += await self._listed_by_psa(name, words, limit)
        once = {row.identity: row for row in sorted(rows, key=lambda row: row.identity)}
        return sorted(once.values(), key=lambda row: row.since, reverse=True)[:limit]

    async def _ours(self, words: str, limit: int, lists: Sequence[str]) -> list[QueueRow]:
        known = select(PsaList.id).where(
            PsaList.account_id == self.within.account_id, PsaList.name.in_(lists), PsaList.refreshed_at.is_not(None)
        )
        theirs = and_(Ticket.kind == "psa", Ticket.status == "open")
        call, joined = self._shown()
        found = (
            select(Ticket, call, User.name)
            .select_from(Ticket)
            .join(call, joined, isouter=True)
            .join(User, User.id == call.user_id, isouter=True)
            .where(Ticket.account_id == self.within.account_id, Ticket.status.in_(spelled_out(IN_QUEUE)))
            .where(*([not_(and_(theirs, known.exists()))] * bool(lists)), *_having(Ticket.folded, words))
            .order_by(Ticket.created_at.desc(), Ticket.id)
            .limit(limit)
        )
        return [QueueRow(*row) for row in await self.within.session.execute(found)]

    async def _listed_by_psa(self, name: str, words: str, limit: int) -> list[QueueRow]:
        seen = [getattr(PsaTicket, column) for column in PsaSeen._fields]
        listed = select(PsaList.id).where(PsaList.account_id == self.within.account_id, PsaList.name == name)
        since = and_(Ticket.status == "resolved", PsaTicket.updated_at > Ticket.updated_at)
        call, joined = self._shown()
        found = (
            select(Ticket, call, User.name, *seen)
            .select_from(PsaTicket)
            .join(Ticket, and_(Ticket.account_id == PsaTicket.account_id, Ticket.external_id == PsaTicket.external_id),
                  isouter=True)
            .join(call, joined, isouter=True)
            .join(User, User.id == call.user_id, isouter=True)
            .where(PsaTicket.account_id == self.within.account_id, PsaTicket.list_id == listed.scalar_subquery())
            .where(or_(Ticket.id.is_(None), Ticket.status.in_(("open", "escalated")), since))
            .where(*_having(PsaTicket.folded, words))
            .order_by(PsaTicket.opened_at.desc(), PsaTicket.external_id)
            .limit(limit)
        )  # fmt: skip
        rows = await self.within.session.execute(found)
        return [QueueRow(ticket, of, name, PsaSeen(*told)) for ticket, of, name, *told in rows]

    def _shown(self) -> tuple[type[Session], ColumnElement[bool]]:
        """The call that stands for a ticket, the newest under way, else the newest; and how it is joined.

        Under row level security an id that a query looks up is looked for in all rows, so a server joins the call
        itself; SQLite has no LATERAL.
        """
        newest = (
            (select(Session) if self._on_server else select(Session.id))
            .where(Session.account_id == self.within.account_id, Session.ticket_id == Ticket.id)
            .order_by(Session.status.in_(spelled_out(UNDER_WAY)).desc(), Session.created_at.desc(), Session.id)
            .limit(1)
            .correlate(Ticket)
        )
        if self._on_server:
            return aliased(Session, newest.lateral()), true()
        return Session, and_(Session.account_id == self.within.account_id, Session.id == newest.scalar_subquery())

    @property
    def _on_server(self) -> bool:
        return self.within.session.get_bind().dialect.name == "postgresql"

    async def over(self, words: str, limit: int) -> Sequence[QueueRow]:
        found = (
            select(Ticket, Session, User.name)
            .join(Session, Session.ticket_id == Ticket.id)
            .join(User, User.id == Session.user_id)
            .where(Session.account_id == self.within.account_id, Session.status.in_(spelled_out(_OVER)))
            .where(*_having(Ticket.folded, words))
            .order_by(Session.created_at.desc(), Session.id)
            .limit(limit)
        )
        return [QueueRow(*row) for row in await self.within.session.execute(found)]


def _having(folded: InstrumentedAttribute[str], words: str) -> list[ColumnElement[bool]]:
    return [folded.like(f"%{literal(word)}%", escape="\\") for word in words.casefold().split()]


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
