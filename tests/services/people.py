"""Two accounts with people in every role, a clock that is moved by hand, and looks past the services."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text

from services.access import Actor
from services.team.accounts import Accounts
from services.team.users import Users
from storage.database import Database, Scope, Transaction
from storage.tables import AuditEntry

HOSTILE = "[red]x[/] \x00 \x1b[31m \ud800 \udcff \ue000 '; DROP TABLE users; -- \u202e <script> %s {0} \r\n \U0001f600"
"""Markup, NUL, terminal control, lone surrogates, our own escape character, SQL, bidi."""


class ManualClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, *, hours: float = 0, seconds: float = 0) -> None:
        self.now += timedelta(hours=hours, seconds=seconds)


_TOLD_BY_THE_SERVER = {
    "psa_lists": ("due_at", "leased_until"),
    "sessions": ("building_until",),
    "presences": ("seen_at",),
}


async def pass_time(database: Database, clock: ManualClock, seconds: float) -> None:
    """For `clock`, and for what a server told by its own: as if that had been so much earlier."""
    clock.forward(seconds=seconds)
    if database.dialect == "postgresql":
        async with database.session() as session:
            for table, columns in _TOLD_BY_THE_SERVER.items():
                earlier = ", ".join(f"{each} = {each} - interval '{seconds} seconds'" for each in columns)
                await session.execute(text(f"UPDATE {table} SET {earlier}"))  # no words from outside


@dataclass(frozen=True)
class Team:
    owner: Actor
    admin: Actor
    engineer: Actor
    covering: Actor
    """An engineer who covers level 1."""
    tech: Actor
    second: Actor
    their_owner: Actor
    """Of another account, like the next."""
    their_tech: Actor

    def everybody(self) -> dict[str, Actor]:
        """Those of the first account, by what they are called here."""
        return {each.name: getattr(self, each.name) for each in fields(self) if not each.name.startswith("their_")}


async def make_team(database: Database, clock: ManualClock) -> Team:
    accounts, users = Accounts(database, clock), Users(database, clock)
    owner = (await accounts.establish("Acme", "olga")).owner
    clock.forward(seconds=1)
    theirs = (await accounts.establish("Other", "otto")).owner

    async def add(name: str, role: str, by: Actor = owner, covers_l1: bool = False) -> Actor:
        await users.add(by, name, role, covers_l1)
        return await users.actor(f"{'Acme' if by is owner else 'Other'}/{name}")

    return Team(
        owner=owner,
        admin=await add("ada", "admin"),
        engineer=await add("emil", "engineer"),
        covering=await add("cora", "engineer", covers_l1=True),
        tech=await add("tina", "l1_tech"),
        second=await add("tom", "l1_tech"),
        their_owner=theirs,
        their_tech=await add("tina", "l1_tech", theirs),
    )


@asynccontextmanager
async def past(database: Database, scope: Scope) -> AsyncIterator[Transaction]:
    """A look, or a hand, past the services and past what the actor may: as the store's owner."""
    async with database.session() as session:
        yield Transaction(session, scope)


async def audited(database: Database, actor: Actor, action: str) -> Sequence[AuditEntry]:
    """The account's audit rows of one kind, oldest first, whoever may see them."""
    async with past(database, actor) as read:
        found = select(AuditEntry).where(AuditEntry.account_id == actor.account_id, AuditEntry.action == action)
        return (await read.session.scalars(found.order_by(AuditEntry.at))).all()
