"""One person's way through the course: looks at the store, and knows which stories were read."""

from uuid import UUID

from services.access import Actor
from services.tutor.coach import Advice, Seen, Spot, advise
from services.tutor.course import Course
from services.tutor.goals import learnt
from services.walks.model import Walk
from services.walks.service import Walks


class Tutor:
    def __init__(self, walks: Walks, actor: Actor, course: Course) -> None:
        self.course = course
        self.finished = False
        self._walks = walks
        self._actor = actor
        self._read: frozenset[UUID] = frozenset()
        self._calls: tuple[Walk, ...] = ()
        self._stored, self._as_of = 1, 0

    def stored(self) -> None:
        """Something was: the calls have to be read again."""
        self._stored += 1

    async def advice(self, spot: Spot) -> Advice:
        """What to say to somebody who has this in front of them."""
        if spot.place == "story" and spot.shown is not None:
            self._read |= {spot.shown}
        calls = await self._now(spot.shown)
        advice = advise(self.course, Seen(spot, calls, self._read))
        self.finished = self.finished or advice.done
        return advice

    async def learnt(self) -> tuple[tuple[str, bool], ...]:
        return learnt(self.course, await self._now(), self._read)

    async def _now(self, shown: UUID | None = None) -> tuple[Walk, ...]:
        """Every call, oldest first; read again after a change, also one that only the screen knows of yet."""
        known = {call.id for call in self._calls}
        if self._as_of < self._stored or (shown is not None and shown not in known):
            now = self._stored
            listed = await self._walks.listed(self._actor)
            self._calls = tuple([await self._walks.open(self._actor, each.id) for each in reversed(listed)])
            self._as_of = now
        return self._calls
