"""Sessions: list, show, record, resume, abandon."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, WrongUsage, command, group
from rfl1.cli.output import at_most, paragraph, say, show, table, write
from services.walks.lines import Status

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.drafting.model import Draft
    from services.fixes.model import Case, Findings
    from services.walks.model import Walk

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Session ids, or enough of their beginnings.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The session's id, or enough of its beginning.")]
StatusOption = Annotated[str | None, typer.Option("--status", metavar="STATUS", help="Only these: active, paused, ...")]


def add(app: typer.Typer) -> None:
    sessions = group(app, "sessions", "Calls as they were and are walked.")
    command(sessions, "list")(listed)
    command(sessions, "show")(shown)
    command(sessions, "record")(recorded)
    command(sessions, "resume")(resume)
    command(sessions, "abandon")(abandon)


def listed(
    here: Here,
    status: StatusOption = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only your own.")] = False,
    limit: Limit = 1000,
    as_json: AsJson = False,
) -> None:
    """The sessions of the account, newest first, of every status unless told otherwise.

    Example: rfl1 sessions list --status escalated --json
    """
    wanted = _status(status)
    found = here.run(lambda services, actor: services.walks.listed(actor, status=wanted, mine=mine, limit=limit + 1))
    entries = at_most(limit, found)
    rows = [
        (f"{each.created_at:%Y-%m-%d %H:%M}", each.id, each.kind, each.status, each.technician.name, each.problem_text)
        for each in entries
    ]
    show(as_json, [views.summary(each) for each in entries], table(rows, "There are no sessions."))


def _status(written: str | None) -> Status | None:
    known: tuple[Status, ...] = get_args(Status)
    if written is None:
        return None
    for each in known:
        if each == written:
            return each
    raise WrongUsage(f"{written!r} is no status of a session", f"Use one of: {', '.join(known)}.")


def shown(here: Here, ids: Ids, as_json: AsJson = False) -> None:
    """The whole session; several give a list.

    Example: rfl1 sessions show 0d9c1f4e-7e1a-4f0e-9a1c-2f6a1f6f2b11 --json
    """

    async def work(services: "Services", actor: "Actor") -> "list[tuple[Case, tuple[Draft, ...]]]":
        meant = [await services.ids.session(actor, each) for each in ids]
        cases = [await services.cases.open(actor, each) for each in meant]
        return [(case, await services.drafting.listed(actor, case.walk.id)) for case in cases]

    found = here.run(work)
    told = [views.session(case.walk, drafts, case.found) for case, drafts in found]
    lines = [line for case, _ in found for line in (*_story(case.walk), *_findings(case.found))]
    show(as_json, told[0] if len(told) == 1 else told, lines)


def _story(walk: "Walk") -> list[str]:
    lines = [f"{walk.id}  {walk.kind}, {walk.status}, {walk.technician.name}", *paragraph("problem", walk.problem_text)]
    lines += [f"{name}: {text}" for name, text in (("customer", walk.customer), ("contact", walk.contact)) if text]
    for step in walk.path:
        back = " (taken back)" if step.taken_back else ""
        lines.append(f"{step.at:%H:%M} {step.pending.node.text} -> {step.answer_label}{back}")
        lines += paragraph("      note", step.note) if step.note else []
    for note in walk.notes:
        lines += paragraph(f"{note.at:%H:%M} {note.by.name}", note.text)
    if walk.pending is not None:
        lines += paragraph("now", walk.pending.node.text)
    if walk.resolution is not None:
        helpful = "helpful" if walk.resolution.helpful else "not helpful"
        lines += paragraph(f"resolved by {walk.resolution.by.name}, {helpful}", walk.resolution.notes)
    if walk.escalation is not None:
        name = f"escalated by {walk.escalation.by.name}, {walk.escalation.category}"
        lines += paragraph(name, walk.escalation.reason)
    for each in walk.writebacks:
        lines += paragraph(f"{each.kind} in the PSA, {each.state}", each.why or each.status_name or "")
    return lines


def _findings(found: "Findings") -> list[str]:
    lines = [line for fact in found.facts for line in paragraph(fact.kind, fact.text)]
    for fix in found.fixes:
        decision = f", {fix.decision}" if fix.decision else ""
        lines += paragraph(f"fix {fix.number}, {fix.status}{decision}", fix.title)
        lines += paragraph("      said", fix.said) if fix.said else []
    return [*lines, *(line for missed in found.missed for line in paragraph("missing", missed.text))]


def recorded(
    here: Here,
    session_id: Id,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", readable=False, help="Where to write it.")
    ] = None,
) -> None:
    """Writes a session script from a real session; `rfl1 replay` walks it again.

    Example: rfl1 sessions record 0d9c1f4e-7e1a-4f0e-9a1c-2f6a1f6f2b11 -o call.yaml
    """

    async def work(services: "Services", actor: "Actor") -> "Case":
        return await services.cases.open(actor, await services.ids.session(actor, session_id))

    case = here.run(work)
    from services.replay.record import recorded_script

    text = recorded_script(case.walk, case.found)
    if output is None:
        say(*text.splitlines())
    else:
        write(output, text)


async def _opened(services: "Services", actor: "Actor", written: str) -> "Walk":
    return await services.walks.open(actor, await services.ids.session(actor, written))


def resume(here: Here, session_id: Id, as_json: AsJson = False) -> None:
    """Goes on with a call: a paused one is active again, a colleague's becomes yours.

    Example: rfl1 sessions resume 0d9c1f4e-7e1a-4f0e-9a1c-2f6a1f6f2b11
    """

    async def work(services: "Services", actor: "Actor") -> "Walk":
        return await services.walks.take(actor, await _opened(services, actor, session_id))

    walk = here.run(work)
    show(as_json, views.session(walk), _story(walk))


def abandon(here: Here, session_id: Id, as_json: AsJson = False) -> None:
    """Gives a call up; it stays on record.

    Example: rfl1 sessions abandon 0d9c1f4e-7e1a-4f0e-9a1c-2f6a1f6f2b11
    """

    async def work(services: "Services", actor: "Actor") -> "Walk":
        return await services.walks.abandon(actor, await _opened(services, actor, session_id))

    walk = here.run(work)
    show(as_json, views.session(walk), [f"{walk.id} is abandoned."])
