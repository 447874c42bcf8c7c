"""Is this store one that this program can work with? One query, asked before anything else."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.errors import StoreMissing, StoreNewer, StoreOutdated
from storage.tables import SCHEMA

_NO_SUCH_TABLE = "42P01"


async def current(database: Database) -> str | None:
    """The migration that the store is at; None for a database with nothing of ours in it."""
    try:
        async with database.session(read_only=True) as session:
            found = await session.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalar_one_or_none()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE or "no such table" in str(error.orig):
            return None
        raise


async def require_current(database: Database) -> None:
    """Raises StoreMissing, StoreOutdated or StoreNewer."""
    where, at = str(database.location), await current(database)
    if at is None:
        raise StoreMissing(f"{where} is an empty database", "`rfl1 init` fills it.")
    if at < SCHEMA:
        raise StoreOutdated(
            f"{where} is at {at}, this program needs {SCHEMA}", "Make a backup, then `rfl1 db upgrade`."
        )
    if at > SCHEMA:
        raise StoreNewer(f"{where} is at {at}, this program knows {SCHEMA}", "Install the newer rfl1.")
