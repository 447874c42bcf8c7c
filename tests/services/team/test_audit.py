"""The audit log, and the notifications: who did what, and who is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Executable, delete, select, text, update

from services.access import COVERAGE
from services.errors import NotAllowed
from services.team.audit import Audit, record
from services.team.notices import notify, notify_user
from services.team.users import Users
from storage.database import Database
from storage.tables import AuditEntry, Notification, User
from tests.services.making import make_call
from tests.services.people import HOSTILE, ManualClock, Team, audited, make_team, past


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


async def test_a_row_says_who_did_what_when_and_acting_as_what(
    audit: Audit, database: Database, clock: ManualClock, team: Team
) -> None:
    session_id = uuid4()
    clock.forward(seconds=1)
    async with database.transaction(team.covering) as tx:
        await record(
            tx,
            team.covering,
            "l1.session.resolve",
            clock(),
            session_id=session_id,
            acting_as=team.covering.acting_as,
            details={"note": HOSTILE, "nested": [1, None, True]},
        )
    row = (await audit.listed(team.owner))[-1]
    assert (row.at, row.by, row.action, row.acting_as) == (clock(), "cora", "l1.session.resolve", COVERAGE)
    assert (row.session_id, row.details) == (session_id, {"note": HOSTILE, "nested": [1, None, True]})


async def test_a_row_is_stored_with_its_change_or_not_at_all(
    database: Database, clock: ManualClock, team: Team
) -> None:
    async def change_of_mind() -> None:
        async with database.transaction(team.tech) as tx:
            await record(tx, team.tech, "l1.session.start", clock())
            await tx.flush()
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_of_mind()
    assert not await audited(database, team.owner, "l1.session.start")


async def test_the_newest_rows_come_oldest_first(
    audit: Audit, database: Database, clock: ManualClock, team: Team
) -> None:
    start = clock() + timedelta(hours=1)
    for number in range(5):
        clock.now = start + timedelta(seconds=number)
        async with database.transaction(team.tech) as tx:
            await record(tx, team.tech, f"act.{number}", clock())
    assert [row.action for row in await audit.listed(team.admin, limit=2)] == ["act.3", "act.4"]
    since = await audit.listed(team.admin, since=start + timedelta(seconds=1))
    assert [row.action for row in since] == ["act.1", "act.2", "act.3", "act.4"]


async def test_the_log_is_for_those_who_run_the_account_and_ends_with_it(audit: Audit, team: Team) -> None:
    for actor in (team.tech, team.engineer, team.covering):
        with pytest.raises(NotAllowed):
            await audit.listed(actor)
    assert {row.by for row in await audit.listed(team.their_owner)} == {"otto"}


@pytest.mark.parametrize("attempt", ["change", "delete", "change everything", "truncate"])
async def test_audit_rows_are_neither_changed_nor_deleted_not_even_by_the_stores_owner(
    audit: Audit, database: Database, team: Team, attempt: str
) -> None:
    before = await audit.listed(team.owner)
    statements: dict[str, Executable] = {
        "change": update(AuditEntry).where(AuditEntry.account_id == team.owner.account_id).values(action="nothing"),
        "change everything": text("UPDATE audit_log SET user_id = NULL"),
        "delete": delete(AuditEntry),
        "truncate": text("DELETE FROM audit_log" if database.dialect == "sqlite" else "TRUNCATE audit_log CASCADE"),
    }
    with pytest.raises(Exception, match=r"never (changed|deleted)"):
        async with past(database, team.owner) as tx:
            await tx.session.execute(statements[attempt])
    assert await audit.listed(team.owner) == before


@pytest.mark.parametrize("column", ["id", "rowid"])
async def test_on_sqlite_a_row_is_not_replaced_by_another_either(
    migrated_sqlite_url: str, clock: ManualClock, column: str
) -> None:
    database = Database.open(migrated_sqlite_url)
    try:
        team = await make_team(database, clock)
        before = await Audit(database).listed(team.owner)
        columns = "account_id, at, user_id, details"
        others = columns if column == "id" else f"id, {columns}"
        values = columns if column == "id" else f"hex(randomblob(16)), {columns}"
        kept = f"INSERT OR REPLACE INTO audit_log ({column}, action, {others})"
        with pytest.raises(Exception, match="never changed"):
            async with database.transaction(team.owner) as tx:
                await tx.session.execute(text(f"{kept} SELECT {column}, 'no', {values} FROM audit_log"))
        assert await Audit(database).listed(team.owner) == before
    finally:
        await database.dispose()


async def _told(database: Database, team: Team) -> list[Notification]:
    async with past(database, team.owner) as read:
        return list(await read.session.scalars(select(Notification).order_by(Notification.created_at)))


async def test_everybody_who_could_take_an_escalation_is_told_and_nobody_else(
    database: Database, clock: ManualClock, team: Team
) -> None:
    users = Users(database, clock)
    await users.disable(team.owner, "ada")
    session_id = await make_call(database, clock, team.tech)
    async with database.transaction(team.tech) as tx:
        details = {"category": "other", "words": HOSTILE}
        told = await notify(tx, team.tech, "l1.session.escalated", session_id, clock(), details)
    rows = await _told(database, team)
    assert told == 3
    assert {row.user_id for row in rows} == {team.owner.user_id, team.engineer.user_id, team.covering.user_id}
    assert {row.account_id for row in rows} == {team.owner.account_id}
    assert rows[0].details == {"by": "tina", "category": "other", "words": HOSTILE}
    assert (rows[0].session_id, rows[0].sent_at, rows[0].read_at) == (session_id, None, None)


async def test_nobody_who_was_deleted_is_told_of_anything(database: Database, clock: ManualClock, team: Team) -> None:
    async with past(database, team.owner) as tx:
        for gone in (team.engineer, team.tech):
            await tx.session.execute(update(User).where(User.id == gone.user_id).values(deleted_at=clock()))
    async with database.transaction(team.owner) as tx:
        assert await notify(tx, team.owner, "event", None, clock(), {}) == 2
        assert await notify_user(tx, team.tech.user_id, "event", None, clock(), {}) == 0
    told = {row.user_id for row in await _told(database, team)}
    assert told == {team.owner.user_id, team.admin.user_id, team.covering.user_id}


async def test_that_nobody_could_be_told_is_no_secret(database: Database, clock: ManualClock, team: Team) -> None:
    async with database.transaction(team.tech) as tx:
        assert await notify(tx, team.tech, "event", None, clock(), {}, roles=()) == 0


async def test_one_person_is_told_if_they_are_still_there(database: Database, clock: ManualClock, team: Team) -> None:
    async with database.transaction(team.engineer) as tx:
        assert await notify_user(tx, team.tech.user_id, "l1.session.handed_back", None, clock(), {}) == 1
    await Users(database, clock).disable(team.owner, "tina")
    async with database.transaction(team.engineer) as tx:
        assert await notify_user(tx, team.tech.user_id, "l1.session.handed_back", None, clock(), {}) == 0
        assert await notify_user(tx, team.their_tech.user_id, "l1.session.handed_back", None, clock(), {}) == 0
    assert [row.user_id for row in await _told(database, team)] == [team.tech.user_id]
