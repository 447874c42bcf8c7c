"""The numbers of the account."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli.command import AsJson, Here, command
from rfl1.cli.output import progress, show, table

if TYPE_CHECKING:
    from services.stats import AccountStats, ModelCosts
    from services.stats.records import FlowRecord, Record
    from services.stats.weeks import WeekFigures


def add(app: typer.Typer) -> None:
    command(app, "stats")(stats)


def stats(
    here: Here,
    weeks: Annotated[int, typer.Option(min=1, help="How many weeks are told of, this one too.")] = 12,
    flow: Annotated[str, typer.Option(metavar="SLUG", help="How calls fared at this flow, node by node.")] = "",
    recount: Annotated[bool, typer.Option("--recount", help="Count all calls again from the first one.")] = False,
    as_json: AsJson = False,
) -> None:
    """First-call resolution, handle time, what is escalated from where, and what the model has cost.

    The handle time of a call runs from its start until it was passed on, the last time if it came back, or else until
    it was resolved; an abandoned call has none. In the JSON it is in seconds. Weeks begin on Monday by UTC, and a call
    belongs to the one that it began in. Reopened: resolved, and its ticket was open again within 30 days.

    Example: rfl1 stats --json --weeks 26

    Example: rfl1 stats --flow outlook-password-prompt
    """
    if recount:
        here.run(lambda services, actor: services.counting.again(actor))
        left = 1
        while left:
            left = here.run(lambda services, actor: services.counting.up_to_date(actor))
            progress(f"{left:,} calls are left to count." if left else "Counted.")
    if flow:
        record = here.run(lambda services, actor: services.records.of_flow(actor, flow))
        show(as_json, asdict(record), _fared(record))
        return
    figures = here.run(lambda services, actor: services.stats.account(actor, weeks))
    show(as_json, asdict(figures), _lines(figures))


def _fared(record: "FlowRecord") -> list[str]:
    """The nodes that most calls came to first."""
    most = sorted(record.nodes.items(), key=lambda each: (-each[1].reached, each[0]))
    rows = [_row(record.slug, record.whole), *(_row(f"  {node}", each) for node, each in most)]
    heads = ("", "calls", "resolved", "escalated", "abandoned", "passed on here", "lost here", "seconds")
    return table([heads, *rows], "")


def _row(name: str, record: "Record") -> tuple[object, ...]:
    spent = "-" if record.seconds is None else record.seconds
    return (name, record.reached, record.resolved, record.escalated, record.abandoned, record.passed_on_here,
            record.lost_here, str(spent))  # fmt: skip


def _lines(figures: "AccountStats") -> list[str]:
    rate = figures.first_call_resolution
    again = f", {figures.came_back} of them under way again" if figures.came_back else ""
    lines = [
        f"calls: {', '.join(f'{count} {status}' for status, count in figures.sessions.items()) or 'none yet'}",
        f"resolved on the first call: {'no call has ended' if rate is None else f'{rate:.0%} of {figures.ended}'}",
        f"reopened within 30 days: {figures.reopened}",
        f"handle time, from the start until passed on or resolved: {_minutes(figures.handle_time_median)} median, "
        f"{_minutes(figures.handle_time_mean)} mean",
        f"escalated since the beginning: {figures.escalations}{again}",
    ]
    lines += _counts(figures.escalations_by_category)
    lines += ["escalated from:"] if figures.escalations_by_node else []
    lines += table([(f"  {each.count}", each.flow or "no flow", each.text) for each in figures.escalations_by_node], "")
    lines += ["built by AI or playbook:"] if figures.builds else []
    lines += table(
        [(f"  {each.calls}", each.category, f"{each.resolved} resolved, {each.escalated} escalated")
         for each in figures.builds],
        "",
    )  # fmt: skip
    lines += _weeks(figures.weeks)
    if figures.uncounted:
        lines.append(f"not counted yet: {figures.uncounted:,} ended calls; rfl1 stats again counts more of them")
    lines += _model(figures.model)
    return [line for line in lines if line]


def _counts(counts: Mapping[str, int]) -> list[str]:
    return table([(f"  {count}", name) for name, count in counts.items()], "")


def _weeks(weeks: "tuple[WeekFigures, ...]") -> list[str]:
    if not any(week.ended for week in weeks):
        return []
    heads = ("week of", "ended", "first call", "reopened", "escalated", "abandoned", "median")
    rows = [
        (week.week, week.ended, "-" if week.first_call_resolution is None else f"{week.first_call_resolution:.0%}",
         week.reopened, week.escalated, week.abandoned, _minutes(week.handle_seconds))
        for week in weeks
    ]  # fmt: skip
    return table([heads, *rows], "")


def _model(model: "ModelCosts") -> list[str]:
    if not model.calls:
        return ["model: never asked"]
    lines = [
        f"model: {model.calls:,} calls, {model.tokens:,} tokens, ${model.cost_usd:,.4f}; in the last hour "
        f"${model.last_hour_usd:,.4f} of ${model.hour_budget_usd:,.2f}"
    ]
    if model.cost_usd_per_session is not None:
        most = f"of at most ${model.session_budget_usd:,.2f}"
        lines.append(f"  ${model.cost_usd_per_session:,.4f} a session, {most}; the dearest:")
    sessions = [(f"  ${each.cost_usd:,.4f}", f"{each.calls:,} calls", each.session_id) for each in model.dearest]
    lines += table(sessions, "")
    return lines + table(
        [(f"  {each.calls:,}", purpose.replace("_", " "), f"{each.tokens:,} tokens", f"${each.cost_usd:,.4f}")
         for purpose, each in model.by_purpose.items()],
        "",
    )  # fmt: skip


def _minutes(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 60:.1f} min"
