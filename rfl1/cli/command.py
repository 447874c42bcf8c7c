"""What every command has: the store and the person to work as, given before it or behind it."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, TypeVar

import typer

from rfl1.settings import Settings, load
from services.errors import Trouble

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor

P = ParamSpec("P")
T = TypeVar("T")


AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")]
Database = Annotated[
    str | None, typer.Option("--db", metavar="STORE", help="A path, sqlite:///path.db or postgresql://user@host/db.")
]
Person = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who you are.")]


class WrongUsage(Trouble):
    title = "That cannot be meant"
    exit_status = 2


class Here:
    """The settings that hold for one command, and the way into its store."""

    def __init__(self, database: str | None, person: str | None) -> None:
        self._said = {"database_url": database, "user": person}

    @cached_property
    def settings(self) -> Settings:
        return load(self._said)

    def run(self, work: Callable[["Services", "Actor"], Awaitable[T]], *, connections: int = 4) -> T:
        """`work` with the services of an existing store, as the person."""

        async def with_actor(services: "Services") -> T:
            return await work(services, await services.users.actor(self.settings.user))

        return self.run_unnamed(with_actor, connections=connections)

    def run_unnamed(self, work: Callable[["Services"], Awaitable[T]], *, connections: int = 4) -> T:
        """The same for what is done to the store itself, whoever does it."""
        from rfl1.compose import opened

        async def with_services() -> T:
            async with opened(self.settings, connections=connections) as services:
                return await work(services)

        return asyncio.run(with_services())


def group(app: typer.Typer, name: str, help: str) -> typer.Typer:  # noqa: A002
    made = typer.Typer(help=help, rich_markup_mode=None)
    app.add_typer(made, name=name)
    return made


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[Concatenate[Here, P], None]], Callable[Concatenate[Here, P], None]]:
    """Makes a command of a function whose first parameter is `Here`, with --db and --as among its options."""

    def decorate(function: Callable[Concatenate[Here, P], None]) -> Callable[Concatenate[Here, P], None]:
        def call(context: typer.Context, db: str | None, person: str | None, **given: object) -> None:
            before = context.find_root().params
            function(Here(db or before.get("db"), person or before.get("person")), **given)  # type: ignore[call-arg, arg-type]  # typer fills them by the signature

        own = [each.replace(kind=_BY_NAME) for each in inspect.signature(function).parameters.values()][1:]
        shared = [
            inspect.Parameter("db", _BY_NAME, default=None, annotation=Database),
            inspect.Parameter("person", _BY_NAME, default=None, annotation=Person),
        ]
        context = inspect.Parameter("context", _BY_NAME, annotation=typer.Context)
        call.__signature__ = inspect.Signature([context, *own, *shared])  # type: ignore[attr-defined]  # what typer reads
        call.__annotations__ = {each.name: each.annotation for each in (context, *own, *shared)}
        call.__doc__ = function.__doc__
        app.command(name)(call)
        return function

    return decorate


_BY_NAME = inspect.Parameter.KEYWORD_ONLY
