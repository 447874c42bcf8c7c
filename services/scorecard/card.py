"""The card: the marks of all calls, and what they add up to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import mean, median

from services.ai.spending import Spent
from services.flows.nodes import Result
from services.scorecard.marks import Ended, Kind, Marks, marks
from services.scorecard.play import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Who made the steps."""

    model: str | None
    """The model that was asked; None where the bundled playbooks were walked."""
    by: tuple[str, ...] = ()
    """The models that answered, in the service's own words."""


@dataclass(frozen=True, slots=True)
class Walked:
    type: str
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One call."""

    case: str
    category: str
    should_end: Result
    marks: Marks
    failed: str
    """Why no step came."""
    path: tuple[Walked, ...]
    end: str
    """The words of the outcome."""
    calls: int
    """To the model."""
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    cases: int
    right: int
    solvable: int
    """That should end resolved."""
    solved: int
    """Of those."""
    to_pass_on: int
    """That should be escalated."""
    passed_on: int
    """Of those."""
    reasons_fit: int
    """Of those."""
    needless: int
    """Passed on though they could be solved."""
    too_early: int
    """Called solved while they were not."""
    limit: int
    """Ended by the rules: too many steps, or none that was safe."""
    nothing: int
    """Ended because no step came."""
    steps_to_the_right_end: float | None
    """On average."""
    questions: int
    instructions: int
    nodes: int
    faults: Mapping[Kind, int]
    unsure: int
    unforeseen: int
    node_ms_median: float | None
    """Until a node of a model is whole, a broken connection's second try with it; None where none was made."""
    node_ms_p95: float | None
    calls: int
    tokens: int
    cost_usd: float
    outcomes: Mapping[str, int]
    """How the calls to the model ended."""


@dataclass(frozen=True, slots=True)
class Card:
    answered: Answered
    totals: Totals
    lines: tuple[Line, ...]


KINDS: tuple[Kind, ...] = ("repeated", "double", "labels", "late", "unsafe", "early", "unusable")


def card(played: Sequence[Played], answered: Answered, paid: Sequence[Spent]) -> Card:
    """What `played` is worth; `paid` are all calls to a model that were made for it."""
    lines = tuple(_line(each, [spent for spent in paid if spent.session_id == each.id]) for each in played)
    return Card(answered, _totals(lines, played, paid), lines)


def _line(played: Played, paid: Sequence[Spent]) -> Line:
    return Line(
        case=played.case.name,
        category=played.case.category,
        should_end=played.case.ends,
        marks=marks(played),
        failed=played.failed,
        path=tuple(Walked(step.node.type, step.node.text, step.label) for step in played.steps),
        end="" if played.end is None else played.end.node.text,
        calls=len(paid),
        cost_usd=_dollars(paid),
    )


def _totals(lines: Sequence[Line], played: Sequence[Played], paid: Sequence[Spent]) -> Totals:
    every = [line.marks for line in lines]
    solvable = [line.marks for line in lines if line.should_end == "resolved"]
    hopeless = [line.marks for line in lines if line.should_end == "escalate"]
    faults = Counter(fault.kind for each in every for fault in each.faults)
    waits = sorted(offer.ms for each in played for offer in each.offered if offer.origin == "model")
    return Totals(
        cases=len(lines),
        right=sum(each.right for each in every),
        solvable=len(solvable),
        solved=sum(each.right for each in solvable),
        to_pass_on=len(hopeless),
        passed_on=sum(each.right for each in hopeless),
        reasons_fit=sum(each.reason_fits is True for each in hopeless),
        needless=_ended(solvable, "escalate"),
        too_early=sum(each.too_early for each in every),
        limit=_ended(every, "limit"),
        nothing=_ended(every, "nothing"),
        steps_to_the_right_end=_rounded(mean, [each.steps for each in every if each.right]),
        questions=sum(each.questions for each in every),
        instructions=sum(each.instructions for each in every),
        nodes=sum(each.nodes for each in every),
        faults={kind: faults[kind] for kind in KINDS},
        unsure=sum(each.unsure for each in every),
        unforeseen=sum(each.unforeseen for each in every),
        node_ms_median=_rounded(median, waits),
        node_ms_p95=round(waits[ceil(0.95 * len(waits)) - 1], 1) if waits else None,
        calls=len(paid),
        tokens=sum(_tokens(each) for each in paid),
        cost_usd=_dollars(paid),
        outcomes=dict(Counter(each.outcome for each in paid).most_common()),
    )


def _ended(every: Iterable[Marks], how: Ended) -> int:
    return sum(each.ended == how for each in every)


def _rounded(of: Callable[[Sequence[float]], float], values: Sequence[float]) -> float | None:
    return round(of(values), 1) if values else None


def _tokens(spent: Spent) -> int:
    usage = spent.usage
    return usage.input + usage.cache_write + usage.cache_read + usage.output


def _dollars(paid: Iterable[Spent]) -> float:
    return sum(each.cost for each in paid) / 1_000_000
