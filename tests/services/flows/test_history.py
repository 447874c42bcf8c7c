"""The versions of a flow: listed, compared, and gone back to without changing any."""

import pytest

from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.flows.history import History
from services.flows.library import Library
from storage.database import Database
from tests.services.making import Files, flow
from tests.services.people import ManualClock, Team, audited


@pytest.fixture
def library(database: Database, clock: ManualClock) -> Library:
    return Library(database, clock)


@pytest.fixture
def history(database: Database, clock: ManualClock, library: Library) -> History:
    return History(database, clock, library)


@pytest.fixture
async def three(library: Library, files: Files, team: Team) -> None:
    """Version 1 retired, 2 in use, 3 a draft."""
    for ask in ("Is it on?", "Is it plugged in?"):
        await library.bring_in(team.engineer, files(flow(ask=ask)))
    await library.bring_in(team.admin, files(flow(ask="Does it hum?")), draft=True)


@pytest.mark.usefixtures("three")
async def test_versions_are_listed_newest_first(history: History, team: Team) -> None:
    told = [(each.number, each.status, each.created_by) for each in await history.of(team.tech, "printer")]
    assert told == [(3, "draft", "ada"), (2, "published", "emil"), (1, "retired", "emil")]


@pytest.mark.usefixtures("three")
async def test_the_newest_is_compared_with_the_one_in_use_unless_others_are_named(history: History, team: Team) -> None:
    async def numbers(*named: int) -> tuple[int, int]:
        compared = await history.compare(team.tech, "printer", *named)
        return compared.before.number, compared.after.number

    assert await numbers() == (2, 3)
    assert await numbers(1) == (1, 3)
    assert await numbers(3, 1) == (3, 1)
    compared = await history.compare(team.tech, "printer", 1, 2)
    [[change]] = [each.fields for each in compared.difference.nodes]
    assert (change.before, change.after) == ("Is it on?", "Is it plugged in?")


async def test_the_first_version_has_nothing_before_it(
    history: History, library: Library, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    with pytest.raises(Refused, match="first version"):
        await history.compare(team.tech, "printer")
    with pytest.raises(NotFound, match="no version 7"):
        await history.compare(team.tech, "printer", 1, 7)
    with pytest.raises(NotFound):
        await history.compare(team.their_owner, "printer")


@pytest.mark.usefixtures("three")
async def test_going_back_adds_a_version_and_changes_none(
    history: History, library: Library, database: Database, team: Team
) -> None:
    done = await history.roll_back(team.engineer, "printer", 1)
    assert (done.number, done.status, done.change) == (4, "published", "version")
    told = [(each.number, each.status) for each in await history.of(team.tech, "printer")]
    assert told == [(4, "published"), (3, "draft"), (2, "retired"), (1, "retired")]
    first, last = [(await library.show(team.tech, "printer", number)).flow for number in (1, 4)]
    assert first == last
    [row] = await audited(database, team.owner, "flow.roll_back")
    assert (row.user_id, row.details["number"], row.details["of"]) == (team.engineer.user_id, 4, 1)
    assert len(await audited(database, team.owner, "flow.publish")) == 3


@pytest.mark.usefixtures("three")
async def test_going_back_to_a_draft_that_was_never_in_use_is_a_version_too(history: History, team: Team) -> None:
    assert (await history.roll_back(team.engineer, "printer", 3)).number == 4


@pytest.mark.usefixtures("three")
async def test_going_back_to_what_is_in_use_is_refused(history: History, team: Team) -> None:
    with pytest.raises(Refused, match="v2 is in use"):
        await history.roll_back(team.engineer, "printer", 2)
    await history.roll_back(team.engineer, "printer", 1)
    with pytest.raises(Refused, match="says the same as v4"):
        await history.roll_back(team.engineer, "printer", 1)
    with pytest.raises(NotFound):
        await history.roll_back(team.engineer, "printer", 9)
    with pytest.raises(NotAllowed):
        await history.roll_back(team.tech, "printer", 3)


async def test_an_older_version_that_links_to_what_is_gone_is_not_gone_back_to(
    history: History, library: Library, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("cable"), flow(links="cable")))
    await library.bring_in(team.engineer, files(flow()))
    await library.retire(team.engineer, "cable")
    with pytest.raises(Invalid, match="cable"):
        await history.roll_back(team.engineer, "printer", 1)
    assert [each.number for each in await history.of(team.tech, "printer")] == [2, 1]


async def test_callers_are_walked_through_what_was_gone_back_to(
    history: History, library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow()))
    await library.bring_in(team.engineer, files(flow(ask="Does it hum?")))
    async with database.reading(team.tech) as read:
        before = await library.revision(read)
    await history.roll_back(team.engineer, "printer", 1)
    async with database.reading(team.tech) as read:
        assert await library.revision(read) > before
        [published] = await library.published(read)
    assert published.flow == flow()


@pytest.mark.usefixtures("three")
async def test_nobody_takes_out_of_use_or_goes_back_behind_what_they_have_not_seen(
    history: History, library: Library, team: Team
) -> None:
    with pytest.raises(Conflict, match="ada has written v3"):
        await library.retire(team.engineer, "printer", newest=2)
    with pytest.raises(Conflict, match="ada has written v3"):
        await history.roll_back(team.engineer, "printer", 1, newest=2)
    assert (await history.roll_back(team.engineer, "printer", 1, newest=3)).number == 4
    assert (await library.retire(team.engineer, "printer", newest=4)).status == "retired"
