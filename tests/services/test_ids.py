"""Ids by their beginning."""

from uuid import UUID

import pytest

from services.errors import NotFound, Refused
from services.ids import Ids
from storage.database import Database
from storage.tables import Session
from tests.services.making import make_call
from tests.services.people import HOSTILE, ManualClock, Team, past


@pytest.fixture
def ids(database: Database) -> Ids:
    return Ids(database)


async def renamed(database: Database, clock: ManualClock, team: Team, session_id: str) -> UUID:
    """A call of that id."""
    made = await make_call(database, clock, team.tech)
    async with past(database, team.tech) as tx:
        row = await tx.session.get(Session, made)
        assert row is not None
        row.id = UUID(session_id)
    return UUID(session_id)


async def test_as_much_as_no_other_begins_with_is_enough(
    ids: Ids, database: Database, clock: ManualClock, team: Team
) -> None:
    first = await renamed(database, clock, team, "abcd0000-0000-4000-8000-000000000000")
    second = await renamed(database, clock, team, "abcdffff-ffff-4fff-8fff-ffffffffffff")
    assert await ids.session(team.engineer, "ABCD0") == first
    assert await ids.session(team.engineer, "abcdffff-f") == second
    assert await ids.session(team.engineer, str(first)) == first
    with pytest.raises(Refused, match="more than one call begins with abcd"):
        await ids.session(team.engineer, "abcd")
    for written in ("abce", "abc", "", "xyz1", HOSTILE, "abcd0" * 8):
        with pytest.raises(NotFound, match="no call"):
            await ids.session(team.engineer, written)
    with pytest.raises(NotFound, match="no proposal"):
        await ids.proposal(team.engineer, "abcd0")
    with pytest.raises(NotFound, match="no call"):
        await ids.session(team.their_owner, "abcd0")
