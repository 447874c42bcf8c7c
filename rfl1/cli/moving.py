"""A store as a whole: copies for safekeeping, and from one place to another."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli.command import AsJson, Here, command
from rfl1.cli.output import say, show, table
from services.errors import NotAllowed

if TYPE_CHECKING:
    from storage.database import Database
    from storage.location import Location

File = Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Where the copy goes; must be new.")]


def add(database: typer.Typer) -> None:
    command(database, "backup")(backup)
    command(database, "restore")(restore)
    command(database, "copy")(copy)


def backup(here: Here, target: File) -> None:
    """A whole copy of the store in a file, while others go on working. Only you can read it.

    The file is a store itself: look into it with --db FILE. On Postgres it takes the connection of the store's owner.

    Example: rfl1 db backup rfl1-2026-01-31.db
    """
    from storage.location import SqliteFile, parse_location

    source = parse_location(here.settings.database_url)
    if isinstance(source, SqliteFile):
        asyncio.run(_copy_file(source, target))
    else:
        asyncio.run(_into_new_file(source, target))
    say(f"The copy is {target}; `rfl1 --db {target}` opens it.")


def restore(
    here: Here,
    source: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="What `rfl1 db backup` made.")],
) -> None:
    """Brings a backup back, where there is no store yet or only an empty one.

    Example: rfl1 db restore rfl1-2026-01-31.db
    """
    from storage.location import SqliteFile, parse_location

    target, file = parse_location(here.settings.database_url), parse_location(str(source))
    file.require()
    if isinstance(target, SqliteFile) and isinstance(file, SqliteFile):
        target.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        asyncio.run(_copy_file(file, target.path))
    else:
        asyncio.run(_moved(file, target, None, empty=True))
    say(f"The store is {target} again.")


def copy(
    here: Here,  # noqa: ARG001  # both stores are named
    source: Annotated[str, typer.Argument(metavar="FROM", help="A path, sqlite:///path.db or postgresql://...")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same; on Postgres with the owner's connection.")],
    account: Annotated[str | None, typer.Option(metavar="NAME", help="What the account is called there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Moves up: every account of one store into another, compared row by row before it counts. The first one stays.

    Example: rfl1 db copy ~/.local/share/rfl1/rfl1.db postgresql://owner@db.example.com/rfl1 --account "Northwind IT"
    """
    from storage.location import parse_location

    rows = asyncio.run(_moved(parse_location(source), parse_location(target), account))
    lines = table([(str(number), name) for name, number in rows.items() if number], "There was nothing.")
    show(
        as_json,
        {"rows": rows},
        [*lines, "All of it arrived as it was. `rfl1 users password NAME` gives people logins."],
    )


async def _copy_file(source: "Location", target: Path) -> None:
    from storage.database import Database
    from storage.location import SqliteFile
    from storage.schema import require_current
    from storage.upkeep import backup as whole_copy

    assert isinstance(source, SqliteFile)  # noqa: S101  # asked by the callers
    database = Database(source)
    try:
        await require_current(database)
        whole_copy(source, target)
    finally:
        await database.dispose()


async def _into_new_file(source: "Location", target: Path) -> None:
    from storage.location import SqliteFile, parse_location
    from storage.upkeep import new_file

    new_file(target)
    file = parse_location(str(target))
    assert isinstance(file, SqliteFile)  # noqa: S101  # a path
    try:
        await _moved(source, file, None)
    except BaseException:
        _away(target)
        raise


def _away(half: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{half}{suffix}").unlink(missing_ok=True)


async def _moved(
    source: "Location", target: "Location", called: str | None, *, empty: bool = False
) -> Mapping[str, int]:
    import migrations
    from storage.copying import NotCopied, is_empty
    from storage.copying import copy as copy_accounts
    from storage.database import Database
    from storage.schema import require_current

    reads, writes = Database(source), Database(target)
    try:
        await require_current(reads)
        await _require_owner(reads)
        await migrations.upgrade(writes)
        await require_current(writes)
        if empty and not await is_empty(writes):
            raise NotCopied(f"{target} has accounts in it", "Restore into an empty store; `rfl1 db copy` adds to one.")
        return await copy_accounts(reads, writes, called=called)
    finally:
        await reads.dispose()
        await writes.dispose()


async def _require_owner(database: "Database") -> None:
    """People see their own account's rows alone: theirs would be half a copy."""
    from storage.directory import Directory

    async with database.session(read_only=True) as session:
        if await Directory(session).connected_login() is not None:
            raise NotAllowed("a copy takes the connection of the store's owner", "Ask who keeps the database.")
