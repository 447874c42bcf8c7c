"""How an account comes into being, and who the store says is acting on Postgres."""

import asyncio
import secrets
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text, update

from services.errors import Invalid, NotAllowed
from services.team.accounts import Accounts
from services.team.users import Users
from storage.database import Database
from storage.tables import User
from tests import postgres
from tests.services.people import HOSTILE, ManualClock, audited, make_team


@pytest.fixture
def accounts(database: Database, clock: ManualClock) -> Accounts:
    return Accounts(database, clock)


async def test_an_account_begins_with_one_owner_and_an_audit_row(accounts: Accounts, database: Database) -> None:
    begun = await accounts.establish("Acme [b]GmbH[/b]", " olga ")
    assert begun.made
    assert (begun.owner.name, begun.owner.role) == ("olga", "owner")
    [row] = await audited(database, begun.owner, "account.establish")
    assert (row.user_id, row.details["account"]) == (begun.owner.user_id, "Acme [b]GmbH[/b]")


async def test_establishing_again_changes_nothing(accounts: Accounts, database: Database) -> None:
    begun = await accounts.establish("Acme", "olga")
    for user in ("olga", "somebody else"):
        again = await accounts.establish("Acme", user)
        assert (again.made, again.owner) == (False, begun.owner)
    assert len(await audited(database, begun.owner, "account.establish")) == 1


async def test_establishing_at_once_makes_one_account(accounts: Accounts) -> None:
    begun = await asyncio.gather(*(accounts.establish("Acme", f"user {number}") for number in range(4)))
    assert sorted(each.made for each in begun) == [False, False, False, True]
    assert len({each.owner for each in begun}) == 1


async def test_an_account_whose_first_owner_left_goes_on_with_another(
    accounts: Accounts, database: Database, clock: ManualClock
) -> None:
    team = await make_team(database, clock)
    users = Users(database, clock)
    await users.add(team.owner, "omar", "owner")
    await users.disable(team.owner, "olga")
    assert (await accounts.establish("Acme", "olga")).owner == await users.actor("omar")
    with pytest.raises(NotAllowed, match="'olga' is not an active user"):
        await users.actor()


@pytest.mark.parametrize(("account", "user"), [("", "olga"), ("Acme", " "), (HOSTILE, "olga"), ("Acme", "x" * 101)])
async def test_a_name_that_nobody_could_type_makes_no_account(
    accounts: Accounts, database: Database, account: str, user: str
) -> None:
    with pytest.raises(Invalid):
        await accounts.establish(account, user)
    async with database.session(read_only=True) as session:
        assert (await session.execute(text("SELECT count(*) FROM accounts"))).scalar_one() == 0


async def _as_login(url: str, login: str) -> Database:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return Database.open(parts._replace(netloc=f"{login}:{login}@{host}").geturl())


async def test_on_postgres_the_connection_says_who_acts(
    postgres_server: postgres.Server, migrated_postgres_url: str, clock: ManualClock
) -> None:
    login, stranger = (f"rfl1_test_{secrets.token_hex(4)}" for _ in range(2))
    owner = Database.open(migrated_postgres_url)
    team = await make_team(owner, clock)
    async with owner.transaction(team.owner) as tx:
        await tx.session.execute(update(User).where(User.id == team.tech.user_id).values(login=login))
        for role in (login, stranger):
            await tx.session.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'"))
            await tx.session.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    theirs, nobodys = await _as_login(migrated_postgres_url, login), await _as_login(migrated_postgres_url, stranger)
    try:
        assert await Users(theirs, clock).actor() == team.tech
        assert await Users(theirs, clock).actor("tina") == team.tech
        with pytest.raises(NotAllowed, match="this connection is 'tina', not 'olga'"):
            await Users(theirs, clock).actor("olga")
        with pytest.raises(NotAllowed, match="belongs to no user"):
            await Users(nobodys, clock).actor("olga")
        await Users(owner, clock).disable(team.owner, "tina")
        with pytest.raises(NotAllowed, match="not an active user"):
            await Users(theirs, clock).actor()
        assert await Users(owner, clock).actor("ada") == team.admin
    finally:
        await theirs.dispose()
        await nobodys.dispose()
        async with owner.session() as session:
            for role in (login, stranger):
                await session.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
                await session.execute(text(f"DROP ROLE {role}"))
        await owner.dispose()
