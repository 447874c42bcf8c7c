from collections.abc import AsyncIterator

import pytest

from tests.services.walks.scene import Scene


@pytest.fixture
async def scene(migrated_url: str) -> AsyncIterator[Scene]:
    """Two accounts with people and two flows, on either kind of store."""
    set_up = await Scene.set(migrated_url)
    yield set_up
    await set_up.database.dispose()
