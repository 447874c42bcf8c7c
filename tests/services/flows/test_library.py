"""The account's flows: brought in, numbered, published, retired, read."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, update

from services.access import Actor
from services.documents.document import Document
from services.errors import Invalid, NotAllowed, NotFound, Refused, Trouble
from services.flows.format import FlowFile
from services.flows.library import Library
from services.flows.nodes import Answer, Outcome, Question
from storage.database import Database
from storage.tables import FlowVersion
from tests.services.making import Files, flow, make_call
from tests.services.people import HOSTILE, ManualClock, Team, audited, past


@pytest.fixture
def library(database: Database, clock: ManualClock) -> Library:
    return Library(database, clock)


async def published_slugs(library: Library, database: Database, actor: Actor) -> list[str]:
    async with database.reading(actor) as read:
        return [each.flow.slug for each in await library.published(read)]


async def revision(library: Library, database: Database, actor: Actor) -> int:
    async with database.reading(actor) as read:
        return await library.revision(read)


async def test_a_flow_that_is_brought_in_is_published_and_comes_back_whole(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    given = flow(keywords=("ink", "toner"), examples=("it does not print",), summary="Nothing comes out.")
    [done] = await library.bring_in(team.engineer, files(given))
    assert (done.slug, done.number, done.status, done.change) == ("printer", 1, "published", "new")
    assert (await library.show(team.tech, "printer")).flow == given
    [row] = await audited(database, team.owner, "flow.publish")
    assert (row.user_id, row.details["slug"], row.details["number"]) == (team.engineer.user_id, "printer", 1)


async def test_the_same_content_again_changes_nothing(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    given = flow()
    await library.bring_in(team.engineer, files(given))
    before = await revision(library, database, team.tech)
    turned_round = replace(given, nodes=dict(reversed(list(given.nodes.items()))))
    for again in (given, turned_round):
        for draft in (False, True):
            [done] = await library.bring_in(team.admin, files(again), draft=draft)
            assert (done.number, done.status, done.change) == (1, "published", "unchanged")
    assert await revision(library, database, team.tech) == before
    assert len(await audited(database, team.owner, "flow.publish")) == 1
    assert len((await library.show(team.tech, "printer")).versions) == 1


async def test_another_content_is_a_new_version_and_the_old_one_retires(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    before = await revision(library, database, team.tech)
    [done] = await library.bring_in(team.engineer, files(flow(ask="Is it plugged in?")))
    assert (done.number, done.change) == (2, "version")
    shown = await library.show(team.tech, "printer")
    assert [(each.number, each.status) for each in shown.versions] == [(2, "published"), (1, "retired")]
    assert await revision(library, database, team.tech) > before
    assert (await library.show(team.tech, "printer", 1)).flow == flow()


async def test_a_draft_is_held_back_until_it_is_published(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    before = await revision(library, database, team.tech)
    [done] = await library.bring_in(team.engineer, files(flow(ask="Better?")), draft=True)
    assert (done.number, done.status) == (2, "draft")
    assert await revision(library, database, team.tech) == before
    assert (await library.show(team.tech, "printer")).number == 1
    assert [each.number for each in await library.listed(team.tech, status="draft")] == [2]
    await library.publish(team.engineer, "printer")
    assert (await library.show(team.tech, "printer")).number == 2
    assert await revision(library, database, team.tech) > before


async def test_bringing_in_the_content_of_a_draft_publishes_the_draft(
    library: Library, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    await library.bring_in(team.engineer, files(flow(ask="Better?")), draft=True)
    [done] = await library.bring_in(team.engineer, files(flow(ask="Better?")))
    assert (done.number, done.change) == (2, "published")
    shown = await library.show(team.tech, "printer")
    assert [(each.number, each.status) for each in shown.versions] == [(2, "published"), (1, "retired")]


async def test_bringing_in_what_was_retired_publishes_it_again(library: Library, files: Files, team: Team) -> None:
    await library.bring_in(team.engineer, files(flow()))
    await library.retire(team.engineer, "printer")
    [done] = await library.bring_in(team.engineer, files(flow()))
    assert (done.number, done.status, done.change) == (1, "published", "published")


async def test_an_older_version_can_be_published_again(library: Library, files: Files, team: Team) -> None:
    await library.bring_in(team.engineer, files(flow()))
    await library.bring_in(team.engineer, files(flow(ask="Worse?")))
    assert (await library.publish(team.engineer, "printer", 1)).number == 1
    shown = await library.show(team.tech, "printer")
    assert [(each.number, each.status) for each in shown.versions] == [(2, "retired"), (1, "published")]
    for number in (0, 3, -1):
        with pytest.raises(NotFound, match="from 1 to 2"):
            await library.publish(team.engineer, "printer", number)


async def test_one_bad_flow_keeps_all_of_them_out(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    with pytest.raises(Invalid, match="leads to"):
        await library.bring_in(team.engineer, files(flow("good"), flow("bad", start="ask", nodes={"ask": _astray()})))
    assert await library.listed(team.engineer) == ()
    assert not await audited(database, team.owner, "flow.publish")


def _astray() -> Question:
    return Question(text="?", answers=(Answer(label="a", next="nowhere"), Answer(label="b", next="ask")))


async def test_a_slug_twice_in_one_import_is_refused(library: Library, files: Files, team: Team) -> None:
    with pytest.raises(Invalid, match="used before"):
        await library.bring_in(team.engineer, files(flow(), flow(ask="Other?")))


async def test_links_are_looked_up_among_what_is_published_and_what_comes_along(
    library: Library, files: Files, team: Team
) -> None:
    with pytest.raises(Invalid, match="neither published nor in this import"):
        await library.bring_in(team.engineer, files(flow("first", links="second")))
    await library.bring_in(team.engineer, files(flow("first", links="second"), flow("second")))
    await library.bring_in(team.engineer, files(flow("third", links="first")))
    with pytest.raises(Invalid, match="circle"):
        await library.bring_in(team.engineer, files(flow("second", links="third")))


async def test_a_flow_that_others_link_to_is_not_retired(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("first", links="second"), flow("second")))
    with pytest.raises(Refused, match="first links to 'second'"):
        await library.retire(team.engineer, "second")
    await library.retire(team.engineer, "first")
    await library.retire(team.engineer, "second")
    assert await published_slugs(library, database, team.tech) == []
    assert [row.details["slug"] for row in await audited(database, team.owner, "flow.retire")] == ["first", "second"]
    assert {each.slug for each in await library.listed(team.tech, status="retired")} == {"first", "second"}
    with pytest.raises(Invalid, match="links to the flow"):
        await library.publish(team.engineer, "first")
    with pytest.raises(Refused, match="not published"):
        await library.retire(team.engineer, "first")


async def test_two_imports_at_once_leave_one_published_version_each(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    imports = [files(flow(ask=f"Try {number}?"), flow(f"own-{number}")) for number in range(6)]
    outcomes = await asyncio.gather(*(library.bring_in(team.engineer, each) for each in imports))
    assert sorted(done[0].number for done in outcomes) == [1, 2, 3, 4, 5, 6]
    assert len(await published_slugs(library, database, team.tech)) == 7
    assert [each.status for each in (await library.show(team.tech, "printer")).versions].count("published") == 1


async def test_the_same_file_imported_twice_at_once_is_one_version(library: Library, files: Files, team: Team) -> None:
    given = files(flow())
    outcomes = await asyncio.gather(*(library.bring_in(team.engineer, given) for _ in range(4)))
    assert sorted(done[0].change for done in outcomes) == ["new", "unchanged", "unchanged", "unchanged"]


async def test_what_is_linked_to_is_retired_or_linked_but_never_both(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("second")))
    attempts = (
        library.bring_in(team.engineer, files(flow("first", links="second"))),
        library.retire(team.admin, "second"),
    )
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(outcome, Trouble) for outcome in outcomes) == [False, True]
    assert await published_slugs(library, database, team.tech) in ([], ["first", "second"])


async def test_a_thousand_flows_are_a_handful_of_statements(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    given = files(*(flow(f"flow-{number}") for number in range(1000)))
    statements = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    assert len(await library.bring_in(team.engineer, given)) == 1000
    assert len(statements) < 60
    assert len(await published_slugs(library, database, team.tech)) == 1000


async def test_nothing_of_another_account_is_seen_or_touched(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    async with database.reading(team.tech) as read:
        mine = await library.published_one(read, "printer")
    assert mine is not None
    assert await library.listed(team.their_owner) == ()
    for attempt in (
        library.show(team.their_owner, "printer"),
        library.publish(team.their_owner, "printer"),
        library.retire(team.their_owner, "printer"),
    ):
        with pytest.raises(NotFound, match="no flow 'printer'"):
            await attempt
    async with database.reading(team.their_tech) as read:
        assert await library.published(read) == ()
        assert await library.published_one(read, "printer") is None
        with pytest.raises(NotFound):
            await library.tree(read, mine.version_id)
    await library.bring_in(team.their_owner, files(flow(ask="Theirs?")))
    assert (await library.show(team.tech, "printer")).flow == flow()


async def test_a_version_is_read_from_the_store_once(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    async with database.reading(team.tech) as read:
        found = await library.published_one(read, "printer")
        assert found is not None
        assert await library.tree(read, found.version_id) is found.flow


async def test_a_version_is_never_changed(library: Library, database: Database, files: Files, team: Team) -> None:
    await library.bring_in(team.engineer, files(flow()))
    with pytest.raises(Exception, match="never changed"):
        async with past(database, team.owner) as tx:
            await tx.session.execute(update(FlowVersion).values(digest="another"))


@pytest.mark.parametrize("slug", [HOSTILE, "", "printer\x00", "\ud800", "Printer"])
async def test_a_slug_that_cannot_be_is_simply_not_found(
    library: Library, database: Database, files: Files, team: Team, slug: str
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    with pytest.raises(NotFound):
        await library.show(team.tech, slug)
    async with database.reading(team.tech) as read:
        assert await library.published_one(read, slug) is None


async def test_any_text_in_a_flow_comes_back_as_it_was(
    library: Library, database: Database, clock: ManualClock, team: Team
) -> None:
    given = replace(
        flow(ask=HOSTILE),
        title=HOSTILE,
        category=HOSTILE,
        summary=HOSTILE,
        keywords=(HOSTILE,),
        nodes={HOSTILE: Outcome(text=HOSTILE, say=HOSTILE, result="resolved")},
        start=HOSTILE,
    )
    await library.bring_in(team.engineer, [FlowFile(given, Document("hostile.yaml"))])
    fresh = Library(database, clock)
    assert (await fresh.show(team.tech, "printer")).flow == given
    [summary] = await fresh.listed(team.tech)
    assert (summary.title, summary.category) == (HOSTILE, HOSTILE)


async def test_who_may_not_publish_is_told_so_before_anything_is_read(
    library: Library, database: Database, files: Files, team: Team
) -> None:
    for attempt in (
        library.bring_in(team.tech, files(flow())),
        library.publish(team.tech, "printer"),
        library.retire(team.tech, "printer"),
    ):
        with pytest.raises(NotAllowed, match="a technician may not"):
            await attempt


async def test_an_unknown_status_is_told_which_there_are(library: Library, team: Team) -> None:
    with pytest.raises(Refused, match="draft, published, retired"):
        await library.listed(team.tech, status="gone\x00")


async def test_a_flows_record_counts_what_it_ended_well_by_itself(
    library: Library, database: Database, clock: ManualClock, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    async with database.reading(team.tech) as read:
        found = await library.published_one(read, "printer")
    assert found is not None
    calls: list[dict[str, Any]] = [
        {"status": "resolved", "helpful": True},
        {"status": "resolved", "helpful": True},
        {"status": "resolved", "helpful": False},
        {"status": "resolved", "helpful": True, "escalated_at": clock()},
        {"status": "escalated", "escalated_at": clock()},
        {"status": "abandoned"},
        {"status": "active"},
    ]
    walked = {"kind": "flow", "flow_id": found.flow_id, "flow_version_id": found.version_id}
    for call in calls:
        await make_call(database, clock, team.tech, **walked, **call)
    async with database.reading(team.tech) as read:
        assert await library.record(read) == {found.flow_id: (2, 6)}
        assert await library.record(read, [uuid4()]) == {}
    async with database.reading(team.their_tech) as read:
        assert await library.record(read) == {}
    [summary] = await library.listed(team.tech)
    assert (summary.calls, summary.resolved, summary.nodes) == (6, 2, 3)


async def test_listing_reads_no_flow(library: Library, database: Database, files: Files, team: Team) -> None:
    await library.bring_in(team.engineer, files(flow()))
    asked: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    [summary] = await Library(database, ManualClock()).listed(team.tech)
    assert summary.nodes == 3
    assert asked
    assert not [statement for statement in asked if "content" in statement]
