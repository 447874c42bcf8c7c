"""Who acts, who joins, who leaves, and that an account keeps an owner."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from services.access import Act
from services.errors import Invalid, NotAllowed, NotFound, Refused, Trouble
from services.team.accounts import Accounts
from services.team.users import Users
from storage.database import Database
from storage.tables import User
from tests.services.people import HOSTILE, ManualClock, Team, audited, past


@pytest.fixture
def users(database: Database, clock: ManualClock) -> Users:
    return Users(database, clock)


async def test_without_a_name_the_user_that_init_made_acts(users: Users, team: Team) -> None:
    assert await users.actor() == team.owner


async def test_before_init_nobody_acts(users: Users) -> None:
    with pytest.raises(NotFound, match="rfl1 init"):
        await users.actor()


async def test_a_name_is_looked_for_in_the_first_account_before_others(users: Users, team: Team) -> None:
    assert await users.actor("tina") == team.tech
    assert await users.actor("Other/tina") == team.their_tech
    assert await users.actor("otto") == team.their_owner


async def test_a_name_that_two_other_accounts_know_needs_the_account(
    database: Database, clock: ManualClock, users: Users, team: Team
) -> None:
    clock.forward(seconds=1)
    await Accounts(database, clock).establish("Third", "otto")
    with pytest.raises(Refused, match="ACCOUNT/otto"):
        await users.actor("otto")
    assert (await users.actor("Third/otto")).account_id != team.their_owner.account_id


@pytest.mark.parametrize("name", ["nobody", "Acme/otto", "Nowhere/olga", "TINA", "", "/", HOSTILE])
async def test_an_unknown_name_is_not_found_and_says_nothing_of_others(users: Users, team: Team, name: str) -> None:
    with pytest.raises(NotFound) as refusal:
        await users.actor(name)
    assert "tom" not in str(refusal.value)


async def test_a_disabled_user_does_not_act(users: Users, team: Team) -> None:
    await users.disable(team.owner, "tina")
    with pytest.raises(NotAllowed, match="not an active user"):
        await users.actor("tina")


async def test_a_disabled_user_can_do_nothing_more_with_what_was_open(users: Users, team: Team) -> None:
    await users.disable(team.owner, "ada")
    for attempt in (users.listed(team.admin), users.add(team.admin, "new", "l1_tech")):
        with pytest.raises(NotAllowed, match="not an active user any more"):
            await attempt


async def test_a_changed_role_ends_what_the_old_one_could(users: Users, team: Team) -> None:
    await users.change_role(team.owner, "ada", "l1_tech")
    with pytest.raises(NotAllowed, match="has changed"):
        await users.disable(team.admin, "tom")


async def test_a_user_is_added_once_and_audited(users: Users, database: Database, team: Team) -> None:
    added = await users.add(team.admin, " nils ", "engineer", covers_l1=True)
    assert (added.name, added.role, added.covers_l1, added.active, added.first) == (
        "nils",
        "engineer",
        True,
        True,
        False,
    )
    [row] = [row for row in await audited(database, team.owner, "user.add") if row.details["name"] == "nils"]
    assert row.user_id == team.admin.user_id
    assert (row.details["role"], row.details["covers_l1"]) == ("engineer", True)
    assert added in await users.listed(team.owner)


@pytest.mark.parametrize("name", ["tina", "TINA", "ti\u200bna", "\uff54ina"])
async def test_names_that_look_alike_are_one_name(users: Users, team: Team, name: str) -> None:
    with pytest.raises((Refused, Invalid)):
        await users.add(team.owner, name, "l1_tech")


async def test_the_same_name_may_stand_in_two_accounts(users: Users, team: Team) -> None:
    added = await users.add(team.their_owner, "tom", "l1_tech")
    assert added.id != team.second.user_id


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\u200b", HOSTILE])
async def test_a_name_that_nobody_could_type_is_refused(users: Users, team: Team, name: str) -> None:
    with pytest.raises(Invalid):
        await users.add(team.owner, name, "l1_tech")


async def test_a_name_with_markup_is_just_a_name(users: Users, team: Team) -> None:
    name = "[b]Zoë[/b] '; DROP TABLE users; --"
    await users.add(team.owner, name, "l1_tech")
    assert (await users.actor(name)).name == name
    assert (await users.actor(f"Acme/{name}")).name == name


async def test_a_disabled_user_comes_back_as_the_same_person(users: Users, team: Team) -> None:
    await users.disable(team.owner, "tina")
    back = await users.add(team.owner, "tina", "engineer")
    assert (back.id, back.role, back.active) == (team.tech.user_id, "engineer", True)


@pytest.mark.parametrize("role", ["viewer", "", "Owner", "l1_tech\x00"])
async def test_an_unknown_role_is_told_which_there_are(users: Users, team: Team, role: str) -> None:
    for attempt in (users.add(team.owner, "new", role), users.change_role(team.owner, "tina", role)):
        with pytest.raises(Invalid, match="l1_tech, engineer, admin, owner"):
            await attempt


async def test_only_an_engineer_covers_level_1(users: Users, team: Team) -> None:
    with pytest.raises(Invalid, match="only an engineer covers"):
        await users.add(team.owner, "new", "l1_tech", covers_l1=True)
    assert (await users.change_role(team.owner, "cora", "engineer")).covers_l1
    assert not (await users.change_role(team.owner, "cora", "admin")).covers_l1
    assert not (await users.change_role(team.owner, "cora", "engineer")).covers_l1
    assert (await users.change_role(team.owner, "cora", "engineer", covers_l1=True)).covers_l1


async def test_a_role_change_is_audited_and_no_change_is_not(users: Users, database: Database, team: Team) -> None:
    await users.change_role(team.admin, "tina", "l1_tech")
    assert not await audited(database, team.owner, "user.role")
    await users.change_role(team.admin, "tina", "engineer")
    [row] = await audited(database, team.owner, "user.role")
    assert (row.details["from"], row.details["to"]) == ("l1_tech", "engineer")
    await users.disable(team.admin, "tina")
    await users.disable(team.admin, "tina")
    [row] = await audited(database, team.owner, "user.disable")
    assert (row.user_id, row.details["name"]) == (team.admin.user_id, "tina")


@pytest.mark.parametrize(("name", "before"), [("emil", False), ("cora", True)])
async def test_covering_level_1_is_audited_and_in_force(
    users: Users, database: Database, team: Team, name: str, before: bool
) -> None:
    changed = await users.change_role(team.admin, name, "engineer", covers_l1=not before)
    assert (changed.role, changed.covers_l1) == ("engineer", not before)
    [row] = await audited(database, team.owner, "user.role")
    assert (row.user_id, row.details["name"]) == (team.admin.user_id, name)
    assert (row.details["from"], row.details["to"], row.details["covers_l1"]) == ("engineer", "engineer", not before)
    assert (await users.actor(f"Acme/{name}")).may(Act.TAKE_CALLS) is not before
    await users.change_role(team.admin, name, "engineer", covers_l1=not before)
    assert len(await audited(database, team.owner, "user.role")) == 1


async def test_only_an_owner_makes_or_removes_an_owner(users: Users, team: Team) -> None:
    await users.add(team.owner, "second owner", "owner")
    for attempt in (
        users.add(team.admin, "new", "owner"),
        users.change_role(team.admin, "ada", "owner"),
        users.change_role(team.admin, "second owner", "l1_tech"),
        users.disable(team.admin, "second owner"),
    ):
        with pytest.raises(NotAllowed, match="only an owner"):
            await attempt
    assert not (await users.disable(team.owner, "second owner")).active
    with pytest.raises(NotAllowed, match="only an owner"):
        await users.add(team.admin, "second owner", "l1_tech")


async def test_the_last_active_owner_stays(users: Users, team: Team) -> None:
    await users.add(team.owner, "gone", "owner")
    await users.disable(team.owner, "gone")
    for attempt in (
        users.change_role(team.owner, "olga", "admin"),
        users.disable(team.owner, "olga"),
    ):
        with pytest.raises(Refused, match="the last owner"):
            await attempt


async def test_two_owners_who_leave_at_once_leave_one_behind(users: Users, database: Database, team: Team) -> None:
    await users.add(team.owner, "omar", "owner")
    omar = await users.actor("omar")
    attempts = (users.disable(team.owner, "olga"), users.change_role(omar, "omar", "l1_tech"))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(outcome, Refused) for outcome in outcomes) == [False, True]


async def test_two_owners_who_remove_each_other_at_once_leave_one_behind(users: Users, team: Team) -> None:
    await users.add(team.owner, "omar", "owner")
    omar = await users.actor("omar")
    await users.listed(omar)  # both are connected already
    attempts = (users.disable(team.owner, "omar"), users.disable(omar, "olga"))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(outcome, Trouble) for outcome in outcomes) == [False, True]


async def test_a_name_added_twice_at_once_is_there_once(users: Users, team: Team) -> None:
    attempts = (users.add(team.owner, "new", "l1_tech"), users.add(team.admin, "NEW", "l1_tech"))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(outcome, Refused) for outcome in outcomes) == [False, True]


async def test_users_of_another_account_are_not_found(users: Users, team: Team) -> None:
    for attempt in (users.change_role(team.owner, "otto", "l1_tech"), users.disable(team.owner, "otto")):
        with pytest.raises(NotFound, match="no user 'otto'"):
            await attempt
    assert {info.name for info in await users.listed(team.their_owner)} == {"otto", "tina"}


async def test_the_stores_owner_adds_people_to_any_account(users: Users, database: Database, team: Team) -> None:
    await users.add(team.owner, "nils", "l1_tech", account="Other")
    assert (await users.actor("nils")).account_id == team.their_owner.account_id
    rows = await audited(database, team.their_owner, "user.add")
    assert rows[-1].details["by"] == "the owner of the store"
    await users.add(team.owner, "nina", "l1_tech", account="Acme")
    assert (await users.actor("nina")).account_id == team.owner.account_id


async def test_another_account_cannot_be_reached_from_within_one(users: Users, team: Team) -> None:
    for actor, account in ((team.their_owner, "Acme"), (team.admin, "Other"), (team.owner, "Nowhere")):
        with pytest.raises(NotFound, match="no account"):
            await users.add(actor, "mole", "owner", account=account)


async def test_a_deleted_user_does_not_exist_any_more(
    users: Users, database: Database, clock: ManualClock, team: Team
) -> None:
    async with past(database, team.owner) as tx:
        row = await tx.session.get(User, team.tech.user_id)
        assert row is not None
        row.deleted_at = clock()
    with pytest.raises(NotFound):
        await users.actor("Acme/tina")
    with pytest.raises(NotFound):
        await users.disable(team.owner, "tina")
    assert "tina" not in {info.name for info in await users.listed(team.owner)}
    with pytest.raises(Refused, match="taken"):
        await users.add(team.owner, "tina", "l1_tech")


async def test_an_actor_that_the_store_does_not_know_does_nothing(users: Users, team: Team) -> None:
    with pytest.raises(NotAllowed):
        await users.listed(replace(team.owner, user_id=uuid4()))
    with pytest.raises(NotAllowed):
        await users.listed(replace(team.owner, user_id=team.their_owner.user_id))
