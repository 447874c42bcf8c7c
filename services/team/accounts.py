"""Accounts: how one comes into being, with its first owner."""

from dataclasses import dataclass
from uuid import uuid4

from services.access import Actor
from services.clock import Clock
from services.errors import Refused
from services.team import audit
from services.team.users import as_actor, checked_name
from storage.database import Database, Transaction
from storage.directory import Directory
from storage.tables import User


@dataclass(frozen=True, slots=True)
class Established:
    account: str
    owner: Actor
    """Who may go on setting the account up: its first user, or another active owner where that one left."""
    made: bool
    """False: it was there before, and nothing was changed."""


class Accounts:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def establish(self, account: str, user: str) -> Established:
        """The account with `user` as its first owner; where there is such an account, as it is. Raises Invalid."""
        account, user = checked_name(account), checked_name(user)
        async with self._database.session() as session:
            directory = Directory(session)
            row = await directory.ensured_account(account, self._clock())
            if await directory.first_user(row.id) is not None:
                owner = await directory.owner_of(row.id)
                if owner is None:
                    raise Refused(f"the account {account!r} has no active owner", "Choose another account name.")
                return Established(account, as_actor(owner), False)
            actor = Actor(row.id, uuid4(), user, "owner")
            tx = Transaction(session, actor)
            tx.add(User(id=actor.user_id, name=user, role="owner", first=True, created_at=self._clock()))
            await audit.record(
                tx, actor, "account.establish", self._clock(), details={"account": account, "owner": user}
            )
            return Established(account, actor, True)
