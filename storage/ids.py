"""Ids as people write them: their first digits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storage.repository import Repository


async def beginning_with(rows: Repository[Any], digits: str, most: int) -> Sequence[UUID]:
    """The ids of the account's rows that begin with these hexadecimal digits, in their order, at most so many."""
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    table = rows.table
    found = select(table.id).where(table.account_id == rows.within.account_id, table.id.between(first, last))
    return (await rows.within.session.scalars(found.order_by(table.id).limit(most))).all()
