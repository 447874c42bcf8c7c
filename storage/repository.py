"""Rows of one table within one account: every query starts from a statement that nobody can forget to narrow."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Select, String, bindparam, select, update

from storage.database import Reading
from storage.tables import (
    NoteEntry,
    Owned,
    Proposal,
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


class Proposals(Repository[Proposal]):
    table = Proposal

    async def newest(self, status: str | None, limit: int) -> Sequence[Proposal]:
        found = self.base() if status is None else self.base().where(Proposal.status == status)
        return await self.all(found.order_by(Proposal.created_at.desc(), Proposal.id).limit(limit))

    async def ended_well(self, proposal_id: UUID) -> None:
        """One more call that the proposal helped; two at once both count."""
        mine = update(Proposal).where(Proposal.account_id == self.within.account_id, Proposal.id == proposal_id)
        await self.within.session.execute(mine.values(validated_by_outcome=True, worked=Proposal.worked + 1))


class Tickets(Repository[Ticket]):
    table = Ticket


class Notes(Repository[NoteEntry]):
    table = NoteEntry
