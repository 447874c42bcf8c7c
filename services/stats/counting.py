"""Brings the counts up to date: what has ended since is counted, some calls at a time, so that no key waits for it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import administering, reading, still_acting
from services.clock import Clock, utc_now
from services.team import audit
from services.walks.counting import ending, handled, visits_of, week_of
from storage import recount
from storage.counts import Uncounted, Visit, Week, add, free, how_many_uncounted, mark, uncounted
from storage.database import Database

AT_ONCE = 40
"""Calls in one transaction beside somebody's work."""
MORE = 250
"""Calls in one transaction where somebody waits for all of them."""
AT_MOST = 2000
"""Calls that somebody who only wants to see the figures waits for."""
FORGOTTEN_AT_ONCE = 1000
"""Calls in one transaction, where all are to be counted again."""


class Counting:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def some(self, actor: Actor, most: int = AT_ONCE) -> int:
        """Counts calls that have ended, the one that ended first first. Gives how many there were to count, at most
        `most`; of these another terminal may have counted some. None while all counts are thrown away; what was cut
        short of that is done first, if the actor may."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            forgetting = await recount.under_way(read)
            found = () if forgetting else await uncounted(read, most)
        if forgetting and actor.may(Act.ADMINISTER):
            await self._forget(actor)
            return await self.some(actor, most)
        if found:
            await self._count(actor, found)
        return len(found)

    async def up_to_date(self, actor: Actor, most: int = AT_MOST) -> int:
        """Counts until nothing is left, or so many were. Gives how many calls are left."""
        done = 0
        while done < most:
            wanted = min(MORE, most - done)
            number = await self.some(actor, wanted)
            done += number
            if number < wanted:
                break
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await how_many_uncounted(read)

    async def _count(self, actor: Actor, found: Sequence[Uncounted]) -> None:
        visits, weeks = Counter[Visit](), Counter[Week]()
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            if await recount.among_others(tx):
                return
            mine = set(await free(tx, [row for row, _ in found]))
            counted = [(row, steps) for row, steps in found if row.id in mine]
            for row, steps in counted:
                visits.update(visits_of(row, steps))
                weeks[week_of(row)] += 1
            await mark(tx, [(row.id, ending(row), handled(row)) for row, _ in counted])
            await add(tx, visits, weeks)

    async def again(self, actor: Actor) -> None:
        """Throws every count of the account away; nothing is lost, all is counted again from the calls. Cut short, it
        is gone on with by whoever may and wants to count."""
        async with administering(self._database, actor, Act.ADMINISTER) as tx:
            if not await recount.alone(tx):
                await recount.begin(tx)
            await audit.record(tx, actor, "account.recount", self._clock())
        await self._forget(actor)

    async def _forget(self, actor: Actor) -> None:
        """A portion at a time; the counts themselves at last, when no call is marked as a part of them."""
        last: UUID | None = None
        while True:
            async with self._database.transaction(actor) as tx:
                await still_acting(tx, actor)
                if not await recount.among_others(tx):  # somebody else was faster
                    return
                last = await recount.unmark(tx, last, FORGOTTEN_AT_ONCE)
            if last is None:
                break
        async with administering(self._database, actor, Act.ADMINISTER) as tx:
            if await recount.alone(tx):
                await recount.finish(tx)
