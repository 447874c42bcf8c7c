"""The command line: a file for each group of commands. Nothing heavy is imported before a command needs it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rfl1.cli import (
    account,
    bench,
    calls,
    doctor,
    flows,
    outbox,
    proposals,
    psa,
    replay,
    scripts,
    sessions,
    setup,
    stats,
    tutor,
    users,
)
from rfl1.cli.command import Database, Person

HELP = ["-h", "--help"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP},
)


@app.callback(invoke_without_command=True)
def rfl1(
    context: typer.Context,
    db: Database = None,
    person: Person = None,
    version: Annotated[bool, typer.Option("--version", help="Which rfl1 this is.")] = False,
) -> None:
    """Troubleshooting on the phone, for the people who answer calls at a managed service provider.

    Without a command the app opens. --db and --as may stand before or behind the command.

    Example: rfl1 --as maria queue
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"rfl1 {installed('rfl1')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from rfl1.launch import launch
        from rfl1.settings import load

        raise typer.Exit(launch(load({"database_url": db, "user": person})))


for group in (
    setup,
    tutor,
    doctor,
    calls,
    sessions,
    replay,
    flows,
    proposals,
    scripts,
    account,
    users,
    psa,
    outbox,
    stats,
    bench,
):
    group.add(app)


def explained(arguments: Sequence[str]) -> str | None:
    """The help of one command; None where something else is asked for.

    Typer would give the same, after it has loaded pydantic to read the options before it, of which there are none.
    """
    *words, asked = arguments or [""]
    if asked not in HELP:
        return None
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="rfl1", **command.context_settings)
    for word in words:
        found = command.get_command(context, word) if isinstance(command, typer.core.TyperGroup) else None
        if found is None:
            return None
        command, context = found, typer.Context(found, info_name=word, parent=context, **found.context_settings)
    return command.get_help(context)
