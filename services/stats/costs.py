"""What the model has cost an account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.team.settings import values
from storage.database import Reading
from storage.spending import ModelCalls, Sums

MOST_DEAREST = 5
"""Calls, of those that the model cost most in."""


@dataclass(frozen=True, slots=True)
class ModelCost:
    calls: int
    tokens: int
    """Read and written."""
    cost_usd: float


@dataclass(frozen=True, slots=True)
class SessionCost(ModelCost):
    session_id: str


@dataclass(frozen=True, slots=True)
class ModelCosts(ModelCost):
    """Since the account was made, also where no model is set up any more."""

    by_purpose: Mapping[str, ModelCost]
    """`services.ai.spending.Purpose` to its share, the dearest first."""
    sessions: int = 0
    """Calls that a model had a part in."""
    cost_usd_per_session: float | None = None
    """On average; None before there is any."""
    dearest: tuple[SessionCost, ...] = ()
    """At most `MOST_DEAREST`."""
    last_hour_usd: float = 0.0
    hour_budget_usd: float = 0.0
    session_budget_usd: float = 0.0


async def model_costs(read: Reading, now: datetime) -> ModelCosts:
    calls, budgets = ModelCalls(read), await values(read)
    sessions, spent = await calls.in_sessions()
    dearest = await calls.dearest(MOST_DEAREST)
    return replace(
        _costs(await calls.by_purpose(None)),
        sessions=sessions,
        cost_usd_per_session=round(_dollars(spent) / sessions, 6) if sessions else None,
        dearest=tuple(SessionCost(each.calls, each.tokens, _dollars(each.cost), str(id_)) for id_, each in dearest),
        last_hour_usd=_dollars(await calls.cost(since=now - timedelta(hours=1))),
        hour_budget_usd=budgets.ai_hour_budget / 100,
        session_budget_usd=budgets.ai_session_budget / 100,
    )


def _costs(by_purpose: Mapping[str, Sums]) -> ModelCosts:
    dearest = sorted(by_purpose.items(), key=lambda each: (-each[1].cost, each[0]))
    return ModelCosts(
        sum(sums.calls for sums in by_purpose.values()),
        sum(sums.tokens for sums in by_purpose.values()),
        _dollars(sum(sums.cost for sums in by_purpose.values())),
        {purpose: ModelCost(sums.calls, sums.tokens, _dollars(sums.cost)) for purpose, sums in dearest},
    )


def _dollars(millionths: int) -> float:
    return millionths / 1_000_000
