"""`rfl1 flows examples`: what callers said that a flow was right, or wrong, for."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, WrongUsage
from rfl1.cli.output import show, table

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.flows.examples import Example


def examples(
    here: Here,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The flow's slug.")],
    *,
    add: Annotated[str | None, typer.Option(metavar="TEXT", help="What a caller would say.")] = None,
    drop: Annotated[UUID | None, typer.Option(metavar="ID", help="It counts no more, and is kept.")] = None,
    restore: Annotated[UUID | None, typer.Option(metavar="ID", help="It counts again.")] = None,
    as_json: AsJson = False,
) -> None:
    """What the matcher knows a flow by: its own examples, and what it has learnt from calls of this account.

    A call that the flow solved speaks for it; one that it did not solve, or that something else solved although the
    flow was offered first, speaks against it. Nothing leaves the account.

    Example: rfl1 flows examples outlook-password-prompt --drop 6f1f0a2e-8d1c-4a53-9d0e-0d6f0f2b7c11
    """
    if sum(each is not None for each in (add, drop, restore)) > 1:
        raise WrongUsage("--add, --drop and --restore exclude each other", "Give one of them.")

    async def work(services: "Services", actor: "Actor") -> "tuple[Example, ...]":
        if add is not None:
            await services.examples.add(actor, slug, add)
        if drop is not None:
            await services.examples.drop(actor, slug, drop)
        if restore is not None:
            await services.examples.restore(actor, slug, restore)
        return await services.examples.of(actor, slug)

    found = here.run(work)
    rows = [(str(each.id or ""), each.source, _holds(each), each.text) for each in found]
    show(as_json, [_told(each) for each in found], table(rows, "It has no examples; helpful calls will add some."))


def _holds(each: "Example") -> str:
    return "dropped" if each.dropped else "right" if each.right else "wrong"


def _told(each: "Example") -> views.Json:
    return {
        "id": None if each.id is None else str(each.id),
        "text": each.text,
        "verdict": "right" if each.right else "wrong",
        "source": each.source,
        "at": None if each.at is None else views.moment(each.at),
        "dropped": each.dropped,
        "session_id": None if each.session_id is None else str(each.session_id),
    }
