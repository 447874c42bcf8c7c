"""Each of the three PSAs, on this machine."""

from collections.abc import AsyncIterator

import pytest

from services.psa.provider import Provider
from tests.psa_servers.offices import OFFICES, Office
from tests.psa_servers.server import PsaServer, running


@pytest.fixture(params=OFFICES, ids=lambda office: office.name)
def office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.param
    return found


@pytest.fixture
async def server(office: Office) -> AsyncIterator[PsaServer]:
    async with running(office.server()) as psa:
        yield psa


@pytest.fixture
async def psa(office: Office, server: PsaServer) -> AsyncIterator[Provider]:
    provider = office.provider(server)
    yield provider
    await provider.close()
