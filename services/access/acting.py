"""The unit of work of somebody who may: the role is asked first, then whether the store still sees them so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.access import Act, Actor
from services.errors import NotAllowed
from storage.accounts import locked_account
from storage.database import Database, Reading, Transaction
from storage.team import Users


@asynccontextmanager
async def reading(database: Database, actor: Actor, act: Act) -> AsyncIterator[Reading]:
    """Raises NotAllowed."""
    actor.require(act)
    async with database.reading(actor) as read:
        await still_acting(read, actor)
        yield read


@asynccontextmanager
async def administering(database: Database, actor: Actor, act: Act) -> AsyncIterator[Transaction]:
    """A change of what belongs to the account as a whole: one at a time. Raises NotAllowed."""
    actor.require(act)
    async with database.transaction(actor) as tx:
        if await locked_account(tx) is None:
            raise _gone(actor)
        await still_acting(tx, actor)
        yield tx


async def still_acting(read: Reading, actor: Actor) -> None:
    """Raises NotAllowed where the user was disabled, deleted or given another role since the actor was looked up."""
    user = await Users(read).get(actor.user_id)
    if user is None or not user.active:
        raise _gone(actor)
    if (user.role, user.covers_l1) != (actor.role, actor.covers_l1):
        raise NotAllowed(f"the role of {actor.name!r} has changed", "Start rfl1 again to work in the new one.")


def _gone(actor: Actor) -> NotAllowed:
    return NotAllowed(f"{actor.name!r} is not an active user any more", "Ask an owner of the account.")
