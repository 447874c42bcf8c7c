"""The bell: whoever listens hears of others' changes, on a file and on a server, also after the server was away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from storage import feed
from storage.accounts import bump_library
from storage.database import Database
from storage.tables import Account
from tests.network import network
from tests.services.people import ManualClock

PATIENCE_SECONDS = 30


@dataclass
class Ears:
    """What somebody hears."""

    heard: int = 0
    wakes: asyncio.Event = field(default_factory=asyncio.Event)

    async def more_than(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.heard <= number:
                self.wakes.clear()
                await self.wakes.wait()

    async def nothing_more(self) -> int:
        """Once what is under way has been heard."""
        while True:
            before = self.heard
            await asyncio.sleep(1.2)
            if self.heard == before:
                return before


@dataclass(frozen=True)
class Mine:
    account_id: UUID


@asynccontextmanager
async def listening(database: Database, account: UUID) -> AsyncIterator[Ears]:
    ears = Ears()

    async def listen() -> None:
        async for _ in feed.rings(database, Mine(account)):
            ears.heard += 1
            ears.wakes.set()

    task = asyncio.create_task(listen())
    try:
        await ears.more_than(0)
        await ears.nothing_more()
        yield ears
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def account(database: Database, name: str) -> UUID:
    made = uuid4()
    async with database.session() as session:
        session.add(Account(id=made, name=name, created_at=ManualClock()()))
    return made


async def change(database: Database, account_id: UUID) -> None:

    async with database.transaction(Mine(account_id)) as tx:
        await bump_library(tx)


@pytest.fixture
async def stores(migrated_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two terminals on one store."""
    one, other = Database.open(migrated_url), Database.open(migrated_url)
    yield one, other
    await one.dispose()
    await other.dispose()


async def test_a_change_of_a_colleague_is_heard(stores: tuple[Database, Database]) -> None:
    mine, theirs = stores
    ours = await account(theirs, "Acme")
    async with listening(mine, ours) as ears:
        before = ears.heard
        await change(theirs, ours)
        await ears.more_than(before)


async def test_where_nothing_happens_nothing_is_heard(stores: tuple[Database, Database]) -> None:
    ours = await account(stores[1], "Acme")
    async with listening(stores[0], ours) as ears:
        before = ears.heard
        await asyncio.sleep(1)
        assert ears.heard == before


async def test_a_flood_is_heard_a_few_times_a_second(stores: tuple[Database, Database]) -> None:
    mine, theirs = stores
    ours = await account(theirs, "Acme")
    async with listening(mine, ours) as ears:
        before = ears.heard
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(150):
            await change(theirs, ours)
        took = loop.time() - began
        await ears.more_than(before)
        assert ears.heard - before <= took / feed.REST_SECONDS + 2


async def test_another_account_rings_another_bell(migrated_postgres_url: str) -> None:
    database = Database.open(migrated_postgres_url)
    ours, theirs = await account(database, "Acme"), await account(database, "Other")
    async with listening(database, ours) as ears:
        before = ears.heard
        await change(database, theirs)
        await asyncio.sleep(1)
        assert ears.heard == before
    await database.dispose()


async def test_a_lost_connection_is_made_again_and_what_was_missed_is_told(migrated_postgres_url: str) -> None:
    theirs = Database.open(migrated_postgres_url)
    ours = await account(theirs, "Acme")
    async with network(migrated_postgres_url) as between:
        mine = Database.open(between.url)
        async with listening(mine, ours) as ears:
            between.cut()
            await change(theirs, ours)
            before = await ears.nothing_more()
            between.mend()
            await ears.more_than(before)
            before = await ears.nothing_more()
            await change(theirs, ours)
            await ears.more_than(before)
        await mine.dispose()
    await theirs.dispose()


async def test_a_connection_that_a_network_has_forgotten_is_noticed(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "ALIVE_SECONDS", 0.2)
    monkeypatch.setattr(feed, "SECONDS", 0.5)
    theirs = Database.open(migrated_postgres_url)
    ours = await account(theirs, "Acme")
    async with network(migrated_postgres_url) as between:
        mine = Database.open(between.url, silence=1)
        async with listening(mine, ours) as ears:
            before = await ears.nothing_more()
            between.swallow()
            await ears.more_than(before)
            before = await ears.nothing_more()
            await change(theirs, ours)
            await ears.more_than(before)
        await mine.dispose()
    await theirs.dispose()


async def test_where_no_notification_comes_through_it_rings_now_and_then(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unheard(*_: object) -> None:
        raise feed._Deaf

    monkeypatch.setattr(feed, "_tried", unheard)
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.05)
    database = Database.open(migrated_postgres_url)
    ears = Ears()

    async def listen() -> None:
        async for _ in feed.rings(database, Mine(uuid4())):
            ears.heard += 1
            ears.wakes.set()

    task = asyncio.create_task(listen())
    await ears.more_than(2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.dispose()
