from collections.abc import AsyncIterator

import pytest

from tests.psa_servers.offices import OFFICES, Office
from tests.psa_servers.server import PsaServer, running
from tests.services.walks.scene import Scene
from tests.services.writeback.scene import Psa


@pytest.fixture(params=OFFICES, ids=lambda office: office.name)
def office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.param
    return found


@pytest.fixture
async def server(office: Office) -> AsyncIterator[PsaServer]:
    async with running(office.server(tickets=20)) as psa:
        yield psa


@pytest.fixture
async def psa(migrated_url: str, office: Office, server: PsaServer) -> AsyncIterator[Psa]:
    """On either kind of store, each of the three."""
    scene = await Scene.set(migrated_url)
    provider = office.provider(server)
    made = Psa(scene, office, server, provider)
    await made.set_up()
    yield made
    await provider.close()
    await made.looking.close()
    await scene.database.dispose()
