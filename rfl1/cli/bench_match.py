"""`rfl1 bench match`: what the matcher is worth on sentences whose flow is known."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here
from rfl1.cli.output import show, table, write
from services.errors import Invalid, Unopened

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.matching.measured import Label, Measured, Share


def match(
    here: Here,
    labels: Annotated[
        Path,
        typer.Argument(metavar="LABELS", readable=False, help="JSON Lines of {id, text, flow, also?, kind?}."),
    ],
    *,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Write the table there as Markdown.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Asks the account's own matcher sentences whose right flow is known, and counts how often it is right.

    A line is {"id": "1", "text": "printer is offline", "flow": "printer-offline"}; flow is "none" where no flow
    covers it, `also` lists slugs that are as good, `category` one of the ten keys or unknown. A sentence whose flow is
    not in the library counts as not covered. Nothing is created. What would start by itself is counted whatever
    match.auto_start says.

    Example: rfl1 bench match labels.jsonl --markdown matching.md
    """
    from services.matching.measured import measured, rows

    asked = _labels(labels)

    async def work(services: "Services", actor: "Actor") -> "Measured":
        await services.intake.settle(actor)
        library = await services.intake.library(actor)
        answers = [await services.intake.answer(actor, label.text) for label in asked]
        return measured(
            [label.within(library.slugs) for label in asked], answers, flows=len(library.slugs), hybrid=library.hybrid
        )

    made = here.run(work)
    lines = [_said(made), "", *table(rows(made), "")]
    if made.worst:
        lines += ["", "Started wrongly:", *table(made.worst, "")]
    if markdown is not None:
        write(markdown, _markdown(made))
    show(as_json, _told(made), lines)


def _said(made: "Measured") -> str:
    how = "words and meaning" if made.hybrid else "words alone"
    return f"{made.sentences} sentences, asked of {made.flows} flows, by {how}; 95 % intervals."


def _markdown(made: "Measured") -> str:
    from services.matching.measured import rows

    return "\n".join(
        [_said(made), "", "| | |", "| --- | --- |", *(f"| {name} | {told} |" for name, told in rows(made)), ""]
    )


def _told(made: "Measured") -> views.Json:
    plain: dict[str, Any] = asdict(made)
    plain["recall"] = {str(place): _share(share) for place, share in made.recall.items()}
    plain["by_kind"] = {kind: _share(share) for kind, share in made.by_kind.items()}
    for name in ("precision", "coverage", "false_starts", "categories"):
        share = getattr(made, name)
        plain[name] = None if share is None else _share(share)
    plain["worst"] = [{"text": text, "flow": slug} for text, slug in made.worst]
    return plain


def _share(share: "Share") -> views.Json:
    return {"value": share.value, "part": share.part, "whole": share.whole, "interval": share.interval}


def _labels(path: Path) -> "list[Label]":
    """Raises Invalid with the place of the first line that is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        wrong = Unopened if isinstance(error, OSError) else Invalid
        raise wrong(
            f"{path}: {getattr(error, 'strerror', None) or error}",
            "Give a file of labels; `rfl1 bench match --help` tells what a line is.",
        ) from error
    labels = [_label(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not labels:
        raise Invalid(f"{path} is empty", "`rfl1 bench match --help` tells what a line is.")
    return labels


def _label(line: str, place: str) -> "Label":
    from services.matching.measured import NO_FLOW, Label

    try:
        given = json.loads(line)
        text, flow = given.get("text") or given["query"], given["flow"]
        right = frozenset({flow, *given.get("also", ())}) - {NO_FLOW}
        kind, category = given.get("kind") or "", given.get("category") or ""
        if not all(isinstance(each, str) for each in (text, kind, category, *right)) or not text.strip():
            raise TypeError(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(f"{place}: no label", 'Write {"id": "1", "text": "...", "flow": "slug or none"}.') from error
    return Label(str(given.get("id", place)), text, right, kind, category)
