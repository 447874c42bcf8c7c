"""Calls coming in: intake, match, and the two lists."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, WrongUsage, command
from rfl1.cli.output import at_most, document, progress, show, table
from rfl1.settings import BadSetting
from services.errors import NotAllowed, Refused, Unopened

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.intake.model import Matching, Outcome, Wish
    from services.psa.lists import PsaNews
    from services.walks.lines import QueueEntry

LONGEST_LINE = 1024 * 1024
"""Characters of one line of a batch."""
PSA_SECONDS = 10.0
"""How long a list of calls waits for the PSA."""
_ENCODING = "utf-8-sig"


def add(app: typer.Typer) -> None:
    command(app, "intake")(take)
    command(app, "match")(match)
    command(app, "queue")(queue)
    command(app, "escalations")(escalations)


Text = Annotated[str, typer.Argument(metavar="TEXT", help="What the caller says.")]


def take(
    here: Here,
    text: Text,
    *,
    customer: Annotated[str, typer.Option(metavar="NAME", help="Who they work for.")] = "",
    contact: Annotated[str, typer.Option(metavar="TEXT", help="How to reach them.")] = "",
    flow: Annotated[str | None, typer.Option(metavar="SLUG", help="Start this flow.")] = None,
    adhoc: Annotated[bool, typer.Option("--adhoc", help="Free notes, no flow.")] = False,
    force_build: Annotated[bool, typer.Option("--force-build", help="Build steps although a flow may fit.")] = False,
    psa_ticket: Annotated[str | None, typer.Option(metavar="ID", help="The PSA's number of the ticket.")] = None,
    as_json: AsJson = False,
) -> None:
    """One intake: starts a session, or says what could be started.

    Example: rfl1 intake "Outlook keeps asking for my password" --customer Acme --json
    """
    from services.intake.call import Call

    call = Call(problem=text, customer=customer, contact=contact, psa_ticket=psa_ticket)
    wish = _wish(flow, adhoc, force_build)

    async def work(services: "Services", actor: "Actor") -> "Outcome":
        return await services.intake.take(actor, call, wish)

    told = views.intake(here.run(work))
    show(as_json, told, _intake_lines(told))


def _wish(flow: str | None, adhoc: bool, force_build: bool) -> "Wish":
    from services.intake.model import AdHoc, BuildAnyway, Decide, TakeFlow

    if (flow is not None) + adhoc + force_build > 1:
        raise WrongUsage("--flow, --adhoc and --force-build exclude each other", "Give one of them.")
    if flow is not None:
        return TakeFlow(flow)
    return AdHoc() if adhoc else BuildAnyway() if force_build else Decide()


def _intake_lines(told: views.Json) -> list[str]:
    lines = [f"{name}: {told[name]}" for name in ("outcome", "flow", "category", "session_id") if told.get(name)]
    return [*lines, *_candidate_lines(told.get("suggestions", []))]


def _candidate_lines(candidates: list[views.Json]) -> list[str]:
    rows = [
        (each["number"], each["slug"] or f"proposal {each['proposal_id']}", f"{each['score']:.2f}", each["title"],
         ", ".join(each["why"]))
        for each in candidates
    ]  # fmt: skip
    return table(rows, empty="") if rows else []


def match(
    here: Here,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What the caller says.")] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="FILE", help="JSON Lines of {id, text}; - is standard input.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What intake would decide, creating nothing.

    Example: rfl1 match "printer is offline" --json, or: rfl1 match --batch queries.jsonl
    """
    if (text is None) == (batch is None):
        raise WrongUsage("match takes either a text or --batch", 'Write: rfl1 match "printer is offline".')

    async def one(services: "Services", actor: "Actor") -> "Matching":
        return await services.intake.match(actor, text or "")

    if batch is not None:
        _match_all(here, batch)
        return
    told = views.matching(here.run(one))
    show(as_json, told, [f"outcome: {told['outcome']}", f"category: {told['category']}",
                         *_candidate_lines(told["candidates"])])  # fmt: skip


