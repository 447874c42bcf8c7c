"""The lists as the database sees them: which index they use, how long they may be, what a filter finds."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, event

from storage.counts import Counts
from storage.database import Database
from storage.queue import Waiting
from storage.tables import IN_ESCALATION, Step, Ticket
from storage.walks import Sessions
from tests.services.making import make_call
from tests.services.people import ManualClock, Team, make_team


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def team(database: Database, clock: ManualClock) -> Team:
    return await make_team(database, clock)


async def test_a_longer_list_asks_neither_more_nor_with_more_values(
    database: Database, clock: ManualClock, team: Team
) -> None:
    """Both databases have a limit on the values of one statement."""
    asked: list[int] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, _statement: str, values: Any, *_: object) -> None:
        asked.append(len(values))

    seen = []
    for number in range(1, 4):
        await make_call(database, clock, team.tech)
        asked.clear()
        async with database.reading(team.tech) as read:
            sessions = await Sessions(read).listed(statuses=None, of=None, limit=10, by="start")
            waiting = await Waiting(read).listed("", 10)
        assert len(sessions) == len(waiting) == number
        assert {row.technician for row in waiting} == {team.tech.name}
        seen.append(tuple(asked))
    assert seen == [seen[0]] * 3


async def test_a_ticket_waits_with_its_newest_call_under_way_and_a_call_with_its_steps(
    database: Database, clock: ManualClock, team: Team
) -> None:
    first = await make_call(database, clock, team.tech)
    clock.forward(seconds=1)
    second = await make_call(database, clock, team.second)
    async with database.transaction(team.tech) as tx:
        row = await Sessions(tx).get(second)
        other = await Sessions(tx).get(first)
        assert row is not None
        assert other is not None
        row.ticket_id = other.ticket_id
        now, by = clock(), team.second.user_id
        given: dict[str, Any] = {"session_id": second, "answer": "ack", "answer_label": "Done", "at": now, "by": by}
        taken = [
            Step(**given, seq=seq, step_id=uuid4(), seconds=1, before={}, taken_back_at=now if seq == 2 else None)
            for seq in (1, 2, 3)
        ]
        tx.add(*taken)
    async with database.reading(team.tech) as read:
        waiting = await Waiting(read).listed("", 10)
        sessions = await Sessions(read).listed(statuses=None, of=None, limit=10, by="start")
    told = {row.identity: (row.session and row.session.id, row.technician) for row in waiting}
    assert told.pop(str(other.ticket_id)) == (second, team.second.name)
    assert list(told.values()) == [(None, None)]
    async with database.transaction(team.tech) as tx:
        row = await Sessions(tx).get(second)
        assert row is not None
        row.status = "resolved"
    async with database.reading(team.tech) as read:
        waiting = await Waiting(read).listed("", 10)
    assert [row.session.id for row in waiting if row.session] == [first]
    assert [(session.id, steps) for session, _, _, steps in sessions] == [(second, 2), (first, 0)]


@pytest.mark.parametrize(
    "problem", ["Österreich", "ÉCRAN_NOIR", "Принтер", "Straße", "50%\\ \x00\ud800", "\ue000\ue001"]
)
async def test_a_filter_finds_words_however_they_are_written(
    database: Database, clock: ManualClock, team: Team, problem: str
) -> None:
    given: dict[str, Any] = {"kind": "internal", "status": "open", "created_at": clock(), "updated_at": clock()}
    async with database.transaction(team.tech) as tx:
        for said in (problem, "zebra"):
            tx.add(Ticket(problem=said, customer="Acme", contact="555-0100", **given))
    async with database.reading(team.tech) as read:
        for words in (problem, problem.lower(), problem.upper(), problem.lower()[1:4], f"ACME {problem}"):
            assert [row.about[0] for row in await Waiting(read).listed(words, 10)] == [problem]


async def test_calls_that_are_over_are_found_by_their_words_newest_first(
    database: Database, clock: ManualClock, team: Team
) -> None:
    by_status: dict[str, list[UUID]] = {}
    for status in ("resolved", "escalated", "paused", "active", "resolved"):
        clock.forward(seconds=1)
        session_id = await make_call(database, clock, team.tech)
        async with database.transaction(team.tech) as tx:
            row = await Sessions(tx).get(session_id)
            assert row is not None
            row.status = status
            [ticket] = await Sessions(tx).tickets([row.ticket_id])
            ticket.problem = f"call {status}"
            ticket.folded = f"call {status} acme"
        by_status.setdefault(status, []).append(session_id)
    async with database.reading(team.tech) as read:
        found = await Waiting(read).over("ACME call", 10)
        few = await Waiting(read).over("resolved", 1)
    late, early = reversed(by_status["resolved"])
    assert [row.session and row.session.id for row in found] == [late, *by_status["escalated"], early]
    assert [row.session and row.session.id for row in few] == [late]
    assert {row.technician for row in found} == {team.tech.name}


async def test_queues_and_figures_use_the_indexes_made_for_them(migrated_sqlite_url: str, clock: ManualClock) -> None:
    database = Database.open(migrated_sqlite_url)
    team = await make_team(database, clock)
    plans: dict[str, str] = {}

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def explain(connection: Connection, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans[statement] = "\n".join(str(row[3]) for row in rows)

    async with database.reading(team.tech) as read:
        await Waiting(read).listed("", 10)
        [waiting] = plans.values()
        plans.clear()
        await Sessions(read).listed(statuses=IN_ESCALATION, of=None, limit=10, by="escalation")
        [escalated] = plans.values()
        plans.clear()
        await Counts(read).passed_on_from()
        [ended] = plans.values()
    await database.dispose()
    assert "ix_tickets_queue" in waiting
    assert "ix_sessions_account_id_ticket_id_created_at (account_id=? AND ticket_id=?)" in waiting
    assert "ix_sessions_escalations" in escalated
    assert "ix_visit_counts_at_the_end (account_id=? AND ending=?)" in ended
