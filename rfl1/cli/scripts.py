"""The library of scripts: they are shown, filled in and copied out, and never run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, WrongUsage, command, group
from rfl1.cli.output import at_most, show, table, write
from services.errors import NotFound

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.fixes.scripts.model import StoredTemplate

Id = Annotated[str, typer.Argument(metavar="ID", help="The script's id.")]


def add(app: typer.Typer) -> None:
    scripts = group(app, "scripts", "Scripts with placeholders: shown, filled in and copied out, never run.")
    command(scripts, "list")(listed)
    command(scripts, "show")(shown)
    command(scripts, "fill")(fill)
    command(scripts, "accept")(accept)
    command(scripts, "retire")(retire)


def listed(
    here: Here,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only these: draft, accepted, retired.")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """The scripts of the account, the one changed last first.

    Example: rfl1 scripts list --status accepted --json
    """
    wanted = next((each for each in ("draft", "accepted", "retired") if each == status), None)
    if status is not None and wanted is None:
        raise WrongUsage(f"{status!r} is no status of a script", "Use one of: draft, accepted, retired.")
    found = here.run(lambda services, actor: services.scripts.listed(actor, status=wanted, limit=limit + 1))
    entries = at_most(limit, found)
    rows = [(each.id, each.status, each.template.script.language, each.title) for each in entries]
    show(as_json, [_script(each) for each in entries], table(rows, "There are no scripts."))


def shown(here: Here, script_id: Id, as_json: AsJson = False) -> None:
    """One script with its parameters, and what is risky about it.

    Example: rfl1 scripts show 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d
    """
    stored = here.run(lambda services, actor: services.scripts.open(actor, _identifier(script_id)))
    from services.fixes.risks import script_risks

    marks = script_risks(stored.template.script)
    risks = [{"line": each.number, "what": each.what, "words": each.words} for each in marks]
    parameters = [
        f"{each.name}: {each.type}{', one of ' + ', '.join(each.choices) if each.choices else ''}"
        for each in stored.template.parameters
    ]
    lines = [f"{stored.title} ({stored.status}, {stored.template.script.language})", *parameters]
    lines += [f"line {each.number}: {each.what}" for each in marks]
    show(as_json, _script(stored) | {"risks": risks}, [*lines, "", *stored.template.script.body.splitlines()])


def fill(
    here: Here,
    script_id: Id,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="A value for each parameter.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", readable=False, help="Where to write it.")
    ] = None,
) -> None:
    """Prints a script with values in place of its parameters, quoted for its language. A secret is asked for.

    Example: rfl1 scripts fill 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d server=SRV1 'share=C:\\Scans'
    """
    given = dict(_pair(each) for each in values or [])
    stored = here.run(lambda services, actor: services.scripts.open(actor, _identifier(script_id)))
    from services.fixes.scripts.filling import filled

    for parameter in stored.template.parameters:
        if parameter.type == "secret":
            if parameter.name in given:
                raise WrongUsage(f"{parameter.name} is a secret", "Leave it out; it is asked for, and not kept.")
            given[parameter.name] = typer.prompt(parameter.label or parameter.name, hide_input=True, err=True)
        elif parameter.default:
            given.setdefault(parameter.name, parameter.default)
    text = filled(stored.template, given).body
    if output is None:
        print(text.rstrip("\n"))  # as it is, tabs and all: it has been rid of what a terminal would act on
    else:
        write(output, text)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        raise WrongUsage(f"{written!r} is no value of a parameter", "Write NAME=VALUE.")
    return name, value


def accept(here: Here, script_id: Id, as_json: AsJson = False) -> None:
    """A draft that you have reviewed: it is offered from now on.

    Example: rfl1 scripts accept 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d
    """

    async def work(services: "Services", actor: "Actor") -> "StoredTemplate":
        return await services.scripts.accept(actor, await services.scripts.open(actor, _identifier(script_id)))

    stored = here.run(work)
    show(as_json, _script(stored), [f"{stored.title} is accepted."])


def retire(here: Here, script_id: Id, as_json: AsJson = False) -> None:
    """Takes a script out of use; the calls in which it was used keep it.

    Example: rfl1 scripts retire 7c0e9d43-1f2b-4c55-8f0e-0f6d1a2b3c4d
    """

    async def work(services: "Services", actor: "Actor") -> "StoredTemplate":
        return await services.scripts.retire(actor, await services.scripts.open(actor, _identifier(script_id)))

    stored = here.run(work)
    show(as_json, _script(stored), [f"{stored.title} is retired."])


def _script(stored: "StoredTemplate") -> views.Json:
    return {
        "id": str(stored.id),
        "title": stored.title,
        "status": stored.status,
        "language": stored.template.script.language,
        "body": stored.template.script.body,
        "parameters": [
            {
                "name": each.name,
                "type": each.type,
                "label": each.label,
                "choices": list(each.choices),
                "default": each.default,
            }
            for each in stored.template.parameters
        ],
        "by": stored.by,
        "at": views.moment(stored.at),
        "changed_by": stored.changed_by,
        "changed_at": views.moment(stored.changed_at),
    }


def _identifier(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound(f"no script {written!r}", "`rfl1 scripts list` shows them.") from None
