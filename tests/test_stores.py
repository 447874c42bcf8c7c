"""The fixtures themselves: the stores that all other tests stand on are real, empty, and each test's own."""

import asyncpg
import pytest
from sqlalchemy import text

from storage.database import Database


async def _tables(url: str) -> list[str]:
    database = Database.open(url)
    where = "sqlite_master" if database.dialect == "sqlite" else "pg_tables"
    name = "name" if database.dialect == "sqlite" else "tablename"
    only = "WHERE type = 'table'" if database.dialect == "sqlite" else "WHERE schemaname = 'public'"
    try:
        async with database.session(read_only=True) as session:
            return sorted((await session.execute(text(f"SELECT {name} FROM {where} {only}"))).scalars())
    finally:
        await database.dispose()


@pytest.mark.parametrize("_turn", [1, 2])
async def test_a_postgres_store_is_empty_for_each_test(postgres_url: str, _turn: int) -> None:
    assert await _tables(postgres_url) == []
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE TABLE left_behind ()")
    await connection.close()


async def test_a_migrated_store_has_the_tables_and_no_accounts(migrated_url: str) -> None:
    assert {"accounts", "sessions", "alembic_version"} <= set(await _tables(migrated_url))
    database = Database.open(migrated_url)
    async with database.session(read_only=True) as session:
        assert (await session.execute(text("SELECT count(*) FROM accounts"))).scalar_one() == 0
    await database.dispose()


async def test_the_owner_is_no_superuser(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    assert await connection.fetchval("SELECT current_setting('is_superuser')") == "off"
    await connection.close()
