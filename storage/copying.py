"""Whole accounts from one store into another, of either kind: all of them verified, or nothing."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import StoreTrouble
from storage.tables import Account, Base, Proposal

_AT_ONCE = 500
_ALL = 2**256

_ADOPT = """
UPDATE private.people SET may_connect = TRUE FROM pg_roles
WHERE rolname = login AND pg_has_role(pg_roles.oid, quote_ident(left(current_user, 50) || '_people'), 'MEMBER')"""
"""Logins that are on the server already, made by this owner, are those of the same people again."""


class NotCopied(StoreTrouble):
    title = "Nothing was copied"
    exit_status = 1


@dataclass(slots=True)
class Sum:
    """What a table holds, in any order."""

    rows: int = 0
    digest: int = 0

    def add(self, row: Mapping[str, object]) -> None:
        said = repr(sorted(row.items())).encode(errors="surrogatepass")
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(hashlib.sha256(said).digest())) % _ALL


async def copy(source: Database, target: Database, *, called: str | None = None) -> Mapping[str, int]:
    """Every account of `source` into `target`, which is migrated and another store; gives how many rows of each table.
    `called` is another name for it, where there is one account.

    Raises NotCopied where an account is there already, where `called` would be several, or where what arrived is not
    what was sent; `target` is then as it was.
    """
    async with source.session(read_only=True) as reads, target.session() as writes:
        accounts = [
            (each.id, each.name)
            for each in await reads.execute(select(Account.id, Account.name).order_by(Account.name))
        ]
        if called is not None and len(accounts) != 1:
            raise NotCopied(
                f"{source.location} has {len(accounts)} accounts", "Leave out --account: each keeps its name."
            )
        await _require_new(writes, accounts, called)
        sent, arrived = await _send(reads, writes, called), dict[str, Sum]()
        for table in _tables():
            arrived[table.name] = Sum()
            ids = [account_id for account_id, _ in accounts]
            async for row in _rows(writes, table, ids):
                arrived[table.name].add(row)
        astray = [name for name, meant in sent.items() if arrived[name] != meant]
        if astray:
            raise NotCopied(f"{', '.join(astray)} did not arrive as they were sent", "Try again; it is not your data.")
        if target.dialect == "postgresql":
            await writes.execute(text(_ADOPT))
    return {name: each.rows for name, each in sent.items()}


async def _require_new(writes: AsyncSession, accounts: Sequence[tuple[UUID, str]], called: str | None) -> None:
    there = {name: account_id for account_id, name in await writes.execute(select(Account.id, Account.name))}
    for account_id, name in accounts:
        if account_id in there.values():
            raise NotCopied(f"the account {name!r} has been copied there before", "It can be there once.")
        if (called or name) in there:
            raise NotCopied(f"there is an account {called or name!r} already", "Give it another name with --account.")


async def _send(reads: AsyncSession, writes: AsyncSession, called: str | None) -> dict[str, Sum]:
    sent: dict[str, Sum] = {}
    for table in _tables():
        sent[table.name] = total = Sum()
        waiting: list[dict[str, object]] = []
        async for row in _rows(reads, table):
            if table is Account.__table__ and called is not None:
                row["name"] = called
            total.add(row)
            waiting.append(_first(table, row))
            if len(waiting) == _AT_ONCE:
                await writes.execute(insert(table), waiting)
                waiting.clear()
        if waiting:
            await writes.execute(insert(table), waiting)
    await _join(reads, writes)
    return sent


def _first(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    """Proposals and sessions name each other: at first a proposal names none."""
    return {**row, "session_id": None} if table is Proposal.__table__ else dict(row)


async def _join(reads: AsyncSession, writes: AsyncSession) -> None:
    proposals = Base.metadata.tables["proposals"]
    named = update(proposals).where(proposals.c.id == bindparam("of")).values(session_id=bindparam("its"))
    found = select(proposals.c.id, proposals.c.session_id).where(proposals.c.session_id.is_not(None))
    pairs = [{"of": proposal, "its": session} for proposal, session in await reads.execute(found)]
    if pairs:
        await writes.execute(named, pairs)


async def _rows(
    session: AsyncSession, table: Table, accounts: Sequence[UUID] | None = None
) -> AsyncIterator[dict[str, object]]:
    """Of these accounts, or of all."""
    found = select(table)
    if accounts is not None:
        found = found.where((table.c.id if table.name == "accounts" else table.c.account_id).in_(accounts))
    async for row in await session.stream(found.execution_options(yield_per=_AT_ONCE)):
        yield dict(row._mapping)


def _tables() -> Sequence[Table]:
    """Each behind those that it names."""
    return Base.metadata.sorted_tables


async def is_empty(database: Database) -> bool:
    async with database.session(read_only=True) as session:
        return not (await session.scalars(select(func.count()).select_from(Account))).one()
