"""Is this store one that this program can work with? One query, asked before anything else."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import StoreDamaged, StoreForeign, StoreMissing, StoreNewer, StoreOutdated
from storage.tables import SCHEMA

_NO_SUCH_TABLE = "42P01"
_OTHERS = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"


async def current(database: Database) -> str | None:
    """The migration that the store is at; None for a database with nothing of ours in it.

    Raises StoreForeign for a file that another program keeps its tables in: ours are not put beside them.
    """
    where = str(database.location)
    async with database.session(read_only=True) as session:
        versions = await _versions(session)
        if not versions and database.dialect == "sqlite" and await session.scalar(text(_OTHERS)):
            raise StoreForeign(where, "Choose another place with --db or RFL1_HOME.")
    if len(versions) > 1:
        raise StoreDamaged(f"{where} is at {' and '.join(versions)} at once", "Restore the last backup.")
    return versions[0] if versions else None


async def _versions(session: AsyncSession) -> list[str]:
    try:
        return sorted((await session.execute(text("SELECT version_num FROM alembic_version"))).scalars())
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE or "no such table" in str(error.orig):
            return []
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
