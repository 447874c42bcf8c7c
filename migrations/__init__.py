"""Alembic migrations, run from the installed package on SQLite and Postgres.

Safe when several processes upgrade at once: each takes the store's own lock first, and finds nothing left to do.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.database import Database
from storage.location import SqliteFile

_LOCK = 7_320_001
"""Any number, the same in every rfl1: the key of the advisory lock on Postgres."""


async def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the store to `revision`; makes the file first where there is none. All of it or nothing."""
    location = database.location
    if isinstance(location, SqliteFile):
        location.create()
        async with database.driver() as driver:
            await driver.execute("PRAGMA journal_mode=WAL")
    async with database.session() as session:
        connection = await session.connection()
        if database.dialect == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade, revision)


def config(connection: Connection | None = None) -> Config:
    configured = Config()
    configured.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    configured.attributes["connection"] = connection
    return configured


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(config(connection), revision)
