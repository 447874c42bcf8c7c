"""What flows say and ask, for whoever searches by a word of it."""

from dataclasses import replace

from services.flows.library import Library
from services.flows.words import FlowWords
from storage.database import Database
from tests.services.making import Files, flow
from tests.services.people import HOSTILE, ManualClock, Team


async def test_the_version_that_a_list_shows_is_what_is_searched(
    database: Database, clock: ManualClock, files: Files, team: Team
) -> None:
    library, words = Library(database, clock), FlowWords(database)
    await library.bring_in(team.engineer, files(flow(ask="Does FortiClient say PRN-4F?")))
    await library.bring_in(team.engineer, files(flow(ask="Is the Ölstand low?")), draft=True)
    other = replace(flow("other"), examples=("my screen is black",), keywords=("monitor",), summary="A dark one")
    await library.bring_in(team.engineer, files(other), draft=True)

    async def said() -> dict[str, list[str]]:
        found = await words.of(team.tech, await library.listed(team.tech))
        return {slug: text.split("\n") for slug, text in found.items()}

    first = await said()
    assert "Does FortiClient say PRN-4F?" in first["printer"]
    assert "Is the Ölstand low?" not in first["printer"]
    assert {"my screen is black", "monitor", "A dark one", "Yes", "No"} <= {*first["other"]}
    assert not {"question", "type", "answers"} & {*first["other"], *first["printer"]}
    assert await said() == first
    await library.publish(team.engineer, "printer")
    assert "Is the Ölstand low?" in (await said())["printer"]


async def test_what_is_of_another_account_or_hostile_is_only_text(
    database: Database, clock: ManualClock, team: Team
) -> None:
    library, words = Library(database, clock), FlowWords(database)
    async with database.transaction(team.owner) as tx:
        await library.add(tx, team.owner, replace(flow(), summary=HOSTILE, examples=(HOSTILE,)))
    mine = await library.listed(team.owner)
    assert await words.of(team.their_owner, mine) == {"printer": ""}
    found = await words.of(team.owner, mine)
    assert HOSTILE in found["printer"]
