"""How an account comes into being, and who the store says is acting on Postgres."""

import asyncio
import re
import secrets
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text

from services.errors import Invalid, NotAllowed, Refused
from services.team.accounts import Accounts
from services.team.users import Login, Users
from storage.database import Database
from storage.errors import StoreForbids, StoreTrouble
from tests import postgres
from tests.logins import with_login
from tests.services.people import HOSTILE, ManualClock, audited, make_team

PASSWORD = "grün, \u2168 & soft\u00adly"
"""With what the rules for passwords make of other letters: the same on our side as on the server's and the driver's."""


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


async def test_on_postgres_the_connection_says_who_acts(
    postgres_server: postgres.Server, migrated_postgres_url: str, clock: ManualClock
) -> None:
    owner, stranger = Database.open(migrated_postgres_url), f"rfl1_test_{secrets.token_hex(4)}"
    team = await make_team(owner, clock)
    tina = await Users(owner, clock).set_password(team.owner, "tina", PASSWORD)
    async with owner.session() as session:
        await session.execute(text(f"CREATE ROLE {stranger} LOGIN PASSWORD '{PASSWORD}'"))
        await session.execute(text(f'GRANT "{urlsplit(migrated_postgres_url).username}_people" TO {stranger}'))
    theirs = Database.open(with_login(migrated_postgres_url, tina.login or "", PASSWORD))
    nobodys = Database.open(with_login(migrated_postgres_url, stranger, PASSWORD))
    try:
        assert await Users(theirs, clock).actor() == team.tech
        assert await Users(theirs, clock).actor("tina") == team.tech
        with pytest.raises(NotAllowed, match="this connection is 'tina', not 'olga'"):
            await Users(theirs, clock).actor("olga")
        with pytest.raises(NotAllowed, match="belongs to no user"):
            await Users(nobodys, clock).actor("olga")
        assert await Users(owner, clock).actor("ada") == team.admin
    finally:
        for database in (theirs, nobodys, owner):
            await database.dispose()


async def test_who_is_disabled_is_cut_off_and_comes_back_under_the_same_login(
    migrated_postgres_url: str, clock: ManualClock
) -> None:
    owner = Database.open(migrated_postgres_url)
    team, users = await make_team(owner, clock), Users(owner, clock)
    tina = await users.set_password(team.owner, "tina", PASSWORD)
    theirs = Database.open(with_login(migrated_postgres_url, tina.login or "", PASSWORD))
    try:
        with pytest.raises(StoreTrouble):  # noqa: PT012  # what is open while she is disabled
            async with theirs.reading(team.tech) as read:
                assert await read.session.scalar(text("SELECT count(*) FROM users")) == 6
                await users.disable(team.admin, "tina")
                await read.session.scalar(text("SELECT count(*) FROM users"))
        with pytest.raises(StoreForbids, match="not permitted to log in"):
            await Users(theirs, clock).actor()
        again = await users.add(team.admin, "tina", "engineer", login=Login("another one"))
        assert again.login == tina.login
        back = Database.open(with_login(migrated_postgres_url, again.login or "", "another one"))
        assert (await Users(back, clock).actor()).role == "engineer"
        await back.dispose()
    finally:
        await theirs.dispose()
        await owner.dispose()


async def test_what_a_role_may_is_gone_at_once_also_on_a_connection_that_is_open(
    migrated_postgres_url: str, clock: ManualClock
) -> None:
    owner = Database.open(migrated_postgres_url)
    team, users = await make_team(owner, clock), Users(owner, clock)
    emil = await users.set_password(team.owner, "emil", PASSWORD)
    otto = await users.set_password(team.their_owner, "otto", PASSWORD)
    theirs = await asyncpg.connect(with_login(migrated_postgres_url, emil.login or "", PASSWORD))
    others = await asyncpg.connect(with_login(migrated_postgres_url, otto.login or "", PASSWORD))

    async def may() -> set[str]:
        acts = ("calls", "escalations", "reviews", "administers")
        return {act for act in acts if await theirs.fetchval("SELECT private.may($1)", act)}

    assert await may() == {"escalations", "reviews"}
    await users.change_role(team.admin, "emil", "engineer", covers_l1=True)
    assert await may() == {"calls", "escalations", "reviews"}
    await users.change_role(team.admin, "emil", "l1_tech")
    assert await may() == {"calls"}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await theirs.execute(
            "INSERT INTO flows (id, account_id, slug, created_at)"
            " SELECT gen_random_uuid(), private.me_account(), 'mine', now()"
        )
    assert await others.fetchval("SELECT count(*) FROM users WHERE name = 'emil'") == 0
    async with owner.session() as session:  # what no command does: the row itself is marked as deleted
        await session.execute(text("UPDATE users SET deleted_at = now() WHERE name = 'emil'"))
    assert await theirs.fetchval("SELECT count(*) FROM users") == 0, "whoever is deleted is nobody"
    async with owner.session() as session:
        await session.execute(text("SELECT private.cut_off()"))
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError)):
        await theirs.fetchval("SELECT 1")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="not permitted to log in"):
        await asyncpg.connect(with_login(migrated_postgres_url, emil.login or "", PASSWORD))
    assert await others.fetchval("SELECT count(*) FROM users") == 2, "another account noticed"
    await others.close()
    await owner.dispose()


async def test_a_login_is_made_with_its_person_and_says_nothing_of_them(
    migrated_postgres_url: str, clock: ManualClock
) -> None:
    owner = Database.open(migrated_postgres_url)
    team, users = await make_team(owner, clock), Users(owner, clock)
    try:
        sam = await users.add(team.admin, "sam", "l1_tech", login=Login())
        assert re.fullmatch("rfl1_[0-9a-f]{16}", sam.login or "")
        for mistaken in ("", "\x00"):
            with pytest.raises(Invalid):
                await users.set_password(team.owner, "sam", mistaken)
        with pytest.raises(NotAllowed):
            await users.set_password(team.tech, "sam", PASSWORD)
        with pytest.raises(NotAllowed, match="only an owner"):
            await users.set_password(team.admin, "olga", PASSWORD)
    finally:
        await owner.dispose()


async def test_a_file_has_no_logins(migrated_sqlite_url: str, clock: ManualClock) -> None:
    database = Database.open(migrated_sqlite_url)
    team = await make_team(database, clock)
    assert (await Users(database, clock).add(team.owner, "sam", "l1_tech", login=Login())).login is None
    with pytest.raises(Refused, match="no logins here"):
        await Users(database, clock).set_password(team.owner, "sam", PASSWORD)
    await database.dispose()
