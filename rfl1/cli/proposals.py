"""Flows that nobody has reviewed yet."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, WrongUsage, command, group
from rfl1.cli.output import at_most, show, table

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.flows.nodes import Flow
    from services.flows.proposal import ProposalDetail
    from services.flows.versions import Imported

Id = Annotated[str, typer.Argument(metavar="ID", help="The proposal's id, or enough of its beginning.")]
Filled = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", readable=False, help="Publish this instead: it, filled in."),
]


def add(app: typer.Typer) -> None:
    proposals = group(app, "proposals", "Flows captured from calls that went well, waiting for a reviewer.")
    command(proposals, "list")(listed)
    command(proposals, "show")(shown)
    command(proposals, "approve")(approve)
    command(proposals, "merge")(merge)
    command(proposals, "reject")(reject)


def listed(
    here: Here,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only these: pending, approved, ...")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """The proposals of the account, newest first.

    Example: rfl1 proposals list --status pending --json
    """
    found = here.run(lambda services, actor: services.proposals.whole(actor, status=status, limit=limit + 1))
    details = at_most(limit, found)
    rows = [
        (each.id, each.status, _count(each.stubs, "stub"), f"worked {_count(each.worked, 'time')}", each.title)
        for each in (detail.summary for detail in details)
    ]
    show(as_json, [_proposal(each) for each in details], table(rows, "There are no proposals."))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def shown(here: Here, proposal_id: Id, as_json: AsJson = False) -> None:
    """One proposal with its flow; what it prints can be filled in and approved with --file.

    Example: rfl1 proposals show 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d > flow.yaml
    """

    async def work(services: "Services", actor: "Actor") -> "ProposalDetail":
        return await services.proposals.show(actor, await services.ids.proposal(actor, proposal_id))

    detail = here.run(work)
    from services.flows.format import flow_to_yaml

    show(as_json, _proposal(detail), flow_to_yaml(detail.flow).splitlines())


def approve(
    here: Here,
    proposal_id: Id,
    *,
    slug: Annotated[str | None, typer.Option(metavar="SLUG", help="The name of the flow it becomes.")] = None,
    file: Filled = None,
    as_json: AsJson = False,
) -> None:
    """Publishes a proposal as a flow; refused while a stub is left in it.

    Example: rfl1 proposals approve 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d --file flow.yaml
    """
    edited = None if file is None else _edited(file)

    async def work(services: "Services", actor: "Actor") -> "Imported":
        meant = await services.ids.proposal(actor, proposal_id)
        return await services.proposals.approve(actor, meant, slug=slug, edited=edited)

    _published(here.run(work), as_json)


def merge(
    here: Here,
    proposal_id: Id,
    *,
    into: Annotated[str, typer.Option(metavar="SLUG", help="The published flow that gets a branch more.")],
    at: Annotated[str, typer.Option(metavar="NODE", help="Which of its questions; `rfl1 flows show` names them.")],
    answer: Annotated[str, typer.Option(metavar="LABEL", help="The answer that leads there.")],
    file: Filled = None,
    as_json: AsJson = False,
) -> None:
    """Publishes a new version of a flow with the proposal as a branch of it, under a new answer, or under one that has
    led to passing the call on: that end gives way.

    Example: rfl1 proposals merge 7c0e --into printer-offline --at light --answer "It blinks"
    """
    edited = None if file is None else _edited(file)

    async def work(services: "Services", actor: "Actor") -> "Imported":
        meant = await services.ids.proposal(actor, proposal_id)
        return await services.proposals.merge(actor, meant, into=into, at=at, label=answer, edited=edited)

    _published(here.run(work), as_json)


def _published(done: "Imported", as_json: bool) -> None:
    told = {"slug": done.slug, "title": done.title, "number": done.number, "status": done.status}
    show(as_json, told, [f"{done.slug} v{done.number} is published."])


def _edited(file: Path) -> "Flow":
    from services.flows.format import read_flows

    flows = read_flows([file])
    if len(flows) != 1:
        raise WrongUsage(f"{file} holds {len(flows)} flows", "Give a file with one.")
    return flows[0].flow


def reject(
    here: Here,
    proposal_id: Id,
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever made it.")],
    as_json: AsJson = False,
) -> None:
    """Turns a proposal down; it stays on record with the reason.

    Example: rfl1 proposals reject 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d --reason "covered by vpn-will-not-connect"
    """

    async def work(services: "Services", actor: "Actor") -> "ProposalDetail":
        meant = await services.ids.proposal(actor, proposal_id)
        await services.proposals.reject(actor, meant, reason)
        return await services.proposals.show(actor, meant)

    detail = here.run(work)
    show(as_json, _proposal(detail), [f"{detail.summary.title} is rejected."])


def _proposal(detail: "ProposalDetail") -> views.Json:
    summary, review = detail.summary, detail.review
    return {
        "id": str(summary.id),
        "status": summary.status,
        "state_version": summary.state_version,
        "type": summary.type,
        "source": summary.source,
        "title": summary.title,
        "category": summary.category,
        "keywords": list(summary.keywords),
        "tree": views.flow(detail.flow),
        "stubs": summary.stubs,
        "validated_by_outcome": summary.validated,
        "worked": summary.worked,
        "session_id": None if summary.session_id is None else str(summary.session_id),
        "ticket_id": None if detail.ticket_id is None else str(detail.ticket_id),
        "created_at": views.moment(summary.created_at),
        "created_by": summary.created_by,
        "review": None if review is None else {"by": review.by, "at": views.moment(review.at), "reason": review.reason},
    }
