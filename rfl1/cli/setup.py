"""Setting up: init, and the store's own commands."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rfl1.cli import moving
from rfl1.cli.command import AsJson, Here, WrongUsage, command, group
from rfl1.cli.output import say, show
from services.errors import Trouble

if TYPE_CHECKING:
    from storage.database import Database

T = TypeVar("T")


class Unsound(Trouble):
    title = "The store is not sound"
    exit_status = 3


def add(app: typer.Typer) -> None:
    command(app, "init")(init)
    database = group(app, "db", "The store itself.")
    command(database, "setup")(setup)
    command(database, "upgrade")(upgrade)
    command(database, "current")(current)
    command(database, "check")(check)
    moving.add(database)


def init(
    here: Here,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="The account; another name adds one.")] = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Its owner; you, unless you name somebody.")] = None,
    starter: Annotated[bool, typer.Option("--starter/--no-starter", help="Load the starter flows.")] = True,
) -> None:
    """Makes the store, the account and its owner, and loads the starter flows. Safe to repeat.

    Example: rfl1 init --account "Northwind IT" --user maria
    """
    from rfl1.beginning import begin

    begun = asyncio.run(begin(here.settings, account=account, user=user, starter=starter))
    from storage.location import parse_location

    where = parse_location(here.settings.database_url)
    say(f"The store is {where}. {'Its owner is' if begun.made else 'You are'} {begun.owner.name}.")
    if begun.flows:
        say(f"{begun.flows} starter flows were loaded.")
    if here.settings.values["database_url"].source == "--db":
        say("--db is not remembered: set RFL1_DATABASE_URL to it, or give it to every command.")
    if begun.made:
        say("Next: `rfl1 users add NAME --role l1_tech` for your people, `rfl1 doctor`, and `rfl1` opens the app.")


def setup(here: Here) -> None:
    """Prepares an empty Postgres database, with a connection of the database's owner; `rfl1 init` comes next.

    Example: rfl1 db setup --db postgresql://owner@db.example.com/rfl1
    """

    async def work(database: "Database") -> None:
        if database.dialect != "postgresql":
            raise WrongUsage("setup is for Postgres", "`rfl1 init` makes a store in a file.")
        await _migrate(database)

    _with_database(here, work)
    say("The database is ready. `rfl1 init` makes an account in it.")


def upgrade(here: Here) -> None:
    """Brings the store to what this program needs; all of it or nothing. Make a backup first.

    Example: rfl1 db upgrade
    """

    async def work(database: "Database") -> None:
        from storage.errors import StoreMissing, StoreOutdated
        from storage.schema import require_current

        try:
            await require_current(database)
        except StoreOutdated:
            await _migrate(database)
        except StoreMissing:
            if database.dialect == "sqlite":
                raise
            await _migrate(database)
        else:
            if database.dialect == "postgresql":
                await _migrate(database)  # what people may do is put in place anew

    _with_database(here, work)
    from storage.tables import SCHEMA

    say(f"The store is at {SCHEMA}.")


async def _migrate(database: "Database") -> None:
    import migrations

    await migrations.upgrade(database)


def current(here: Here, as_json: AsJson = False) -> None:
    """Which migration the store is at, and which this program needs.

    Example: rfl1 db current --json
    """
    from storage.schema import current as at
    from storage.tables import SCHEMA

    found = _with_database(here, at)
    told = {"current": found, "needed": SCHEMA, "ok": found == SCHEMA}
    show(as_json, told, [f"The store is at {found or 'nothing'}, this program needs {SCHEMA}."])


def check(here: Here, as_json: AsJson = False) -> None:
    """Looks the store through for damage; ends with 3 where there is any.

    Example: rfl1 db check
    """

    async def work(database: "Database") -> tuple[str, ...]:
        from storage.schema import require_current
        from storage.upkeep import unsound

        await require_current(database)
        return await unsound(database)

    found = _with_database(here, work)
    show(as_json, {"ok": not found, "damage": list(found)}, found or ["The store is sound."])
    if found:
        raise typer.Exit(Unsound.exit_status)


def _with_database(here: Here, work: Callable[["Database"], Awaitable[T]]) -> T:
    """`work` on the store as it is, current or not."""

    async def run() -> T:
        from storage.database import Database

        database = Database.open(here.settings.database_url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(run())
