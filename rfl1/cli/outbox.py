"""What waits for the PSA."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, Limit, command, group
from rfl1.cli.output import at_most, progress, show, table
from rfl1.cli.writebacks import writeback

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.walks.writebacks import Writeback, WritebackState
    from services.writeback.outbox import Drained, Waiting

CONNECTIONS = 8
ENVIRONMENT = 3


def add(app: typer.Typer) -> None:
    outbox = group(app, "outbox", "Notes and statuses on their way to the PSA.")
    command(outbox, "list")(listed)
    command(outbox, "drain")(drain)


def listed(
    here: Here,
    everything: Annotated[bool, typer.Option("--all", help="Also what is done.")] = False,
    limit: Limit = 1000,
    as_json: AsJson = False,
) -> None:
    """What waits for the PSA and what finally failed, oldest first.

    Example: rfl1 outbox list --json
    """
    states: tuple[WritebackState, ...] = ("waiting", "failed")
    if everything:
        states = (*states, "verified", "skipped")
    found = here.run(lambda services, actor: services.outbox.listed(actor, states=states, limit=limit + 1))
    entries = at_most(limit, found)
    rows = [
        (each.writeback.state, each.ticket, each.writeback.kind, each.writeback.by.name, each.problem, _told(each))
        for each in entries
    ]
    show(as_json, [_line(each) for each in entries], table(rows, "Nothing waits for the PSA."))


def drain(here: Here, as_json: AsJson = False) -> None:
    """Tries everything that waits once, whatever its back-off; ends with 0 only when nothing is left waiting.

    Example: rfl1 outbox drain --json
    """

    def tell(each: "Writeback") -> None:
        if each.state in {"failed", "waiting"}:
            progress(f"{each.state}: {each.mark}: {each.why}")

    async def work(services: "Services", actor: "Actor") -> "Drained":
        return await services.outbox.drain(actor, everything=True, tell=tell)

    done = here.run(work, connections=CONNECTIONS)
    told: views.Json = {
        "verified": done.verified,
        "skipped": done.skipped,
        "failed": [writeback(each) for each in done.failed],
        "waiting": done.waiting,
        "stopped": None if done.stopped is None else str(done.stopped),
    }
    show(as_json, told, _summary(done))
    if done.waiting:
        stopped = done.stopped
        why = (
            "Try again later; `rfl1 outbox list` says why." if stopped is None else f"{stopped.detail}. {stopped.hint}"
        )
        progress(f"{done.waiting} still wait for the PSA: {why}")
        raise typer.Exit(1 if stopped is None else stopped.exit_status)


def _summary(done: "Drained") -> Iterator[str]:
    counts = ((done.verified, "verified"), (done.skipped, "noted, the status left alone"), (len(done.failed), "failed"))
    told = [f"{count} {words}" for count, words in (*counts, (done.waiting, "waiting")) if count]
    yield f"{', '.join(told)}." if told else "Nothing waits for the PSA."


def _told(each: "Waiting") -> str:
    waits = each.writeback.state == "waiting" and each.writeback.tries
    return f"{each.writeback.why} ({each.writeback.tries} tried)" if waits else each.writeback.why


def _line(each: "Waiting") -> views.Json:
    return writeback(each.writeback) | {"ticket": each.ticket, "problem_text": each.problem}
