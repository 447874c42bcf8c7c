"""Alembic migrations, run from the installed package on SQLite and Postgres.

Safe when several processes upgrade at once: each takes the store's own lock first, and finds nothing left to do.
"""

import asyncio
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.engines import BUSY_TIMEOUT
from storage.errors import StoreBusy
from storage.location import SqliteFile
from storage.rights.apply import put_in_place

_LOCK = 7_320_001
"""Any number, the same in every rfl1: the key of the advisory lock on an empty Postgres database. Anybody who gets in
can hold it; in one that is set up, people can get in, and what is locked there is a table that they cannot."""
_SET_UP = "SELECT to_regclass('private.people') IS NOT NULL"


async def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the store to `revision`; makes the file first where there is none. All of it or nothing."""
    location = database.location
    if isinstance(location, SqliteFile):
        location.create()
        await _keep_a_log(database)
        await _upgraded(database, revision)
        return
    patient = Database(location, connections=1, silence=None)
    try:
        await _upgraded(patient, revision)
    finally:
        await patient.dispose()


async def _upgraded(database: Database, revision: str) -> None:
    async with database.session() as session:
        connection = await session.connection()
        if database.dialect == "postgresql":
            await _one_at_a_time(connection)
        await connection.run_sync(_upgrade, revision)
        if database.dialect == "postgresql" and revision == "head":
            await connection.run_sync(put_in_place)


async def _one_at_a_time(connection: AsyncConnection) -> None:
    """Waits for as long as another's upgrade may take; what is changed then has as long as it needs."""
    await connection.execute(text("SET LOCAL lock_timeout = '10min'"))
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    if not await connection.scalar(text(_SET_UP)):
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if await connection.scalar(text(_SET_UP)):
        await connection.execute(text("LOCK TABLE private.people IN SHARE ROW EXCLUSIVE MODE"))
    await connection.execute(text("SET LOCAL lock_timeout = '5s'"))  # people go on working meanwhile


async def _keep_a_log(database: Database) -> None:
    """Write-ahead logging, which the file remembers. SQLite does not wait for others when it switches; so we do."""
    last_try = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            async with database.driver() as driver:
                await driver.execute("PRAGMA journal_mode=WAL")
            return
        except StoreBusy:
            if time.monotonic() > last_try:
                raise
            await asyncio.sleep(0.05)


def config(connection: Connection | None = None) -> Config:
    configured = Config()
    configured.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    configured.attributes["connection"] = connection
    return configured


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(config(connection), revision)
