"""The versions of a flow: what is different between two, and the way back to an older one."""

from dataclasses import dataclass

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.clock import Clock
from services.errors import Refused
from services.flows import versions
from services.flows.difference import Difference, difference
from services.flows.library import Library
from services.flows.versions import Imported, Known, VersionInfo, found, info_of, numbered
from storage.database import Database
from storage.library import Version


@dataclass(frozen=True, slots=True)
class Compared:
    slug: str
    before: VersionInfo
    after: VersionInfo
    difference: Difference


class History:
    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._clock = clock
        self._library = library

    async def of(self, actor: Actor, slug: str) -> tuple[VersionInfo, ...]:
        """All versions of a flow, newest first. Raises NotFound."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return tuple(info_of(each) for each in reversed((await found(read, slug)).versions))

    async def compare(self, actor: Actor, slug: str, before: int | None = None, after: int | None = None) -> Compared:
        """Two versions of a flow. Without numbers: the newest with the one in use, or where that is the newest, with
        the one before it. Raises NotFound, Refused where there is only one."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            there = await found(read, slug)
            newer = there.newest if after is None else numbered(there, after)
            older = _before(there, newer) if before is None else numbered(there, before)
            trees = [await self._library.tree(read, each.id) for each in (older, newer)]
        return Compared(slug, info_of(older), info_of(newer), difference(*trees))

    async def roll_back(self, actor: Actor, slug: str, number: int, *, newest: int | None = None) -> Imported:
        """Puts the content of version `number` into use again, as a new version: no version is ever changed.

        Raises NotFound, Refused where that content is in use, Invalid where it does not pass lint any more, Conflict
        where a newer version than `newest` is there, which nobody has looked at.
        """
        async with administering(self._database, actor, Act.REVIEW_FLOWS) as tx:
            await versions.require_newest(tx, {} if newest is None else {slug: newest})
            there = await found(tx, slug)
            version, used = numbered(there, number), there.published
            if used is not None and used.digest == version.digest:
                same = "is in use" if used is version else f"says the same as v{used.number}, which is in use"
                raise Refused(f"v{number} {same}", "Nothing has to be done.")
            flow = await self._library.tree(tx, version.id)
            await self._library.require_sound(tx, flow)
            return await versions.roll_back(tx, actor, there, flow, of=number, now=self._clock())


def _before(there: Known, version: Version) -> Version:
    """What a version is compared with: the one in use where that is older, else the one before it."""
    used = there.published
    if used is not None and used.number < version.number:
        return used
    earlier = [each for each in there.versions if each.number < version.number]
    if not earlier:
        raise Refused(f"v{version.number} is the first version of {version.slug!r}", "There is nothing before it.")
    return earlier[-1]
