"""A library's own weights and threshold, from sentences of which the right flow is known.

Done apart from the calls, in the background: a part of the examples is held back, the rest is searched for them, once
with the right flow in the library and once without it, which is how calls look that no flow covers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from services.matching.calibration import HYBRID, LEXICAL, NEVER, Fit, chances, smallness, with_shared
from services.matching.gists import Gist, Texts, part_of

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
MOST_TRIALS = 500
"""Sentences; each takes some milliseconds."""
_LOWEST = 0.6
_FOLDS = 2
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


def refit(index: "Index", sources: Iterable[Source], wrong: Sequence[str] = ()) -> Fit | None:
    """None where too little is known. `wrong`: what callers said whom none of the flows that were offered helped."""
    held = list(islice(_held_back(sources), MOST_TRIALS))
    if len(held) < LEAST_TRIALS:
        return None
    parts = {source.gist.slug: source for source, _, _ in held}
    away = {slug: {place for source, place, _ in held if source.gist.slug == slug} for slug in parts}
    searched = index.changed([part_of(parts[slug].texts, parts[slug].gist, away[slug]) for slug in parts])
    covered, uncovered = [], []
    for source, _, text in held:
        slugs, evidence = searched.evidence(text)
        here = [row for row, slug in enumerate(slugs) if slug == source.gist.slug]
        covered.append(Trial(with_shared(evidence), tuple(here), len(index)))
        uncovered.append(Trial(with_shared(np.delete(evidence, here, axis=0)), (), len(index)))
    uncovered += [Trial(with_shared(searched.evidence(text)[1]), (), len(index)) for text in wrong]
    first = HYBRID if index.hybrid else LEXICAL
    found = [0.0] * len(covered), [0.0] * len(uncovered)
    for fold in range(_FOLDS):
        others = [each for trials in (covered, uncovered) for at, each in enumerate(trials) if at % _FOLDS != fold]
        fit = weighed(others, first)
        for trials, starts in zip((covered, uncovered), found, strict=True):
            for at in range(fold, len(trials), _FOLDS):
                starts[at] = _start(trials[at], fit)
    return replace(weighed([*covered, *uncovered], first), match=_threshold(*found))


def _held_back(sources: Iterable[Source]) -> Iterator[tuple[Source, int, str]]:
    """The last of every four examples, where a flow has three at least; one of each flow first, then the next."""
    there = [source for source in sources if len(source.texts.examples) >= 3]  # noqa: PLR2004
    most = max((len(source.texts.examples) for source in there), default=0)
    for back in range(1, most // 4 + 2):
        for source in there:
            if back <= max(1, len(source.texts.examples) // 4):
                place = len(source.texts.examples) - back
                yield source, place, source.texts.examples[place]


def _start(trial: Trial, fit: Fit) -> float:
    """The chance of the best flow, negative where it is not right."""
    found = chances(trial.evidence, trial.size, fit)
    if not len(found):
        return 0.0
    best = int(found.argmax())
    return float(found[best]) if best in trial.right else -float(found[best])


def _threshold(covered: Sequence[float], uncovered: Sequence[float]) -> float:
    """The least chance from which enough of what starts is right, if as many calls have no flow as have one."""
    right = np.sort([start for start in covered if start > 0])
    wrong = np.sort([-start for start in covered if start < 0])
    false = np.sort([-start for start in uncovered])
    share = len(covered) / max(len(uncovered), 1)
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
