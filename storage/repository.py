"""Rows of one table within one account: every query starts from a statement that nobody can forget to narrow."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Select, String, bindparam, or_, select, update

from storage.database import Reading
from storage.tables import (
    NoteEntry,
    Owned,
    Proposal,
    Session,
    Ticket,
)

Row = TypeVar("Row", bound=Owned)


class Repository(Generic[Row]):
    """Statements in, rows out. Subclasses name the table and may narrow `base` further, never widen it."""

    table: ClassVar[type[Owned]]

    def __init__(self, within: Reading) -> None:
        self.within = within

    def base(self) -> Select[Row]:
        """All rows of the account that were not deleted."""
        table: type[Row] = self.table  # type: ignore[assignment]  # each subclass names the table of its own Row
        statement = select(table).where(table.account_id == self.within.account_id)
        deleted_at = getattr(table, "deleted_at", None)
        return statement if deleted_at is None else statement.where(deleted_at.is_(None))

    async def get(self, row_id: UUID) -> Row | None:
        return await self.first(self.base().where(self.table.id == row_id))

    async def first(self, statement: Select[Row]) -> Row | None:
        return (await self.within.session.scalars(statement.limit(1))).first()

    async def all(self, statement: Select[Row] | None = None) -> Sequence[Row]:
        return (await self.within.session.scalars(self.base() if statement is None else statement)).all()


def spelled_out(values: Sequence[str]) -> BindParameter[Sequence[str]]:
    """Values that stand in the statement itself: SQLite uses a partial index only where it sees its condition."""
    return bindparam(None, values, String, expanding=True, literal_execute=True)


def literal(text: str) -> str:
    """As it stands, within a pattern of LIKE whose escape character is the backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Proposals(Repository[Proposal]):
    table = Proposal

    async def newest(self, statuses: Sequence[str], limit: int) -> Sequence[Proposal]:
        found = self.base().where(Proposal.status.in_(statuses))
        return await self.all(found.order_by(Proposal.created_at.desc(), Proposal.id).limit(limit))

    async def ended(self, call: Session, *, well: bool) -> bool:
        """One more call, or one fewer after all, that the proposal helped which it walks or became; two at once both
        count. Gives whether there is such a proposal."""
        its = or_(Proposal.id == call.proposal_id, Proposal.session_id == call.id)
        worked = Proposal.worked + (1 if well else -1)
        counted = (
            update(Proposal)
            .where(Proposal.account_id == self.within.account_id, its)
            .values(worked=worked, validated_by_outcome=worked > 0)
            .returning(Proposal.id)
            .execution_options(synchronize_session=False)
        )
        return bool((await self.within.session.scalars(counted)).all())


class Tickets(Repository[Ticket]):
    table = Ticket


class Notes(Repository[NoteEntry]):
    table = NoteEntry