def _match_all(here: Here, batch: str) -> None:
    """A line for each query, also for one that is refused; then the status is 1 in the end."""
    refused = False

    async def work(services: "Services", actor: "Actor") -> None:
        nonlocal refused
        for query_id, text in _queries(batch):
            try:
                told = views.matching(await services.intake.match(actor, text), query_id)
            except Refused as refusal:
                refused = True
                told = {"id": query_id, "refused": str(refusal)}
            print(document(told), flush=True)

    here.run(work)
    if refused:
        raise typer.Exit(Refused.exit_status)


def _queries(batch: str) -> Iterator[tuple[object, str]]:
    """One line at a time, however many there are."""
    with ExitStack() as stack:
        file = _standard_input() if batch == "-" else stack.enter_context(_opened(batch))
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if line.strip():
                yield _query(line, f"{batch}:{number}")


def _standard_input() -> TextIO:
    """Read as a file is, whatever the locale."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding=_ENCODING, errors="replace")
    return sys.stdin


def _opened(path: str) -> TextIO:
    try:
        return Path(path).open(encoding=_ENCODING, errors="replace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unopened(f"{path}: {reason}", "Give a file of JSON Lines.") from error


def _query(line: str, place: str) -> tuple[object, str]:
    try:
        written = json.loads(line, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict) or not isinstance(written.get("text"), str):
        raise WrongUsage(f"{place}: this is no query", 'Write {"id": 1, "text": "printer is offline"}.')
    return written.get("id"), written["text"]


def _no_constant(written: str) -> NoReturn:
    raise ValueError(f"{written} is no JSON")


def _finite(written: str) -> float:
    """1e999 is JSON, but as a number of ours it could not be written back."""
    number = float(written)
    return number if isfinite(number) else _no_constant(written)


def queue(
    here: Here,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Only what has these words.")] = "",
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """The tickets that wait or are worked on, newest first.

    Example: rfl1 queue outlook --json
    """

    async def work(services: "Services", actor: "Actor") -> "tuple[Sequence[QueueEntry], PsaNews | None]":
        await _read_psa(services, actor)
        listed = await services.queue.listed(actor, words=words, limit=limit + 1)
        return listed, await services.queue.psa(actor)

    found, news = here.run(work)
    entries = at_most(limit, found)
    show(as_json, [views.queue_entry(each) for each in entries], table(list(map(_line, entries)), "Nothing waits."))
    if news is not None and (news.error or not as_json):
        read = (
            "was not read yet" if news.refreshed_at is None else f"was read {news.refreshed_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        progress(f"The PSA {read}" + (f": {news.error}." if news.error else "."))
    if not as_json:
        progress(f"{len(entries)} tickets. Times are UTC.")


async def _read_psa(services: "Services", actor: "Actor") -> None:
    """What is due of its lists; what goes wrong is told, and the queue is what it was."""
    try:
        if services.open_tickets is not None:
            async with asyncio.timeout(PSA_SECONDS):
                await services.open_tickets.refresh(actor)
    except NotAllowed:
        raise
    except TimeoutError:
        progress("The PSA takes its time; this is what it had before.")
    except BadSetting as trouble:
        progress(str(trouble))


def _line(each: "QueueEntry") -> tuple[object, ...]:
    psa, who = each.ticket.psa, each.technician
    number = each.ticket.external_id if psa is None else psa.number
    state = each.session_status or ("waiting" if psa is None else psa.status)
    name = who.name if who is not None else "" if psa is None else psa.owner
    return (f"{each.created_at:%Y-%m-%d %H:%M}", state, name, each.customer, each.session_id, number, each.problem)


def escalations(here: Here, limit: Limit = 200, as_json: AsJson = False) -> None:
    """The escalated calls that wait for an engineer, newest first.

    Example: rfl1 escalations --json
    """
    entries = at_most(limit, here.run(lambda services, actor: services.escalations.listed(actor, limit=limit + 1)))
    rows = [
        (f"{each.escalation.at:%Y-%m-%d %H:%M}" if each.escalation else "",
         each.escalation.category if each.escalation else "", each.claim.by.name if each.claim else "unclaimed",
         each.customer, each.id, each.problem_text)
        for each in entries
    ]  # fmt: skip
    show(as_json, [views.summary(each) for each in entries], table(rows, "No call is escalated."))
