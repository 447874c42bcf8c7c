"""What the migrations make is what the tables say, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, ForeignKeyConstraint, inspect

import migrations
from storage.database import Database
from storage.tables import SCHEMA, Base


def test_the_program_asks_for_the_last_migration() -> None:
    assert ScriptDirectory.from_config(migrations.config()).get_current_head() == SCHEMA


async def test_the_migrated_store_has_the_columns_and_indexes_of_the_tables(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)

    async with database.session() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_the_migrated_store_has_every_check_and_reference_of_the_tables(database: Database) -> None:
    def found(connection: Connection) -> dict[str, set[str]]:
        inspector = inspect(connection)
        return {
            name: {str(each["name"]) for each in inspector.get_check_constraints(name)}
            | {str(each["name"]) for each in inspector.get_foreign_keys(name)}
            for name in Base.metadata.tables
        }

    meant = {
        name: {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint | ForeignKeyConstraint)}
        for name, table in Base.metadata.tables.items()
    }
    async with database.session() as session:
        assert await (await session.connection()).run_sync(found) == meant
