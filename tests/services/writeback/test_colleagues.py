"""What somebody ended is brought to the PSA by a colleague's terminal, which has a login of its own."""

from collections.abc import AsyncIterator

import pytest

from services.team.users import Users
from services.writeback.outbox import Outbox
from storage.database import Database
from tests.logins import with_login
from tests.psa_servers.offices import CONNECTWISE, Office
from tests.psa_servers.server import Fault, PsaServer
from tests.services.people import audited
from tests.services.walks.scene import Scene
from tests.services.writeback.scene import Psa, journal

PASSWORD = "correct horse"


@pytest.fixture
def office() -> Office:
    return CONNECTWISE


@pytest.fixture
async def psa(migrated_postgres_url: str, office: Office, server: PsaServer) -> AsyncIterator[Psa]:
    scene, provider = await Scene.set(migrated_postgres_url), office.provider(server)
    made = Psa(scene, office, server, provider)
    await made.set_up()
    yield made
    await provider.close()
    await scene.database.dispose()


@pytest.fixture
async def theirs(psa: Psa, who: str, migrated_postgres_url: str) -> AsyncIterator[Outbox]:
    """The outbox as `who` sees it, by their own login."""
    owner = Database.open(migrated_postgres_url)
    actor = psa.scene.team.everybody()[who]
    made = await Users(owner, psa.scene.clock).set_password(psa.scene.team.owner, actor.name, PASSWORD)
    await owner.dispose()
    database = Database.open(with_login(migrated_postgres_url, made.login or "", PASSWORD))
    yield Outbox(database, psa.scene.clock, journal(psa.scene, lambda: psa.provider, database))
    await database.dispose()


@pytest.mark.parametrize("who", ["second", "covering", "admin", "owner"])
async def test_a_resolution_lands_in_the_name_of_whoever_asked(psa: Psa, theirs: Outbox, who: str) -> None:
    walk, actor = await psa.resolved(), psa.scene.team.everybody()[who]
    assert (await theirs.drain(actor)).verified == 1
    now = await psa.now(walk)
    assert (now.status, now.awaits_psa, now.writebacks[-1].state) == ("resolved", False, "verified")
    assert now.resolution is not None
    assert (now.resolution.by.name, now.changed_by.name) == ("tina", actor.name)
    await psa.holds(walk)


@pytest.mark.parametrize("who", ["second", "engineer"])
async def test_a_package_and_what_ends_an_escalated_call_go_the_same_way(psa: Psa, theirs: Outbox, who: str) -> None:
    walk, actor = await psa.escalated(), psa.scene.team.everybody()[who]
    assert (await theirs.drain(actor)).verified == 1
    assert (await psa.now(walk)).writebacks[-1].state == "verified"
    await psa.set("psa.resolved_status_id", "Solved")  # there, and not on the board that it came from
    ended = await psa.scene.walks.resolve(psa.scene.team.engineer, await psa.now(walk), helpful=True, notes="Done.")
    assert (await theirs.drain(actor)).verified == 1
    assert (await psa.now(ended)).status == "resolved"


@pytest.mark.parametrize("who", ["second"])
async def test_what_fails_for_good_there_is_told_to_whoever_asked(psa: Psa, theirs: Outbox, who: str) -> None:
    await psa.set("psa.resolved_status_id", "4040")
    walk, actor = await psa.resolved(), psa.scene.team.everybody()[who]
    await theirs.drain(actor)
    now = await psa.now(walk)
    assert (now.status, now.awaits_psa, now.writebacks[-1].state) == ("active", False, "failed")
    (told,) = await audited(psa.scene.database, actor, "psa.writeback.failed")
    assert told.user_id == actor.user_id
    await psa.set("psa.resolved_status_id", psa.office.resolved.status)
    again = await psa.scene.walks.resolve(psa.scene.team.tech, now, helpful=True, notes="once more")
    assert (await theirs.drain(actor)).verified == 1
    await psa.holds(again)


@pytest.mark.parametrize("who", ["second"])
async def test_what_one_terminal_left_half_way_another_login_goes_on_with(psa: Psa, theirs: Outbox, who: str) -> None:
    walk = await psa.resolved()
    psa.server.fail(psa.office.change_line, Fault("bad_gateway"))
    psa.server.fail(psa.office.change_line, Fault("bad_gateway"))
    await psa.run(walk)
    assert (await psa.now(walk)).awaits_psa
    await psa.later(walk)
    assert (await theirs.drain(psa.scene.team.everybody()[who])).verified == 1
    assert psa.server.count(psa.office.note_line) == 1
    await psa.holds(walk)
