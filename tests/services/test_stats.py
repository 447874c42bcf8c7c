"""The figures of an account."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.access import Actor
from services.ai.models import Usage
from services.ai.spending import Purpose, Spending, Spent
from services.builder.playbooks import playbook
from services.flows.library import Library
from services.stats import MOST_NODES, ModelCost, NodeCount, Stats
from storage.database import Database
from tests.services.making import Files, flow, make_call
from tests.services.people import ManualClock, Team, past

WICKED = "[red]x[/] '; DROP TABLE users; -- <script> %s {0} "


@pytest.fixture
def stats(database: Database) -> Stats:
    return Stats(database)


def node(node_id: str, text: str = "Is it on?", **more: str) -> dict[str, Any]:
    return {"id": node_id, "node": {"type": "instruction", "text": text, "next": "x"}, **more}


async def test_an_account_without_calls_has_no_figures(stats: Stats, team: Team) -> None:
    figures = await stats.account(team.owner)
    assert (figures.sessions, figures.ended, figures.first_call_resolution) == ({}, 0, None)
    assert (figures.handle_time_mean, figures.handle_time_median, figures.escalations_by_node) == (None, None, ())


async def test_a_call_resolved_at_once_counts_and_one_that_was_escalated_does_not(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    now = clock()
    for fields in (
        {"status": "resolved", "resolved_at": now},
        {"status": "resolved", "resolved_at": now},
        {"status": "resolved", "resolved_at": now, "escalated_at": now},
        {"status": "escalated", "escalated_at": now},
        {"status": "abandoned"},
        {"status": "active"},
        {"status": "paused"},
    ):
        await make_call(database, clock, team.tech, **fields)
    await make_call(database, clock, team.their_tech, status="resolved", resolved_at=now)
    figures = await stats.account(team.tech)
    assert figures.sessions == {"resolved": 3, "escalated": 1, "abandoned": 1, "active": 1, "paused": 1}
    assert (figures.resolved_first_call, figures.ended, figures.first_call_resolution) == (2, 5, 0.4)
    assert (await stats.account(team.their_owner)).first_call_resolution == 1.0


@pytest.mark.parametrize("case", [([61.5], 61.5, 61.5), ([10, 20], 15, 15), ([600, 30, 60], 230, 60)])
async def test_handle_time_runs_until_the_technician_is_done(
    stats: Stats, database: Database, clock: ManualClock, team: Team, case: tuple[list[float], float, float]
) -> None:
    seconds, mean, median = case
    start = clock()
    for number, each in enumerate(seconds):
        done = start + timedelta(seconds=each)
        fields = (
            {"status": "resolved", "resolved_at": done} if number % 2 else {"status": "escalated", "escalated_at": done}
        )
        await make_call(database, clock, team.tech, **fields)
    await make_call(database, clock, team.tech, status="abandoned")
    figures = await stats.account(team.tech)
    assert (figures.handle_time_mean, figures.handle_time_median) == (mean, median)


async def test_what_the_engineer_needed_afterwards_is_no_handle_time_of_the_call(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    times = {"escalated_at": clock() + timedelta(seconds=90), "resolved_at": clock() + timedelta(hours=5)}
    await make_call(database, clock, team.tech, status="resolved", **times)
    assert (await stats.account(team.tech)).handle_time_mean == 90


async def test_escalations_are_counted_by_category_most_frequent_first(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    for category in ("needs_access", "other", "needs_access"):
        await make_call(
            database, clock, team.tech, status="escalated", escalated_at=clock(), escalation_category=category
        )
    figures = await stats.account(team.tech)
    assert figures.escalations == 3
    assert list(figures.escalations_by_category.items()) == [("needs_access", 2), ("other", 1)]


async def _flow_call(library: Library, database: Database, clock: ManualClock, actor: Actor, **fields: Any) -> None:
    async with past(database, actor) as read:
        found = await library.published_one(read, "printer")
    assert found is not None
    walked = {"kind": "flow", "flow_id": found.flow_id, "flow_version_id": found.version_id}
    await make_call(database, clock, actor, status="escalated", escalated_at=clock(), **walked, **fields)


async def test_escalations_are_counted_by_the_node_across_versions(
    stats: Stats, database: Database, clock: ManualClock, files: Files, team: Team
) -> None:
    library = Library(database, clock)
    for ask in ("Is it on?", WICKED):
        await library.bring_in(team.engineer, files(flow(ask=ask)))
        await _flow_call(library, database, clock, team.tech, escalated_node=node("ask"))
    await _flow_call(library, database, clock, team.tech, escalated_node=node("end", "Done."))
    assert (await stats.account(team.owner)).escalations_by_node == (
        NodeCount("printer", "ask", WICKED, 2),
        NodeCount("printer", "end", "Done.", 1),
    )


@pytest.mark.parametrize("tree", ["flow:printer", "proposal:", 7])
async def test_a_call_of_a_tree_that_never_was_takes_no_figure_away(
    stats: Stats, database: Database, clock: ManualClock, team: Team, tree: object
) -> None:
    escalated: dict[str, Any] = {"status": "escalated", "escalated_at": clock(), "escalated_node": node("ask")}
    await make_call(database, clock, team.tech, frames=[[tree, "ask"]], **escalated)
    assert [each.count for each in (await stats.account(team.owner)).escalations_by_node] == [1]


async def test_nodes_that_a_playbook_gave_count_together_whatever_their_ids(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    call: dict[str, Any] = {"kind": "ai_build", "status": "escalated", "escalated_at": clock(), "category": "printer"}
    book = playbook("printer")
    for _ in range(3):
        last = node(str(uuid4()), book.nodes[book.start].text, origin=f"playbook:printer/{book.start}")
        await make_call(database, clock, team.tech, **call, pending=last, escalated_node=last)
    for text in ("One wording", "Another"):
        last = node(str(uuid4()), text, origin="model")
        await make_call(database, clock, team.tech, **call, pending=last, escalated_node=last)
    talks_of_it = node(str(uuid4()), 'They typed {"origin":"playbook:printer/x"}', origin="model")
    await make_call(
        database, clock, team.tech, kind="ai_build", status="resolved", category="printer", pending=talks_of_it
    )
    figures = await stats.account(team.owner)
    assert figures.escalations_by_node == (
        NodeCount(None, f"playbook:printer/{book.start}", book.nodes[book.start].text, 3),
        NodeCount(None, "model", "", 2),
    )
    [build] = figures.builds
    assert (build.category, build.calls, build.resolved, build.escalated) == ("printer", 6, 1, 5)
    assert figures.built_by_playbook == 3


async def test_only_the_most_frequent_nodes_are_told(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    for number in range(MOST_NODES + 5):
        await make_call(
            database,
            clock,
            team.tech,
            status="escalated",
            escalated_at=clock(),
            escalated_node=node(f"node-{number:02}"),
        )
    assert len((await stats.account(team.tech)).escalations_by_node) == MOST_NODES


async def test_what_the_model_has_cost_is_told_by_purpose_and_account(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    spending = Spending(database, clock)
    model = "claude-haiku-5-5"
    made: list[tuple[Actor, Purpose]] = [
        (team.tech, "next_node"),
        (team.owner, "next_node"),
        (team.their_tech, "note"),
    ]
    for actor, purpose in made:
        spending.spent(actor, Spent(clock(), purpose, model, None, Usage(1000, 0, 0, 200), 900, "answered"))
    spending.spent(team.tech, Spent(clock(), "check", model, None, Usage(), 10, "rejected"))
    await spending.close()
    figures = (await stats.account(team.tech)).model
    assert (figures.calls, figures.tokens, figures.cost_usd) == (3, 2400, 0.0004)
    assert list(figures.by_purpose.items()) == [
        ("next_node", ModelCost(2, 2400, 0.0004)),
        ("check", ModelCost(1, 0, 0.0)),
    ]


async def test_an_account_that_never_asked_a_model_has_paid_nothing(stats: Stats, team: Team) -> None:
    figures = (await stats.account(team.owner)).model
    assert (figures.calls, figures.tokens, figures.cost_usd, figures.by_purpose) == (0, 0, 0.0, {})


async def test_the_calls_of_another_account_are_in_none_of_the_figures(
    stats: Stats, database: Database, clock: ManualClock, team: Team
) -> None:
    async def add(actor: Actor, seconds: int) -> None:
        done = clock() + timedelta(seconds=seconds)
        await make_call(database, clock, actor, status="resolved", resolved_at=done)
        built = {"kind": "ai_build", "category": "printer", "pending": node("n", origin="playbook:printer/start")}
        passed_on = {"escalated_at": done, "escalation_category": "other", "escalated_node": node("n")}
        await make_call(database, clock, actor, status="escalated", **built, **passed_on)

    await add(team.tech, 30)
    ours = await stats.account(team.owner)
    await add(team.their_tech, 90)
    assert await stats.account(team.owner) == ours
    assert (ours.handle_time_mean, (await stats.account(team.their_owner)).handle_time_mean) == (30, 90)
