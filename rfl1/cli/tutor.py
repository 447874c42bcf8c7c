"""The tutor."""

import asyncio

import typer

from rfl1.cli.command import Here, WrongUsage, command
from rfl1.cli.output import progress, say


def add(app: typer.Typer) -> None:
    command(app, "tutor")(tutor)


def tutor(here: Here) -> None:
    """Leads you through two made-up calls in the real app, in five minutes. It has a store of its own, gone afterwards.

    Example: rfl1 tutor
    """
    from rfl1.launch import check_ready

    settings = here.settings
    if any(settings.values[name].source.startswith("--") for name in ("database_url", "user")):
        raise WrongUsage("the tutor has a store and a technician of its own", "Leave out --db and --as.")
    check_ready(settings)
    progress("Laying out a practice desk ...")
    from rfl1.tutor import practise
    from services.tutor.course import course

    status, finished = asyncio.run(practise(settings))
    say(course().finished if finished else course().left)
    if status:
        raise typer.Exit(status)
