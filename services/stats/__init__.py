"""How the account is doing: first-call resolution, handle time, what is escalated and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from services.access import Act, Actor
from services.access.acting import reading
from services.clock import Clock, utc_now
from services.flows.nodes import Json
from services.team.settings import values
from storage.database import Database, Reading
from storage.spending import ModelCalls, Sums
from storage.stats import Figures

MOST_DEAREST = 5
"""Calls, of those that the model cost most in."""
MOST_NODES = 50
"""Nodes that calls are escalated from, told of."""


@dataclass(frozen=True, slots=True)
class NodeCount:
    flow: str | None
    """The slug of the flow, or `proposal` and its id; None where neither was walked."""
    node: str | None
    """The node's id in its flow, or where an AI-built node came from; None where no node was on the screen."""
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class BuildCount:
    category: str
    calls: int
    resolved: int
    escalated: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStats:
    sessions: Mapping[str, int]
    """By status."""
    kinds: Mapping[str, int]
    ended: int
    resolved_first_call: int
    """Resolved without ever being escalated."""
    first_call_resolution: float | None
    """The share of those that ended, 0 to 1; None before any has."""
    handle_time_mean: float | None
    """Seconds from the start of a call until it was passed on, the last time if it came back, or else resolved."""
    handle_time_median: float | None
    escalations: int
    escalations_by_category: Mapping[str, int]
    """Most frequent first."""
    escalations_by_node: tuple[NodeCount, ...]
    """Most frequent first, at most `MOST_NODES`."""
    builds: tuple[BuildCount, ...]
    """AI-built calls by category, most frequent first."""
    built_by_playbook: int
    """AI-built calls whose newest node came out of a bundled playbook."""
    model: ModelCosts


class Stats:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def account(self, actor: Actor) -> AccountStats:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            figures = Figures(read)
            resolved, ended = await figures.first_calls()
            mean, median = await figures.handle_times() or (None, None)
            by_category = await figures.escalations_by_category()
            builds = [BuildCount(*row) for row in await figures.builds()]
            return AccountStats(
                sessions=await figures.by_status(),
                kinds=await figures.by_kind(),
                ended=ended,
                resolved_first_call=resolved,
                first_call_resolution=resolved / ended if ended else None,
                handle_time_mean=mean and round(mean, 1),
                handle_time_median=median and round(median, 1),
                escalations=sum(by_category.values()),
                escalations_by_category=dict(sorted(by_category.items(), key=lambda each: (-each[1], each[0]))),
                escalations_by_node=await _by_node(figures),
                builds=tuple(sorted(builds, key=lambda each: (-each.calls, each.category))),
                built_by_playbook=await figures.built_by_playbook(),
                model=await self._model(read),
            )

    async def _model(self, read: Reading) -> ModelCosts:
        calls, budgets = ModelCalls(read), await values(read)
        by_session = await calls.by_session()
        spent = sum(sums.cost for sums in by_session.values())
        dearest = islice(by_session.items(), MOST_DEAREST)
        return replace(
            _costs(await calls.by_purpose(None)),
            sessions=len(by_session),
            cost_usd_per_session=round(_dollars(spent) / len(by_session), 6) if by_session else None,
            dearest=tuple(SessionCost(sums.calls, sums.tokens, _dollars(sums.cost), str(id_)) for id_, sums in dearest),
            last_hour_usd=_dollars(await calls.cost(since=self._clock() - timedelta(hours=1))),
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


async def _by_node(figures: Figures) -> tuple[NodeCount, ...]:
    """Versions of a flow and copies of an AI-built node count together; the wording met first stands for all."""
    texts: dict[tuple[str | None, str | None], str] = {}
    counts: dict[tuple[str | None, str | None], int] = {}
    async for slug, proposal_id, pending, number in figures.escalated_from():
        flow = slug if proposal_id is None else f"proposal {proposal_id}"
        key = (flow, None if pending is None else _name(pending))
        texts.setdefault(key, "" if pending is None else _text(pending))
        counts[key] = counts.get(key, 0) + number
    most = sorted(counts, key=lambda key: (-counts[key], key[0] or "", key[1] or ""))[:MOST_NODES]
    return tuple(NodeCount(flow, node, texts[flow, node], counts[flow, node]) for flow, node in most)


def _name(pending: Mapping[str, Json]) -> str:
    """An AI-built node has an id of its own in every call; where it came from is what they share."""
    name: str = pending.get("origin") or pending["id"]
    return name


def _text(pending: Mapping[str, Json]) -> str:
    """What a model wrote differs from call to call."""
    text: str = "" if pending.get("origin") == "model" else pending["node"]["text"]
    return text
