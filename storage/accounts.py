"""Queries around an account's own row and its settings."""

from typing import Any

from sqlalchemy import delete, select, update

from storage.database import Reading, Transaction
from storage.tables import Account, AccountSetting


async def locked_account(tx: Transaction) -> Account | None:
    """The account's own row, kept from other writers until the transaction ends; None for a login that is nobody's any
    more.

    Rows that refer to the account can be added meanwhile: calls go on while somebody imports flows.
    """
    found = select(Account).where(Account.id == tx.account_id).with_for_update(key_share=True)
    return (await tx.session.scalars(found)).first()


async def settings(read: Reading) -> dict[str, Any]:
    """What the account has set, by key."""
    found = select(AccountSetting.key, AccountSetting.value).where(AccountSetting.account_id == read.account_id)
    return {key: value for key, value in await read.session.execute(found)}


async def put_setting(tx: Transaction, key: str, value: object) -> None:
    """Within `locked_account`, so that nobody else adds the same key meanwhile."""
    await tx.session.merge(AccountSetting(account_id=tx.account_id, key=key, value=value))


async def drop_setting(tx: Transaction, key: str) -> None:
    mine = AccountSetting.account_id == tx.account_id
    await tx.session.execute(delete(AccountSetting).where(mine, AccountSetting.key == key))


async def bump_library(tx: Transaction) -> None:
    """Tells whoever has the account's library in memory to look again."""
    changed = update(Account).where(Account.id == tx.account_id)
    await tx.session.execute(changed.values(library_revision=Account.library_revision + 1))


async def library_revision(read: Reading) -> int:
    return (await read.session.scalars(select(Account.library_revision).where(Account.id == read.account_id))).one()
