"""The library of flows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, WrongUsage, command, group
from rfl1.cli.flow_examples import examples
from rfl1.cli.flow_import import Paths, bring_in
from rfl1.cli.flow_versions import check, diff, roll_back, told_of, versions
from rfl1.cli.output import document, paragraph, say, show, table, write
from services.errors import Invalid, StoreTrouble

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.fixes.model import Missed
    from services.flows.library import FlowDetail
    from services.flows.nodes import Flow

Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The flow's slug.")]
Number = Annotated[int | None, typer.Option("--number", min=1, metavar="N", help="This version of it.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", readable=False, help="Where to write it.")
]


def add(app: typer.Typer) -> None:
    flows = group(app, "flows", "The library: troubleshooting flows and their versions.")
    command(flows, "list")(listed)
    command(flows, "show")(shown)
    command(flows, "import")(bring_in)
    command(flows, "export")(export)
    command(flows, "lint")(lint)
    command(flows, "graph")(graph)
    command(flows, "publish")(publish)
    command(flows, "retire")(retire)
    command(flows, "versions")(versions)
    command(flows, "diff")(diff)
    command(flows, "rollback")(roll_back)
    command(flows, "check")(check)
    command(flows, "examples")(examples)
    command(flows, "schema")(schema)


def listed(
    here: Here,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only these: draft, published, retired.")] = None,
    as_json: AsJson = False,
) -> None:
    """All flows of the account.

    Example: rfl1 flows list --status published --json
    """
    flows = here.run(lambda services, actor: services.library.listed(actor, status=status))
    told = [
        {
            "slug": each.slug,
            "title": each.title,
            "category": each.category,
            "status": each.status,
            "number": each.number,
            "updated_at": views.moment(each.updated_at),
            "nodes": each.nodes,
            "calls": each.calls,
            "resolved": each.resolved,
        }
        for each in flows
    ]
    rows = [
        (each.slug, each.status, f"v{each.number}", f"{each.resolved} of {each.calls}", each.category, each.title)
        for each in flows
    ]
    show(as_json, told, table(rows, "There are no flows. `rfl1 init` loads the starter flows."))


def shown(here: Here, slug: Slug, number: Number = None, as_json: AsJson = False) -> None:
    """One flow with its versions, and what engineers missed in its calls.

    Example: rfl1 flows show outlook-password-prompt --json
    """

    async def work(services: "Services", actor: "Actor") -> "tuple[FlowDetail, tuple[Missed, ...]]":
        detail = await services.library.show(actor, slug, number)
        return detail, await services.missing.of_flow(actor, slug)

    detail, missing = here.run(work)
    told = views.flow(detail.flow) | {
        "number": detail.number,
        "status": detail.status,
        "calls": detail.calls,
        "resolved": detail.resolved,
        "versions": [told_of(each) for each in detail.versions],
        "missing": [views.missed(each) for each in missing],
    }
    asked = [line for each in missing for line in paragraph(f"missing at {each.node_id or 'all'}", each.text)]
    show(as_json, told, [*_detail_lines(detail), *asked])


def _detail_lines(detail: "FlowDetail") -> list[str]:
    flow = detail.flow
    lines = [f"{flow.slug}  v{detail.number}, {detail.status}", flow.title, f"category: {flow.category}"]
    lines += [f"resolved here {detail.resolved} of {detail.calls} calls"] if detail.calls else []
    for key, node in flow.nodes.items():
        lines.append(f"{key} ({node.type}): {node.text}")
    return lines


def export(
    here: Here,
    slugs: Annotated[list[str] | None, typer.Argument(metavar="SLUG...", help="None: all that are published.")] = None,
    output: Output = None,
    number: Number = None,
    as_json: AsJson = False,
) -> None:
    """Writes flows as files: one to standard output, several into a folder.

    Example: rfl1 flows export outlook-password-prompt -o outlook.yaml
    """
    if slugs is not None and len(slugs) == 1:
        slug = slugs[0]
        detail = here.run(lambda services, actor: services.library.show(actor, slug, number))
        text = document(views.flow(detail.flow)) + "\n" if as_json else _yaml(detail.flow)
        if output is None:
            say(*text.splitlines())
        else:
            write(output, text)
        return
    if output is None or number is not None:
        raise WrongUsage("several flows go into a folder, as they are published", "Add -o FOLDER.")

    async def work(services: "Services", actor: "Actor") -> "list[Flow]":
        wanted = slugs or [each.slug for each in await services.library.listed(actor, status="published")]
        return [(await services.library.show(actor, slug)).flow for slug in wanted]

    for flow in here.run(work):
        write(
            output / f"{flow.slug}.{'json' if as_json else 'yaml'}",
            document(views.flow(flow)) if as_json else _yaml(flow),
        )


def _yaml(flow: "Flow") -> str:
    from services.flows.format import flow_to_yaml

    return flow_to_yaml(flow)


def lint(here: Here, paths: Paths, as_json: AsJson = False) -> None:
    """Says everything that is wrong with flow files, each with file, line and node; ends with 1 where anything is.

    Example: rfl1 flows lint flows/ --json
    """
    from services.flows.format import read_flows
    from services.flows.lint import faults_in

    status = Invalid.exit_status
    try:
        found = faults_in(read_flows(paths), _published(here))
    except Invalid as unreadable:
        status = unreadable.exit_status
        lines = unreadable.detail.split("\n")
        told: list[views.Json] = [{"says": line} for line in lines]
    else:
        lines = [f"{each.file}:{each.line}: {each.fault}" for each in found]
        told = [
            {"says": line, "file": each.file, "line": each.line, "slug": each.slug, "node": each.fault.node or "",
             "rule": each.fault.rule}
            for line, each in zip(lines, found, strict=True)
        ]  # fmt: skip
    show(as_json, {"ok": not lines, "faults": told}, lines or ["Nothing is wrong."])
    if lines:
        raise typer.Exit(status)


def _published(here: Here) -> "dict[str, Flow]":
    """What links may lead to beside the files themselves; nothing where there is no store."""

    async def work(services: "Services", actor: "Actor") -> "dict[str, Flow]":
        async with services.database.reading(actor) as read:
            return {each.flow.slug: each.flow for each in await services.library.published(read)}

    try:
        return here.run(work)
    except StoreTrouble:
        return {}


def graph(
    here: Here,
    slug: Annotated[str, typer.Argument(metavar="SLUG|FILE", help="A flow of the library, or a flow file.")],
    number: Number = None,
    output: Output = None,
    as_svg: Annotated[bool, typer.Option("--svg", help="As a picture; so is a PATH that ends in .svg.")] = False,
) -> None:
    """Draws a flow, as a Mermaid flowchart or as an SVG.

    Example: rfl1 flows graph outlook-password-prompt -o outlook.svg
    """
    flow = _flow(here, slug, number)
    if as_svg or (output is not None and output.suffix.lower() == ".svg"):
        from services.flows.drawing import svg as drawn
    else:
        from services.flows.graph import mermaid as drawn
    text = drawn(flow)
    if output is None:
        say(*text.splitlines())
    else:
        write(output, text)


def _flow(here: Here, slug: str, number: int | None) -> "Flow":
    if Path(slug).suffix:
        from services.flows.format import read_flows

        flows = read_flows([slug])
        if len(flows) != 1:
            raise WrongUsage(f"{slug} holds {len(flows)} flows, and one is drawn", "Give a file with one.")
        return flows[0].flow
    return here.run(lambda services, actor: services.library.show(actor, slug, number)).flow


def publish(here: Here, slug: Slug, number: Number = None, as_json: AsJson = False) -> None:
    """Puts a version into use: the newest, or the one that is named.

    Example: rfl1 flows publish outlook-password-prompt --number 2
    """
    version = here.run(lambda services, actor: services.library.publish(actor, slug, number))
    show(as_json, {"slug": slug} | told_of(version), [f"{slug} v{version.number} is published."])


def retire(here: Here, slug: Slug, as_json: AsJson = False) -> None:
    """Takes a flow out of use; calls that walk it go on.

    Example: rfl1 flows retire outlook-password-prompt
    """
    version = here.run(lambda services, actor: services.library.retire(actor, slug))
    show(as_json, {"slug": slug} | told_of(version), [f"{slug} is retired."])


def schema(here: Here) -> None:  # noqa: ARG001  # every command takes it
    """The JSON Schema of a flow file, for editors.

    Example: rfl1 flows schema > flow.schema.json
    """
    from services.flows.format import json_schema

    say(document(json_schema()))
