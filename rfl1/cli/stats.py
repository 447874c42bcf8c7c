"""The numbers of the account."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from rfl1.cli.command import AsJson, Here, command
from rfl1.cli.output import show, table

if TYPE_CHECKING:
    from services.stats import AccountStats, ModelCosts


def add(app: typer.Typer) -> None:
    command(app, "stats")(stats)


def stats(here: Here, as_json: AsJson = False) -> None:
    """First-call resolution, handle time, what is escalated from where, and what the model has cost.

    The handle time of a call runs from its start until it was passed on, the last time if it came back, or else until
    it was resolved; an abandoned call has none. In the JSON it is in seconds.

    Example: rfl1 stats --json
    """
    figures = here.run(lambda services, actor: services.stats.account(actor))
    show(as_json, asdict(figures), _lines(figures))


def _lines(figures: "AccountStats") -> list[str]:
    rate = figures.first_call_resolution
    lines = [
        f"calls: {', '.join(f'{count} {status}' for status, count in figures.sessions.items()) or 'none yet'}",
        f"resolved on the first call: {'no call has ended' if rate is None else f'{rate:.0%} of {figures.ended}'}",
        f"handle time, from the start until passed on or resolved: {_minutes(figures.handle_time_median)} median, "
        f"{_minutes(figures.handle_time_mean)} mean",
        f"escalations: {figures.escalations}",
    ]
    lines += table([(f"  {count}", name) for name, count in figures.escalations_by_category.items()], "")
    lines += ["escalated from:"] if figures.escalations_by_node else []
    lines += table([(f"  {each.count}", each.flow or "no flow", each.text) for each in figures.escalations_by_node], "")
    lines += ["built by AI or playbook:"] if figures.builds else []
    lines += table(
        [(f"  {each.calls}", each.category, f"{each.resolved} resolved, {each.escalated} escalated")
         for each in figures.builds],
        "",
    )  # fmt: skip
    lines += _model(figures.model)
    return [line for line in lines if line]


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
