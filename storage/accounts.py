"""Queries around accounts: what their users, settings and library hang on."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Reading, Transaction
from storage.tables import Account, AccountSetting, User


async def locked_account(tx: Transaction) -> Account:
    """The account's own row, kept from other writers until the transaction ends.

    Rows that refer to the account can be added meanwhile: calls go on while somebody imports flows.
    """
    found = select(Account).where(Account.id == tx.account_id).with_for_update(key_share=True)
    return (await tx.session.scalars(found)).one()


async def ensured_account(session: AsyncSession, name: str, now: datetime) -> Account:
    """The account of this name, made where there is none; of several who try at once, one makes it."""
    new = {"id": uuid4(), "name": name, "created_at": now, "library_revision": 0}
    await session.execute(_insert(session, Account).values(new).on_conflict_do_nothing(index_elements=["name"]))
    return (await session.scalars(select(Account).where(Account.name == name).with_for_update(key_share=True))).one()


async def account_named(session: AsyncSession, name: str) -> Account | None:
    return (await session.scalars(select(Account).where(Account.name == name))).first()


async def first_user(session: AsyncSession, account_id: UUID | None = None) -> User | None:
    """The user that `init` made in the account, or in the oldest account of the store."""
    found = select(User).join(Account, Account.id == User.account_id).where(User.first)
    if account_id is not None:
        found = found.where(User.account_id == account_id)
    return (await session.scalars(found.order_by(Account.created_at, User.created_at, User.id).limit(1))).first()


async def users_named(session: AsyncSession, name: str, account_id: UUID | None = None) -> list[User]:
    """Not deleted ones, in the account or in any."""
    found = select(User).where(User.name == name, User.deleted_at.is_(None))
    if account_id is not None:
        found = found.where(User.account_id == account_id)
    return list(await session.scalars(found))


async def user_of_login(session: AsyncSession, login: str) -> User | None:
    return (await session.scalars(select(User).where(User.login == login))).first()


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


def _insert(session: AsyncSession, table: type[Account]) -> postgresql.Insert | sqlite.Insert:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)
