"""A library's own weights and threshold, from sentences of which the right flow is known.

Done apart from the calls, in the background: in turns a part of the examples is held back and the rest is searched for
it, once with the right flow in the library and once without it, which is how calls look that no flow covers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from services.matching.calibration import HYBRID, LEXICAL, NEVER, Fit, chances, smallness, with_shared
from services.matching.gists import Gist, Texts, part_of
from services.matching.words import words

if TYPE_CHECKING:
    import numpy.typing as npt

    from services.matching.calibration import Floats
    from services.matching.index import Index

    Many = npt.NDArray[np.float64]

WANTED = 0.96
"""The precision that a threshold has to show on what was held back, for 0.95 on what comes."""
MOST_FALSE = 0.04
"""The most of the sentences without their flow that it may start something for."""
LEAST_TRIALS = 80
"""With fewer sentences held back a library keeps the weights that all begin with."""
LEAST_STARTS = 25
LEAST_EXAMPLES = 3
"""Of a flow, for some to be held back."""
MOST_TRIALS = 800
"""Sentences; each takes some milliseconds."""
_LOWEST = 0.6
_FOLDS = 2
_PARTS = 4
"""A library's examples are held back in so many turns."""
_KIN = 0.67
_WITHOUT = 2.0
"""So many calls without a flow are reckoned with for each that has one."""
_FIRST_COUNTS = 2.0
"""How strongly a library's weights are held to those that all begin with (an L2 penalty)."""
_TURNS = 40
_STEP = 3.0
_SETTLED = 1e-4


@dataclass(frozen=True, slots=True)
class Trial:
    """A sentence asked of a library."""

    evidence: "Floats"
    """A row for each near flow, all columns."""
    right: tuple[int, ...]
    """The rows of the flows that are right; none where no near flow is."""
    size: int
    """Flows of the library."""
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """A flow of the library with its texts, of which some can be held back."""

    texts: Texts
    gist: Gist


def refit(index: "Index", sources: Sequence[Source], wrong: Sequence[str] = ()) -> Fit | None:
    """None where too little is known. `wrong`: what callers said whom none of the flows that were offered helped."""
    covered: list[Trial] = []
    uncovered: list[Trial] = []
    for turn in range(_PARTS):
        held = _held_back(sources, turn)
        searched = index.changed([each.rest for each in held])
        for slug, text in islice(_in_turn(held), MOST_TRIALS - len(covered)):
            slugs, evidence = searched.evidence(text)
            here = [row for row, each in enumerate(slugs) if each == slug]
            covered.append(Trial(with_shared(evidence), tuple(here), len(index)))
            uncovered.append(Trial(with_shared(np.delete(evidence, here, axis=0)), (), len(index)))
        if len(covered) == MOST_TRIALS:
            break
    if len(covered) < LEAST_TRIALS:
        return None
    uncovered += [Trial(with_shared(index.evidence(text)[1]), (), len(index)) for text in wrong]
    first = HYBRID if index.hybrid else LEXICAL
    found = [0.0] * len(covered), [0.0] * len(uncovered)
    for fold in range(_FOLDS):
        others = [each for trials in (covered, uncovered) for at, each in enumerate(trials) if at % _FOLDS != fold]
        fit = weighed(others, first)
        for trials, starts in zip((covered, uncovered), found, strict=True):
            for at in range(fold, len(trials), _FOLDS):
                starts[at] = _start(trials[at], fit)
    return replace(weighed([*covered, *uncovered], first), match=_threshold(*found))


@dataclass(frozen=True, slots=True)
class _Held:
    """What is asked of a flow in one turn, and the flow without it."""

    asked: tuple[str, ...]
    rest: Gist


def _held_back(sources: Iterable[Source], turn: int) -> list[_Held]:
    """Every fourth example, the newest in the first turn, of flows that have three at least. What is said in nearly
    the same words goes with it: who calls next will not repeat a sentence that is known already."""
    held = []
    for source in sources:
        said = source.texts.examples
        asked = [place for place in range(len(said)) if (len(said) - 1 - place) % _PARTS == turn]
        if asked and len(said) >= LEAST_EXAMPLES:
            away = {*asked, *_kin(said, asked)}
            held.append(_Held(tuple(said[place] for place in asked), part_of(source.texts, source.gist, away)))
    return held


