"""What happens beside one: that something has changed, who else has a call open, what one is told."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from textwrap import shorten
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock
from services.team.keys import label
from storage import feed, presence
from storage.database import Database
from storage.notices import Notices
from storage.statuses import IN_ESCALATION
from storage.tables import Notification
from storage.walks import Sessions

STAYS = 15.0
"""Seconds: how often a terminal says that a call is still open there."""
GONE = 45.0
"""Seconds: who has said nothing for so long has left, or their terminal has died."""
FORGOTTEN = 3600.0
MOST = 50
"""Of what one is told at once."""
LINE = 120
"""Characters of what somebody wrote that one is told with it; the rest is read in the call."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that somebody is told."""

    id: UUID
    event: str
    by: str
    about: str
    """What the caller said; empty where it is about no call."""
    session_id: UUID | None
    details: Mapping[str, object]

    @property
    def line(self) -> str:
        """One sentence."""
        who, what = self.by or "Somebody", f"“{self.about}”" if self.about else "a call"
        match self.event:
            case "l1.session.escalated":
                category = str(self.details.get("category", ""))
                return f"{who} escalated {what}{f': {label(category)}' if category else ''}"
            case "l1.session.handed_back":
                return f"{who} handed {what} back to you"
            case "l1.session.missing":
                asked = shorten(str(self.details.get("text", "")), LINE, placeholder="…")
                return f"{who} would have asked in {what}{f': {asked}' if asked else ''}"
            case "psa.writeback.failed":
                return f"The PSA did not take {what}"
        return f"{re.sub('[._]+', ' ', self.event)}: {what}"


class Live:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def rings(self, actor: Actor) -> AsyncIterator[None]:
        """Whenever something of the account may have changed, a few times a second at most; never ends."""
        return feed.rings(self._database, actor)

    async def version(self, actor: Actor, session_id: UUID) -> int:
        """The state that a call is in, without reading it; 0 where there is none any more."""
        async with self._database.reading(actor) as read:
            return await Sessions(read).version(session_id) or 0

    async def news(self, actor: Actor) -> tuple[News, ...]:
        """What the actor has not been told yet, oldest first; from now on they have. Nobody is told what they did, or
        that a call was escalated which nobody waits with any more."""
        async with self._database.reading(actor) as read:
            if not await Notices(read).any_unread(actor.user_id):
                return ()
        async with self._database.transaction(actor) as tx:
            unread = await Notices(tx).unread(actor.user_id, MOST)
            for row, *_ in unread:
                row.read_at = self._clock()
        return tuple(
            News(row.id, row.event, str(row.details.get("by", "")), problem or "", row.session_id, row.details)
            for row, problem, status in unread
            if row.details.get("by") != actor.name and not _over(row, status)
        )

    async def arrive(self, actor: Actor, session_id: UUID, screen: UUID) -> None:
        """From now on the others see that the actor has the call open, on `screen`, an id of one's own."""
        async with self._database.transaction(actor) as tx:
            here = {"id": screen, "user_id": actor.user_id, "session_id": session_id}
            await presence.arrive(tx, here, self._clock(), FORGOTTEN)
        await feed.ring(self._database, actor)

    async def stay(self, actor: Actor, screen: UUID) -> bool:
        """To be said again every `STAYS`. Whether the store knows of it."""
        async with self._database.transaction(actor) as tx:
            return await presence.stay(tx, screen, self._clock())

    async def leave(self, actor: Actor, screen: UUID) -> None:
        async with self._database.transaction(actor) as tx:
            await presence.leave(tx, screen)
        await feed.ring(self._database, actor)

    async def others(self, actor: Actor, session_id: UUID) -> tuple[str, ...]:
        """Names of those who have the call open too."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return tuple(await presence.others(read, session_id, actor.user_id, self._clock(), GONE))


def _over(row: Notification, status: str | None) -> bool:
    """`status`: of the call that it is about."""
    return row.event == "l1.session.escalated" and status is not None and status not in IN_ESCALATION
