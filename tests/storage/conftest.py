from collections.abc import AsyncIterator

import pytest

from storage.database import Database


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated store without rows, of either kind."""
    opened = Database.open(migrated_url)
    yield opened
    await opened.dispose()
