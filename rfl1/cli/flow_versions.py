"""`rfl1 flows versions, diff, rollback, check`: what changed in a flow, the way back, and what a change would break."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, WrongUsage
from rfl1.cli.output import show, table

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.flows.difference import FieldChange
    from services.flows.history import Compared
    from services.flows.nodes import Flow
    from services.flows.recorded import Checked
    from services.flows.versions import VersionInfo

Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The flow's slug.")]
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def told_of(each: "VersionInfo") -> views.Json:
    return {
        "number": each.number,
        "status": each.status,
        "title": each.title,
        "created_at": views.moment(each.created_at),
        "created_by": each.created_by,
    }


def versions(here: Here, slug: Slug, as_json: AsJson = False) -> None:
    """All versions of a flow, newest first.

    Example: rfl1 flows versions outlook-password-prompt --json
    """
    from rfl1.authoring import authoring

    found = here.run(lambda services, actor: authoring(services).history.of(actor, slug))
    rows = [
        (f"v{each.number}", each.status, f"{each.created_at:%Y-%m-%d %H:%M}", each.created_by or "") for each in found
    ]
    show(as_json, [told_of(each) for each in found], table(rows, ""))


def diff(
    here: Here,
    slug: Slug,
    before: Annotated[int | None, typer.Argument(metavar="[OLD]", min=1, help="None: the version in use.")] = None,
    after: Annotated[int | None, typer.Argument(metavar="[NEW]", min=1, help="None: the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is different between two versions of a flow, node by node.

    Example: rfl1 flows diff outlook-password-prompt 2 3
    """
    from rfl1.authoring import authoring

    compared = here.run(lambda services, actor: authoring(services).history.compare(actor, slug, before, after))
    told = compared.difference
    document = {
        "slug": slug,
        "before": told_of(compared.before),
        "after": told_of(compared.after),
        "flow": [_field(each) for each in told.flow],
        "nodes": [
            {
                "node": each.node,
                "change": each.change,
                "text": each.text,
                "fields": [_field(field) for field in each.fields],
            }
            for each in told.nodes
        ],
    }
    show(as_json, document, _compared_lines(compared))


def _field(each: "FieldChange") -> views.Json:
    return {"field": each.field, "before": each.before, "after": each.after}


def _compared_lines(compared: "Compared") -> Iterator[str]:
    told = compared.difference
    yield f"{compared.slug}  v{compared.before.number} -> v{compared.after.number}"
    if told.nothing:
        yield "They say the same."
    for field in told.flow:
        yield from _field_lines(field, "")
    for node in told.nodes:
        yield f"{_SIGNS[node.change]} {node.node}: {node.text}"
        for field in node.fields:
            yield from _field_lines(field, "    ")


def _field_lines(each: "FieldChange", indent: str) -> Iterator[str]:
    if each.before is not None:
        yield f"{indent}- {each.field}: {each.before}"
    if each.after is not None:
        yield f"{indent}+ {each.field}: {each.after}"


def roll_back(
    here: Here,
    slug: Slug,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The version to go back to.")],
    as_json: AsJson = False,
) -> None:
    """Puts an older version into use again, as a new version; every version stays as it is.

    Example: rfl1 flows rollback outlook-password-prompt 2
    """
    from rfl1.authoring import authoring

    done = here.run(lambda services, actor: authoring(services).history.roll_back(actor, slug, number))
    document = {"slug": slug, "title": done.title, "number": done.number, "status": done.status, "of": number}
    show(as_json, document, [f"{slug} v{done.number} is published; it says what v{number} says."])


def check(
    here: Here,
    slug: Slug,
    number: Annotated[int | None, typer.Option("--number", min=1, metavar="N", help="Not the newest version.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", readable=False, help="A flow file, not stored yet.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replays the recorded calls of a flow against a new version of it; ends with 1 where paths break.

    A call that does not fit the version in use either is counted, and is no fault of the new one.

    Example: rfl1 flows check outlook-password-prompt --file outlook.yaml
    """
    if file is not None and number is not None:
        raise WrongUsage("--file and --number exclude each other", "Give one of them.")

    async def work(services: "Services", actor: "Actor") -> "Checked":
        from rfl1.authoring import authoring

        flow = None if file is None else await _sound(services, actor, file)
        return await authoring(services).recorded.check(actor, slug, number, flow=flow)

    checked = here.run(work)
    show(as_json, _checked(checked), _checked_lines(checked))
    if checked.breaks:
        raise typer.Exit(1)


async def _sound(services: "Services", actor: "Actor", file: Path) -> "Flow":
    """Raises Invalid where the file is no flow that could be walked."""
    from services.flows.format import read_flows

    files = read_flows([file])
    if len(files) != 1:
        raise WrongUsage(f"{file} holds {len(files)} flows, and one is tried", "Give a file with one.")
    async with services.database.reading(actor) as read:
        await services.library.require_sound(read, files[0].flow, publishing=False)
    return files[0].flow


def _checked(checked: "Checked") -> views.Json:
    return {
        "slug": checked.slug,
        "number": checked.number,
        "used": checked.used,
        "ok": not checked.breaks,
        "calls": checked.calls,
        "paths": checked.paths,
        "same": checked.same,
        "otherwise": checked.otherwise,
        "before": checked.before,
        "broken": checked.broken,
        "more": checked.more,
        "breaks": [
            {
                "node": each.node,
                "says": each.says,
                "paths": each.paths,
                "calls": each.calls,
                "example": list(each.example),
                "sessions": [str(session_id) for session_id in each.sessions],
            }
            for each in checked.breaks
        ],
    }


def _checked_lines(checked: "Checked") -> Iterator[str]:
    tried = "this file" if checked.number is None else f"v{checked.number}"
    newest = "newest " if checked.more else ""
    paths = f"{checked.paths} path{'' if checked.paths == 1 else 's'}"
    yield f"{checked.slug}: {checked.calls} {newest}recorded calls by {paths}, against {tried}."
    yield f"{checked.same} go as before, {checked.otherwise} come to the same end by other steps."
    if checked.before:
        yield f"{checked.before} do not fit v{checked.used}, which is in use, either."
    if not checked.breaks:
        yield "No path breaks."
    for each in checked.breaks:
        calls = f"{each.calls} call{'' if each.calls == 1 else 's'}"
        yield f"{calls} at {each.node}: it {each.says}. For instance {each.sessions[0]}:"
        yield from (f"    {step}" for step in each.example)
