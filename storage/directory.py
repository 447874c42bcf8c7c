"""Who there is in the whole store: asked only to find out who acts, before anybody does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, User

_CONNECTED = text(
    """SELECT session_user::text,
              pg_has_role(session_user, relowner, 'MEMBER')
                AND NOT EXISTS (SELECT FROM users WHERE login = session_user)
       FROM pg_class WHERE oid = 'users'::regclass"""
)


class Directory:
    """The one place where queries are not kept within an account."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._postgres = session.get_bind().dialect.name == "postgresql"

    async def connected_login(self) -> str | None:
        """The database role that is connected; None where it is the store's owner, who may act as anybody."""
        if not self._postgres:
            return None
        login, owner = (await self.session.execute(_CONNECTED)).one()
        return None if owner else str(login)

    async def user_of_login(self, login: str) -> User | None:
        return (await self.session.scalars(select(User).where(User.login == login))).first()

    async def users_named(self, name: str, account_id: UUID | None = None) -> Sequence[User]:
        """Not deleted ones, in the account or in any."""
        found = select(User).where(User.name == name, User.deleted_at.is_(None))
        if account_id is not None:
            found = found.where(User.account_id == account_id)
        return (await self.session.scalars(found)).all()

    async def first_user(self, account_id: UUID | None = None) -> User | None:
        """The user that `init` made in the account, or in the oldest account of the store."""
        found = select(User).join(Account, Account.id == User.account_id).where(User.first)
        if account_id is not None:
            found = found.where(User.account_id == account_id)
        return (await self.session.scalars(found.order_by(Account.created_at, Account.id).limit(1))).first()

    async def owner_of(self, account_id: UUID) -> User | None:
        """An active owner of the account, the user that `init` made if that is one."""
        found = select(User).where(User.account_id == account_id, User.role == "owner", User.active)
        found = found.where(User.deleted_at.is_(None)).order_by(User.first.desc(), User.created_at, User.id)
        return (await self.session.scalars(found.limit(1))).first()

    async def account_named(self, name: str) -> Account | None:
        return (await self.session.scalars(select(Account).where(Account.name == name))).first()

    async def ensured_account(self, name: str, now: datetime) -> Account:
        """The account of this name, kept from other writers; of several who want to make it at once, one does."""
        insert = postgresql.insert if self._postgres else sqlite.insert
        new = {"id": uuid4(), "name": name, "created_at": now, "library_revision": 0}
        await self.session.execute(insert(Account).values(new).on_conflict_do_nothing(index_elements=["name"]))
        found = select(Account).where(Account.name == name).with_for_update(key_share=True)
        return (await self.session.scalars(found)).one()
