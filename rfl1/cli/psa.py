"""The connection to the PSA."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, command, group
from rfl1.cli.output import at_most, progress, show, table

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.psa.connection import Connection
    from services.psa.model import Ticket
    from services.psa.steps import Step


def add(app: typer.Typer) -> None:
    psa = group(app, "psa", "The PSA: whether it can be reached, and what lies in it.")
    command(psa, "check")(check)
    command(psa, "tickets")(tickets)


def check(
    here: Here,
    ticket: Annotated[str, typer.Option(metavar="ID", help="Ask for the permission to note on this one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Proves the connection step by step: host, credentials, board, statuses, permission to note. Writes nothing.

    Ends with 3 where a step fails, and says what to mend.

    Example: rfl1 psa check --json
    """

    async def work(services: "Services", actor: "Actor") -> "list[Step]":
        steps = []
        async for step in _connection(services).check(actor, ticket):
            if as_json:
                progress(f"{step.name}: {step.state}")
            steps.append(step)
        return steps

    steps = here.run(work)
    ok = all(step.state != "fail" for step in steps)
    rows = [(step.state, step.name, f"{step.detail}. {step.mend}".rstrip(". ") + ".") for step in steps]
    show(as_json, {"ok": ok, "checks": [asdict(step) for step in steps]}, table(rows, ""))
    if not ok:
        raise typer.Exit(3)


def tickets(
    here: Here,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Of somebody, as they sign in to the PSA.")] = "",
    board: Annotated[str, typer.Option(metavar="BOARD", help="On a board, by id or name.")] = "",
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """The open tickets of the PSA, newest first.

    Example: rfl1 psa tickets --owner maria --json
    """
    found = here.run(
        lambda services, actor: _connection(services).tickets(actor, owner=owner, board=board, most=limit + 1)
    )
    listed = at_most(limit, found)
    rows = [(each.number, each.status.name, each.board.name, each.customer, each.summary) for each in listed]
    show(as_json, [_ticket(each) for each in listed], table(rows, "There is no open ticket."))


def _connection(services: "Services") -> "Connection":
    from rfl1.psa import PsaUnset

    if services.psa is None:
        raise PsaUnset("none is set up", "Set RFL1_PSA_PROVIDER, RFL1_PSA_URL and its keys; docs/psa.md names them.")
    return services.psa


def _ticket(each: "Ticket") -> views.Json:
    return {
        "id": each.id,
        "number": each.number,
        "summary": each.summary,
        "text": each.text,
        "board": asdict(each.board),
        "status": {"id": each.status.id, "name": each.status.name},
        "team": each.team,
        "owner": each.owner,
        "customer": each.customer,
        "contact": each.contact,
        "updated_at": None if each.updated_at is None else views.moment(each.updated_at),
    }
