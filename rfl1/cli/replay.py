"""Session scripts from the command line."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import Here, WrongUsage, command
from rfl1.cli.output import document, progress, say
from rfl1.cli.writebacks import writeback

if TYPE_CHECKING:
    from rfl1.compose import Services
    from services.access import Actor
    from services.replay.result import Change, Result
    from services.replay.script import Broken, Script

MOST_WORKERS = 64


def add(app: typer.Typer) -> None:
    command(app, "replay")(replay)


def replay(
    here: Here,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", readable=False, help="Session scripts, or folders of them.")
    ],
    *,
    repeat: Annotated[int, typer.Option(min=1, metavar="N", help="Run everything so many times.")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=MOST_WORKERS, metavar="N", help="So many at a time.")] = 1,
    show_progress: Annotated[
        bool, typer.Option("--progress", help="One JSON line per stored change, once it is durable.")
    ] = False,
    screens: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            readable=False,
            help="Go through the real app, unseen, and keep a picture of every step there.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per script, a line each.")] = False,
) -> None:
    """Runs session scripts against the store; ends with 1 where an expectation failed, 3 where it was locked.

    Example: rfl1 replay examples --json

    Example: rfl1 replay examples/wifi-back.yaml --screens pictures
    """
    if screens is not None and workers > 1:
        raise WrongUsage("--screens shows one call after the other", "Leave --workers out.")
    failed = prevented = 0
    out = sys.stdout  # while the app runs, it has the other one

    def done(result: "Result") -> None:
        nonlocal failed, prevented
        failed += not result.ok
        prevented += result.prevented
        if as_json:
            print(document(_result(result)), file=out, flush=True)
        elif not show_progress:
            say(_line(result))
        for failure in result.failures:
            progress(f"{result.script}: {failure.at}: expected {failure.expected}, got {failure.got}")

    def tell(change: "Change") -> None:
        if show_progress:
            print(document(_change(change)), file=out, flush=True)

    async def work(services: "Services", actor: "Actor") -> None:
        scripts = _scripts(files, repeat)
        if screens is not None:
            from rfl1.pictures.call import run_on_screen

            await run_on_screen(services, actor, list(scripts), screens, tell=tell, done=done, say=progress)
            return
        from services.replay.desk import AtTheDesk
        from services.replay.runner import Replay
        from services.replay.through import Through

        through = Through(
            intake=services.intake,
            walks=services.walks,
            escalations=services.escalations,
            users=services.users,
            drafting=services.drafting,
            desk=AtTheDesk(services.facts, services.fixes, services.missing),
            journal=services.outbox.journal,
        )
        await Replay(through).run_all(actor, scripts, workers=workers, tell=tell, done=done)

    here.run(work, connections=max(4, min(workers, 16)))
    if failed:
        raise typer.Exit(3 if prevented else 1)


def _scripts(files: list[Path], repeat: int) -> Iterator["Script | Broken"]:
    """Read once, then again and again."""
    from services.replay.script import scripts_of

    scripts = [script for file in files for script in scripts_of(file)]
    for _ in range(repeat):
        yield from scripts


def _change(change: "Change") -> views.Json:
    told: views.Json = {
        "change": change.change,
        "session_id": str(change.session_id),
        "state_version": change.state_version,
    }
    return told if change.step_id is None else told | {"step_id": str(change.step_id)}


def _result(result: "Result") -> views.Json:
    return {
        "script": result.script,
        "ok": result.ok,
        "failures": [{"at": each.at, "expected": each.expected, "got": each.got} for each in result.failures],
        "outcome": result.outcome,
        "session_id": None if result.session_id is None else str(result.session_id),
        "status": result.status,
        "steps": [
            {
                "seq": step.seq,
                "node_type": step.node_type,
                "text": step.text,
                "label": step.label,
                "ms": round(step.milliseconds, 3),
            }
            for step in result.steps
        ],
        "writeback": _writeback(result),
        "drafts": [{"kind": each.kind, "markdown": each.markdown, "by": each.by} for each in result.drafts],
        "ms": round(result.milliseconds, 3),
    }


def _writeback(result: "Result") -> views.Json | None:
    if result.writeback is not None:
        return writeback(result.writeback)
    return {"state": "local"} if result.local else None


def _line(result: "Result") -> str:
    if not result.ok:
        return f"FAILED  {result.script}"
    steps = f"{len(result.steps)} step{'' if len(result.steps) == 1 else 's'}"
    return f"ok      {result.script}  {result.outcome}, {steps}, {result.status or 'no session'}"
