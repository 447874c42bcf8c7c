"""Measuring, from the command line."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli.command import AsJson, Here, command, group
from rfl1.cli.output import progress, show, table, write
from rfl1.settings import Settings
from services.errors import Trouble

if TYPE_CHECKING:
    from services.scorecard.card import Card
    from services.scorecard.case import Case
    from services.scorecard.play import Played

CENT = 10_000
"""Millionths of a US dollar."""


class NoModel(Trouble):
    title = "The model does not answer"
    exit_status = 3


def add(app: typer.Typer) -> None:
    from rfl1.cli.bench_match import match

    bench = group(app, "bench", "Measures.")
    command(bench, "builder")(builder)
    command(bench, "match")(match)


def builder(
    here: Here,
    *,
    number: Annotated[
        int | None, typer.Option("--cases", min=1, metavar="N", help="Only so many calls; ten are one of each kind.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Write the table there as Markdown.")
    ] = None,
    budget: Annotated[int, typer.Option(min=1, metavar="CENTS", help="US cents that a model may cost.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Plays scripted calls against the model that is set up, or the playbooks, and marks how they were led.

    It needs no store and touches none; what a model costs is shown. RFL1_AI=off plays the playbooks.

    Example: rfl1 bench builder --cases 10

    Example: rfl1 bench builder --markdown scorecard.md
    """
    from services.scorecard import telling
    from services.scorecard.case import cases

    made = asyncio.run(_played(here.settings, cases()[:number], budget))
    if markdown is not None:
        write(markdown, telling.markdown(made))
    lines = [telling.who(made), "", *table(telling.totals(made), ""), "", *table(telling.calls(made), "")]
    show(as_json, asdict(made), lines)


async def _played(settings: Settings, cases: "tuple[Case, ...]", budget: int) -> "Card":
    from services.builder.playbook import PlaybookBuilder
    from services.scorecard.card import Answered, card
    from services.scorecard.run import run

    if not settings.ai_on:
        played = await run(cases, PlaybookBuilder(), lambda _: None)
        return card(played, Answered(model=None), ())
    return await _by_model(settings, cases, budget)


async def _by_model(settings: Settings, cases: "tuple[Case, ...]", budget: int) -> "Card":
    from rfl1.assistant import fast_model, way
    from services.ai.check import try_out
    from services.ai.failures import ModelFailed
    from services.ai.speaker import Speaker
    from services.builder.model import ModelBuilder
    from services.builder.playbook import PlaybookBuilder
    from services.clock import utc_now
    from services.scorecard.card import Answered, card
    from services.scorecard.play import NOBODY
    from services.scorecard.run import Tally, run

    model, tally = fast_model(settings), Tally(budget * CENT)
    speaker = Speaker(way(settings), tally, utc_now)
    answered: set[str] = set()
    ended = 0

    def done(played: "Played") -> None:
        nonlocal ended
        ended += 1
        answered.update(sent.by for sent in speaker.sent(played.id) if sent.by)
        progress(f"{ended} of {len(cases)}: {played.case.name}, {len(played.steps)} steps")

    progress(f"{model} leads {len(cases)} calls, for at most {budget} US cents ...")
    try:
        answered.add((await try_out(speaker, NOBODY, model)).by)
        played = await run(cases, ModelBuilder(speaker, model, PlaybookBuilder()), done)
    except ModelFailed as failed:
        raise NoModel(failed.detail, "`rfl1 doctor` tries it; RFL1_AI=off plays the playbooks.") from failed
    finally:
        await speaker.close()
    return card(played, Answered(model=model, by=tuple(sorted(answered))), tally.calls)
