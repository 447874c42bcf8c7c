"""Looking after a store: is it sound, and a copy of it for safekeeping."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.errors import StoreReadOnly, StoreTrouble
from storage.faults import translate
from storage.location import SqliteFile
from storage.tables import Base

_TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
}


class NoBackup(StoreTrouble):
    title = "No backup was made"
    exit_status = 1


async def unsound(database: Database) -> tuple[str, ...]:
    """What is wrong with the store, a sentence each; empty where nothing is."""
    async with database.session(read_only=True) as session:
        there = set((await session.execute(text(_TABLES[database.dialect]))).scalars())
        missing = [f"the table {name} is missing" for name in sorted(set(Base.metadata.tables) - there)]
        if database.dialect == "postgresql":
            return tuple(missing)
        damage = [said for said in (await session.execute(text("PRAGMA integrity_check"))).scalars() if said != "ok"]
        astray = (await session.execute(text("PRAGMA foreign_key_check"))).all()
        return (*damage, *missing, *(f"{row[0]}: row {row[1]} names a {row[2]} that is not there" for row in astray))


def new_file(target: Path) -> None:
    """An empty one that only its owner may read. Refuses to replace a file."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise NoBackup(f"{target} is there already", "Choose another name.") from None
    except OSError as error:
        raise StoreReadOnly(f"{target}: {error.strerror}", "Choose another place for the backup.") from error


def backup(location: SqliteFile, target: Path) -> None:
    """A whole, consistent copy while others go on working; only its owner may read it. Refuses to replace a file."""
    new_file(target)
    try:
        with (
            closing(sqlite3.connect(location.path.as_uri() + "?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise translate(error, str(target)) or NoBackup(str(error)) from error
