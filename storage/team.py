"""Queries around the people of an account."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from storage.database import Reading
from storage.repository import Repository
from storage.tables import AuditEntry, User


class Users(Repository[User]):
    table = User

    async def named(self, name: str) -> User | None:
        return await self.first(self.base().where(User.name == name))

    async def listed(self) -> Sequence[User]:
        return await self.all(self.base().order_by(User.created_at, User.id))

    async def names_ever(self) -> Sequence[str]:
        """Of everybody, also of those who were deleted: their names stand in the records."""
        return (
            await self.within.session.scalars(select(User.name).where(User.account_id == self.within.account_id))
        ).all()

    async def active(self, role: str, *, but: UUID) -> int:
        """How many active users other than `but` have the role."""
        found = self.base().where(User.active, User.role == role, User.id != but)
        return (await self.within.session.scalars(select(func.count()).select_from(found.subquery()))).one()


async def reachable(
    within: Reading, *, roles: Collection[str] | None = None, user_id: UUID | None = None
) -> Sequence[UUID]:
    """Ids of the active users with one of the roles, or of the one user if active."""
    found = select(User.id).where(User.account_id == within.account_id, User.active, User.deleted_at.is_(None))
    if roles is not None:
        found = found.where(User.role.in_(roles))
    if user_id is not None:
        found = found.where(User.id == user_id)
    return (await within.session.scalars(found.order_by(User.created_at, User.id))).all()


class AuditLog(Repository[AuditEntry]):
    table = AuditEntry

    async def of_session(self, session_id: UUID) -> list[tuple[AuditEntry, str | None]]:
        """The same of one call, oldest first."""
        found = self._named().where(AuditEntry.session_id == session_id).order_by(AuditEntry.at, AuditEntry.id)
        return [(row, name) for row, name in await self.within.session.execute(found)]

    async def newest(self, since: datetime | None, limit: int) -> list[tuple[AuditEntry, str | None]]:
        """Rows and the names of who did it, newest first."""
        found = self._named()
        if since is not None:
            found = found.where(AuditEntry.at >= since)
        ordered = found.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
        return [(row, name) for row, name in await self.within.session.execute(ordered)]

    def _named(self) -> Select[AuditEntry, str | None]:
        found = select(AuditEntry, User.name).where(AuditEntry.account_id == self.within.account_id)
        return found.outerjoin(User, and_(User.id == AuditEntry.user_id, User.account_id == AuditEntry.account_id))
