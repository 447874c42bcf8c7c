"""The first look gives what the services give, or nothing: it is the same store read another way."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from services.access import Actor
from services.errors import Trouble
from services.team.users import Users
from services.walks.glance import Opening, first_look
from services.walks.lines import OwnCall, SessionSummary
from storage.walks import Sessions
from tests.services.making import make_call
from tests.services.people import past
from tests.services.walks.scene import Scene

LIMIT = 5


async def look(scene: Scene, url: str, name: str | None = None) -> Opening:
    seen = await first_look(url, name, LIMIT)
    assert seen is not None
    return seen


def own(call: SessionSummary) -> OwnCall:
    seen = (call.id, call.status, call.problem_text, call.customer, call.contact, call.last_step_at)
    return OwnCall(*seen, call.handed_back)


async def holds(scene: Scene, url: str, actor: Actor) -> Opening:
    """What is seen is what the services give."""
    seen = await look(scene, url, actor.name)
    assert seen.actor == actor
    assert seen.entries == await scene.queue.listed(actor, limit=LIMIT)
    assert seen.mine == tuple(own(call) for call in await scene.walks.resumable(actor))
    assert seen.first_call == (not await scene.walks.listed(actor, limit=1))
    return seen


async def test_what_is_seen_is_what_the_services_give(scene: Scene, migrated_url: str) -> None:
    """Calls of every kind and of both accounts; those of a ticket with two; any characters; more than are asked for."""
    team, clock = scene.team, scene.clock
    assert (await holds(scene, migrated_url, team.tech)).first_call
    await make_call(scene.database, clock, team.their_tech)
    assert (await holds(scene, migrated_url, team.tech)).first_call
    for _ in range(3):
        clock.forward(seconds=1)
        await make_call(
            scene.database,
            clock,
            team.second,
            problem_text="\x00\ud800 [/] Müller",
            customer="\x00\ud800 \ue000 [/] Müller",
            contact="",
        )
    for number in range(LIMIT):
        clock.forward(seconds=1)
        walk = await scene.start_flow()
        if number == 1:
            await scene.walks.pause(team.tech, walk)
        if number == 2:
            await scene.walks.escalate(team.tech, walk, category="other", reason="no idea")
        if number == 3:
            up = await scene.walks.escalate(team.tech, walk, category="other", reason="no idea")
            await scene.escalations.hand_back(team.engineer, up, "Ask for the build number")
            assert (await holds(scene, migrated_url, team.tech)).mine[0].handed_back
        await holds(scene, migrated_url, team.tech)
    async with past(scene.database, team.tech) as tx:  # one ticket with two calls, another with none
        row = await Sessions(tx).get(walk.id)
        assert row is not None
        ticket_id = (await look(scene, migrated_url)).entries[2].ticket.id
        assert ticket_id is not None
        row.ticket_id = ticket_id
    await scene.walks.abandon(team.tech, await scene.walks.open(team.tech, walk.id))  # its older call is shown
    for actor in (team.tech, team.second, team.covering, team.owner):
        seen = await holds(scene, migrated_url, actor)
        assert walk.id not in {entry.session_id for entry in seen.entries}
        assert len(seen.entries) == LIMIT
    assert all(isinstance(entry.created_at, datetime) and entry.created_at.tzinfo for entry in seen.entries)


async def test_who_takes_no_calls_sees_none(scene: Scene, migrated_url: str) -> None:
    await scene.start_flow()
    seen = await look(scene, migrated_url, scene.team.engineer.name)
    assert seen.actor == scene.team.engineer
    assert (seen.mine, seen.entries) == ((), ())


async def test_without_a_name_it_is_whoever_init_made(scene: Scene, migrated_url: str) -> None:
    assert (await look(scene, migrated_url)).actor == scene.team.owner


@pytest.mark.parametrize("name", ["nobody", "", "Acme/tina", "olga/", "tina' OR 1=1 --", "\x00"])
async def test_a_name_that_is_not_plainly_one_person_is_left_to_the_store(
    scene: Scene, migrated_url: str, name: str
) -> None:
    assert await first_look(migrated_url, name, LIMIT) is None


async def test_who_was_disabled_is_left_to_the_store(scene: Scene, migrated_url: str) -> None:
    await Users(scene.database, scene.clock).disable(scene.team.owner, scene.team.tech.name)
    assert await first_look(migrated_url, scene.team.tech.name, LIMIT) is None


async def test_a_name_in_two_accounts_is_somebody_of_the_first(scene: Scene, migrated_url: str) -> None:
    assert scene.team.their_tech.name == scene.team.tech.name
    assert (await look(scene, migrated_url, scene.team.tech.name)).actor == scene.team.tech
    assert (await look(scene, migrated_url, scene.team.their_owner.name)).actor == scene.team.their_owner


@pytest.mark.parametrize("version", ["0000", "9999"])
async def test_another_version_is_left_to_the_store(scene: Scene, migrated_url: str, version: str) -> None:
    async with scene.database.session() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    assert await first_look(migrated_url, None, LIMIT) is None


async def test_what_is_no_store_is_left_to_the_store(tmp_path: Path, postgres_url: str) -> None:
    text_file, empty = tmp_path / "notes.txt", tmp_path / "empty.db"
    text_file.write_text("not a database, but long enough to look like something " * 100)
    empty.touch()
    for where in (str(tmp_path / "none.db"), str(tmp_path), str(text_file), str(empty), postgres_url):
        assert await first_look(where, None, LIMIT) is None
    assert await first_look("postgresql://nobody@127.0.0.1:1/none", None, LIMIT) is None
    assert not (tmp_path / "none.db").exists()


async def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="not the address"):
        await first_look("mysql://here/there", None, LIMIT)


async def test_a_file_that_another_program_holds_is_left_to_the_store(migrated_sqlite_url: str) -> None:
    path = Path(migrated_sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert await first_look(migrated_sqlite_url, None, LIMIT) is None
