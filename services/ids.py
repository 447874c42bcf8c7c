"""Which call or proposal is meant: by its whole id, or by as much of its beginning as no other has."""

import re
from typing import Any
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.errors import NotFound, Refused
from storage.database import Database
from storage.ids import beginning_with
from storage.repository import Proposals, Repository
from storage.walks import Sessions

SHORTEST = 4
"""Digits that are enough to mean one thing and no other."""
_DIGITS = re.compile(f"[0-9a-f]{{{SHORTEST},32}}")
_WHOLE = 32


class Ids:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def session(self, actor: Actor, written: str) -> UUID:
        """Raises NotFound, Refused where several begin so."""
        return await self._meant(actor, written, Sessions, "call", "`rfl1 sessions list` shows them.")

    async def proposal(self, actor: Actor, written: str) -> UUID:
        """Raises NotFound, Refused where several begin so."""
        return await self._meant(actor, written, Proposals, "proposal", "`rfl1 proposals list` shows what there is.")

    async def _meant(self, actor: Actor, written: str, table: type[Repository[Any]], what: str, where: str) -> UUID:
        digits = written.strip().lower().replace("-", "")
        if len(digits) == _WHOLE and _DIGITS.fullmatch(digits):
            return UUID(digits)  # whether there is one is for who opens it to say
        if not _DIGITS.fullmatch(digits):
            raise NotFound(f"no {what} {written!r}", where)
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            found = await beginning_with(table(read), digits, 2)
        if not found:
            raise NotFound(f"no {what} {written!r}", where)
        if len(found) > 1:
            raise Refused(f"more than one {what} begins with {written}", "Write more of its id.")
        return found[0]
