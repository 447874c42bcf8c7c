"""Queries around what people are told."""

from uuid import UUID

from sqlalchemy import Select, and_, select

from storage.repository import Repository
from storage.tables import Notification, Session


class Notices(Repository[Notification]):
    table = Notification

    async def any_unread(self, user_id: UUID) -> bool:
        return await self.first(self._unread(user_id)) is not None

    async def unread(self, user_id: UUID, limit: int) -> list[tuple[Notification, str | None, str | None]]:
        """Oldest first, kept from other writers, with the problem and the status of the call that each is about."""
        found = select(Notification, Session.problem_text, Session.status).outerjoin(
            Session, and_(Session.id == Notification.session_id, Session.account_id == Notification.account_id)
        )
        mine = (Notification.account_id == self.within.account_id, Notification.user_id == user_id)
        unread = found.where(*mine, Notification.read_at.is_(None)).order_by(Notification.created_at).limit(limit)
        locked = unread.with_for_update(of=Notification, skip_locked=True)
        return [(row, problem, status) for row, problem, status in await self.within.session.execute(locked)]

    def _unread(self, user_id: UUID) -> Select[Notification]:
        return self.base().where(Notification.user_id == user_id, Notification.read_at.is_(None))
