"""Lists and figures over many rows, compared with the same put together by hand."""

from collections import Counter
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import pytest

from services.flows.library import Library
from services.stats import Stats
from services.stats.weeks import mondays
from services.walks.counting import monday, rounded
from services.walks.past import Ended, Past
from storage.database import Database
from storage.tables import ENDED, IN_ESCALATION
from tests.services.making import Files, flow, make_call
from tests.services.people import ManualClock, Team

STATUSES = (*ENDED, *ENDED, "active", "paused")
WEEKS = 5


@pytest.fixture
def chance() -> Random:
    return Random(7)  # noqa: S311  # the same every time


async def test_figures_are_those_of_the_calls_one_by_one(
    database: Database, clock: ManualClock, files: Files, team: Team, chance: Random
) -> None:
    library, versions = Library(database, clock), list[tuple[UUID, UUID, str, str]]()
    for number in range(6):
        slug, ask = f"flow-{number % 3}", f"Wording {number}"
        await library.bring_in(team.engineer, files(flow(slug, ask=ask)))
        async with database.reading(team.engineer) as read:
            found = await library.published_one(read, slug)
        assert found is not None
        versions.append((found.flow_id, found.version_id, slug, ask))
    ended, times, nodes = Counter[tuple[str, str]](), dict[str, list[int]](), Counter[tuple[str, str]]()
    wording = dict[tuple[str, str], int]()
    for _ in range(60):
        number = chance.randrange(len(versions))
        flow_id, version_id, slug, _ = versions[number]
        status, began = chance.choice(STATUSES), clock() - timedelta(days=chance.randrange(50))
        came_back = chance.random() < 0.2
        done = began + timedelta(seconds=chance.randrange(9000))
        node_id = chance.choice(["ask", "on"])
        node = {"id": node_id, "node": {"type": "instruction", "text": "x", "next": "end"}}
        given: dict[str, Any] = {"status": status, "created_at": began, "pending": node}
        if status == "resolved":
            given |= {"resolved_at": done}
        passed_on = status in IN_ESCALATION or came_back
        if passed_on:
            given |= {"escalated_at": done, "escalated_node": node, "escalation_category": "other"}
        of_flow = {"kind": "flow", "flow_id": flow_id, "flow_version_id": version_id}
        await make_call(database, clock, chance.choice([team.tech, team.second]), **of_flow, **given)
        if passed_on:
            nodes[slug, node_id] += 1
            wording[slug, node_id] = max(number, wording.get((slug, node_id), 0))
        if status in ENDED:
            ended[monday(began), "escalated" if passed_on else status] += 1
            if passed_on or status == "resolved":
                times.setdefault(monday(began), []).append(rounded((done - began).total_seconds()))
    await make_call(database, clock, team.their_tech, status="escalated", escalated_at=clock(), escalated_node=node)

    figures = await Stats(database, clock).lately(team.engineer, WEEKS)
    weeks = mondays(clock(), WEEKS)
    assert [each.week for each in figures.weeks] == weeks
    for each in figures.weeks:
        told = {"resolved": each.resolved, "escalated": each.escalated, "abandoned": each.abandoned}
        assert told == {how: ended[each.week, how] for how in told}
        assert each.handle_seconds == _median(times.get(each.week, []))
    assert figures.in_weeks.ended == sum(ended[week, how] for week in weeks for how in told)
    assert figures.in_weeks.handle_seconds == _median([took for week in weeks for took in times.get(week, [])])
    most = sorted(nodes, key=lambda key: (-nodes[key], *key))
    assert [(each.flow, each.node, each.count) for each in figures.escalations_by_node] == [
        (*key, nodes[key]) for key in most
    ]
    assert [each.text for each in figures.escalations_by_node] == [
        "Wait." if node_id == "on" else versions[wording[slug, node_id]][3] for slug, node_id in most
    ]
    whole = await Stats(database, clock).account(team.engineer, WEEKS)
    assert (whole.weeks, whole.in_weeks, whole.escalations_by_node) == (
        figures.weeks,
        figures.in_weeks,
        figures.escalations_by_node,
    )


def _median(times: list[int]) -> int | None:
    return int(median(times)) if times else None


async def test_flows_are_listed_by_the_version_in_use_whatever_was_written_before_and_after(
    database: Database, clock: ManualClock, files: Files, team: Team, chance: Random
) -> None:
    library = Library(database, clock)
    known = dict[str, list[str]]()
    for number in range(40):
        slug = f"flow-{chance.randrange(8)}"
        statuses = known.setdefault(slug, [])
        match chance.choice(("draft", "publish", "publish", "retire")):
            case "retire" if "published" in statuses:
                await library.retire(team.engineer, slug)
                statuses[statuses.index("published")] = "retired"
            case "draft":
                await library.bring_in(team.engineer, files(flow(slug, ask=f"Wording {number}")), draft=True)
                statuses.append("draft")
            case _:
                await library.bring_in(team.engineer, files(flow(slug, ask=f"Wording {number}")))
                known[slug] = [each.replace("published", "retired") for each in statuses] + ["published"]
    by_hand = {None: list[Any](), "published": [], "draft": [], "retired": []}
    for slug, statuses in sorted(known.items()):
        last = len(statuses)
        used = statuses.index("published") + 1 if "published" in statuses else None
        draft = last if statuses[-1] == "draft" else None
        by_hand[None].append((slug, used or last, draft if used else None))
        if used:
            by_hand["published"].append((slug, used, draft))
        if draft:
            by_hand["draft"].append((slug, draft, None))
        if statuses[-1] == "retired" and not used:
            by_hand["retired"].append((slug, last, None))
    for status, expected in by_hand.items():
        listed = await library.listed(team.tech, status=status)
        assert [(each.slug, each.number, each.waiting) for each in listed] == expected
        assert all(each.status == known[each.slug][each.number - 1] for each in listed)
    assert await library.listed(team.their_tech) == ()


async def test_past_calls_are_found_as_if_each_had_been_read(
    database: Database, clock: ManualClock, team: Team, chance: Random
) -> None:
    people = (team.tech, team.second, team.engineer)
    made = []
    for number in range(60):
        clock.forward(seconds=60)
        person, status = chance.choice(people), chance.choice(STATUSES)
        problem = f"call {number} {chance.choice(['PRINTER', 'vpn', 'Tina'])} {chance.choice(['jams', '100%', '_x'])}"
        fields = {"status": status, "problem_text": problem, "ticket": {"problem": problem}}
        await make_call(database, clock, person, **fields)
        made.append((problem, person.name.casefold(), status))
    endings: tuple[tuple[Ended | None, tuple[str, ...]], ...]
    endings = ((None, ENDED), ("escalated", IN_ESCALATION), ("abandoned", ("abandoned",)))
    asked = ("", "printer", "tina", "tom", "tina printer", "printer 100%", "tina 100% vpn", "emil _x", "tina tom", "q")
    for words in asked:
        for ending, those in endings:
            found = await Past(database).listed(team.engineer, words=words, status=ending)
            expected = [call for call, name, was in reversed(made) if was in those and _has(call, name, words)]
            assert [each.problem for each in found] == expected, (words, ending)


def _has(problem: str, name: str, words: str) -> bool:
    """All of the words in the call; or its person meant by those that are somebody's name, and it has the others."""
    asked, names = words.split(), ("tina", "tom", "emil")
    text, meant = problem.casefold(), [word for word in words.split() if any(n.startswith(word) for n in names)]
    rest = [word for word in asked if word not in meant]
    by_person = bool(meant) and all(name.startswith(word) for word in meant) and all(word in text for word in rest)
    return all(word in text for word in asked) or by_person
