"""`rfl1 flows import`: flow files as they are, and what other tools drew as drafts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, WrongUsage
from rfl1.cli.output import progress, show, table
from services.errors import Invalid

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.flows.charts.draft import Drafted
    from services.flows.versions import Imported

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", readable=False, help="Flow files, or folders of them; or charts and checklists."),
]  # what may not be read is told as a mistake, with the others


def bring_in(
    here: Here,
    paths: Paths,
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Hold it back: do not publish.")] = False,
    slug: Annotated[str | None, typer.Option(metavar="SLUG", help="Of a chart; else its file's name.")] = None,
    category: Annotated[str | None, typer.Option(metavar="KEY", help="Of charts; else a guess.")] = None,
    as_json: AsJson = False,
) -> None:
    """Checks flow files and publishes them, all or none; the same content again changes nothing.

    Then the matcher reads what is new and is fitted to it: some milliseconds a flow.

    A Markdown checklist (.md) or a flow chart in Mermaid (.mmd) or DOT (.dot, .gv) becomes a draft, with a stub
    wherever it leaves something open; what was made up or left out is told with its line.

    Example: rfl1 flows import flows/ --draft
    """
    from services.flows.charts.draft import is_chart

    charts = [is_chart(path) for path in paths]
    if any(charts) and not all(charts):
        raise WrongUsage("charts become drafts, flow files are published", "Bring them in one after the other.")
    if not any(charts) and (slug or category):
        raise WrongUsage("a flow file says its own slug and category", "Leave --slug and --category out.")
    if slug and len(paths) > 1:
        raise WrongUsage("--slug is for one chart", "Bring them in one after the other.")
    try:
        if any(charts):
            _charts(here, paths, slug or "", category or "", as_json=as_json)
        else:
            _files(here, paths, draft=draft, as_json=as_json)
    except Invalid as wrong:
        first, *more = wrong.detail.split("\n")
        raise type(wrong)(first, f"`rfl1 flows lint` tells {len(more)} more." if more else "") from wrong


def _files(here: Here, paths: Sequence[Path], *, draft: bool, as_json: bool) -> None:
    from services.flows.format import read_flows

    files = read_flows(paths)

    async def work(services: "Services", actor: "Actor") -> "tuple[Imported, ...]":
        done = await services.library.bring_in(actor, files, draft=draft)
        if any(each.status == "published" and each.change != "unchanged" for each in done):
            progress("The matcher reads what is new ...")
            await services.intake.settle(actor)
        return done

    done = here.run(work)
    show(as_json, [_told(each) for each in done], _rows(done))


def _charts(here: Here, paths: Sequence[Path], slug: str, category: str, *, as_json: bool) -> None:
    from services.flows.charts.draft import read_chart

    async def work(services: "Services", actor: "Actor") -> "tuple[list[Drafted], tuple[Imported, ...]]":
        known = {each.slug for each in await services.library.listed(actor, status="published")}
        drafts = [read_chart(path, known, slug=slug, category=category) for path in paths]
        return drafts, await services.library.bring_in(actor, [each.file for each in drafts], draft=True)

    drafts, done = here.run(work)
    told = [
        _told(imported)
        | {"findings": [{"line": note.line, "node": note.node, "says": note.says} for note in drafted.notes]}
        for drafted, imported in zip(drafts, done, strict=True)
    ]
    findings = [
        f"{drafted.file.source}:{note.line}: {'' if note.node is None else f'node {note.node}: '}{note.says}"
        for drafted in drafts
        for note in drafted.notes
    ]
    show(as_json, told, [*_rows(done), *findings])


def _told(each: "Imported") -> views.Json:
    return {
        "slug": each.slug,
        "title": each.title,
        "number": each.number,
        "status": each.status,
        "change": each.change,
    }


def _rows(done: "Sequence[Imported]") -> list[str]:
    return table([(each.change, each.status, f"v{each.number}", each.slug) for each in done], "")