def _in_turn(held: Sequence[_Held]) -> Iterator[tuple[str, str]]:
    """One sentence of each flow first, then the next: few sentences of many flows tell more than many of a few."""
    for row in zip_longest(*(each.asked for each in held)):
        yield from ((each.rest.slug, text) for each, text in zip(held, row, strict=True) if text is not None)


def _kin(said: Sequence[str], asked: Sequence[int]) -> list[int]:
    """The others that share two thirds of their telling words with one that is asked; one is always left."""
    stems = [{word.stem for word in words(text)} for text in said]
    others = [place for place in range(len(said)) if place not in asked]
    near = [
        place
        for place in others
        if any(len(stems[place] & stems[one]) >= _KIN * len(stems[place] | stems[one]) for one in asked)
    ]
    return near[: len(others) - 1]


def _start(trial: Trial, fit: Fit) -> float:
    """The chance of the best flow, negative where it is not right."""
    found = chances(trial.evidence, trial.size, fit)
    if not len(found):
        return 0.0
    best = int(found.argmax())
    return float(found[best]) if best in trial.right else -float(found[best])


def _threshold(covered: Sequence[float], uncovered: Sequence[float]) -> float:
    """The least chance from which enough of what starts is right, if twice as many calls have no flow as have one."""
    right = np.sort([start for start in covered if start > 0])
    wrong = np.sort([-start for start in covered if start < 0])
    false = np.sort([-start for start in uncovered])
    share = _WITHOUT * len(covered) / max(len(uncovered), 1)
    for match in np.arange(_LOWEST, 1.0, 0.01):
        rightly, wrongly, falsely = (len(each) - np.searchsorted(each, match) for each in (right, wrong, false))
        started = rightly + wrongly + share * falsely
        if rightly < LEAST_STARTS:
            break
        if rightly >= WANTED * started and falsely <= MOST_FALSE * len(false):
            return round(float(match), 2)
    return NEVER


def weighed(trials: Sequence[Trial], first: Fit, held: float = _FIRST_COUNTS) -> Fit:
    """The weights under which the right answers are most likely, not far from those of `first` (Newton's method)."""
    design = np.concatenate([_columns(trial) for trial in trials])
    of = np.repeat(np.arange(len(trials)), [len(trial.evidence) for trial in trials])
    rights = np.concatenate([np.isin(np.arange(len(trial.evidence)), trial.right) for trial in trials]).astype(float)
    answered = np.array([bool(trial.right) for trial in trials])[of]
    counts = np.array([trial.counts for trial in trials])
    start = np.array([first.any, first.small, *first.weights])
    weights = start.copy()
    for _ in range(_TURNS):
        appeals = np.exp(np.clip(design @ weights, -40, 40))
        shares = appeals / (1 + np.bincount(of, appeals, len(trials)))[of]
        of_right = np.bincount(of, shares * rights, len(trials))[of]
        meant = np.where(answered, shares * rights / np.maximum(of_right, 1e-12), 0.0)
        slope = design.T @ ((meant - shares) * counts[of]) - held * (weights - start)
        middles = np.zeros((len(trials), len(weights)))
        np.add.at(middles, of, design * shares[:, None])
        curve = (design * (shares * counts[of])[:, None]).T @ design - (middles * counts[:, None]).T @ middles
        step = np.linalg.solve(curve + held * np.eye(len(weights)), slope)
        weights += np.clip(step, -_STEP, _STEP)
        if np.abs(step).max() < _SETTLED:
            break
    return replace(first, any=float(weights[0]), small=float(weights[1]), weights=tuple(map(float, weights[2:])))


def _columns(trial: Trial) -> "Many":
    rows = len(trial.evidence)
    ahead = np.column_stack([np.ones(rows), np.full(rows, smallness(trial.size))])
    return np.concatenate([ahead, trial.evidence], axis=1)
