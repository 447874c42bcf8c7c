"""Throwing the counts of an account away, so that all is counted again: many short transactions, each of which may be
the last.

While it is under way, which a row among the account's settings says, nobody counts. Every transaction that counts, or
takes marks off calls, holds a lock that any number may have at once; whoever begins or ends it has that lock alone.
"""

from uuid import UUID

from sqlalchemy import delete, func, select, update

from storage.accounts import drop_setting, put_setting
from storage.database import Reading, Transaction
from storage.tables import AccountSetting, Session, VisitCount, WeekCount

_UNDER_WAY = "counts.forgetting"
_BIGINT = (1 << 63) - 1


async def among_others(tx: Transaction) -> bool:
    """Until the end of the transaction, nobody begins or ends forgetting. Gives whether it is under way."""
    if _on_server(tx):
        await tx.session.execute(select(func.pg_advisory_xact_lock_shared(_key(tx))))
    return await under_way(tx)


async def alone(tx: Transaction) -> bool:
    """Until the end of the transaction, nobody counts or forgets. Gives whether forgetting is under way."""
    if _on_server(tx):  # a file has one writer at a time anyway
        await tx.session.execute(select(func.pg_advisory_xact_lock(_key(tx))))
    return await under_way(tx)


async def under_way(read: Reading) -> bool:
    mine = AccountSetting.account_id == read.account_id
    found = select(AccountSetting.key).where(mine, AccountSetting.key == _UNDER_WAY)
    return (await read.session.scalars(found)).first() is not None


async def begin(tx: Transaction) -> None:
    """Only when `alone`, within `locked_account`."""
    await put_setting(tx, _UNDER_WAY, True)


async def unmark(tx: Transaction, after: UUID | None, limit: int) -> UUID | None:
    """Calls that were counted wait to be counted again, in the order of their ids. Gives the last one; None: that was
    all."""
    found = select(Session.id).where(Session.account_id == tx.account_id, Session.counted.is_not(None))
    if after is not None:
        found = found.where(Session.id > after)
    calls = (await tx.session.scalars(found.order_by(Session.id).limit(limit).with_for_update())).all()
    again = update(Session).where(Session.account_id == tx.account_id, Session.id.in_(calls))
    await tx.session.execute(again.values(counted=None, handled=None).execution_options(synchronize_session=False))
    return calls[-1] if calls else None


async def finish(tx: Transaction) -> None:
    """Every count of the account, of which no call is a part any more. Only when `alone`."""
    for table in (VisitCount, WeekCount):
        await tx.session.execute(delete(table).where(table.account_id == tx.account_id))
    await drop_setting(tx, _UNDER_WAY)


def _on_server(tx: Transaction) -> bool:
    return tx.session.get_bind().dialect.name == "postgresql"


def _key(tx: Transaction) -> int:
    return tx.account_id.int & _BIGINT
