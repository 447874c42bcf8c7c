"""Drafts as they were made, one for each state of a session and kind."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects import postgresql, sqlite

from storage.repository import Repository
from storage.tables import Draft


class Drafts(Repository[Draft]):
    table = Draft

    async def kept(self, session_id: UUID, kind: str, state_version: int) -> Draft | None:
        found = self.base().where(Draft.session_id == session_id, Draft.kind == kind)
        return await self.first(found.where(Draft.state_version == state_version))

    async def of(self, session_id: UUID) -> Sequence[Draft]:
        return await self.all(self.base().where(Draft.session_id == session_id).order_by(Draft.made_at, Draft.id))

    async def keep(self, draft: Mapping[str, Any]) -> None:
        """Unless somebody was faster, whose draft stays."""
        on_postgres = self.within.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if on_postgres else sqlite.insert
        kept = insert(Draft).values(**draft, id=uuid4(), account_id=self.within.account_id)
        await self.within.session.execute(kept.on_conflict_do_nothing())
