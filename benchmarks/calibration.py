"""Fits the weights that every library begins with, and tells by cross-validation what they are worth.

    python -m benchmarks.calibration FLOWS.jsonl LABELS.jsonl

The flows are searched whole, in random parts (where most sentences have no flow) and among made-up flows; the starter
flows by their own examples, a quarter of which is held back. Printed are the weights for the calibration
and, for every size, what the weights of the other nine tenths of the sentences would have done.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.libraries import flows as made_up
from services.flows.format import read_flows
from services.flows.nodes import Flow
from services.matching.calibration import HYBRID, LEXICAL, Fit, chances, ranked, threshold, with_shared
from services.matching.encoder import Encoder
from services.matching.fitting import Trial, weighed
from services.matching.gists import Embedder, Gist, Texts, gists
from services.matching.index import Index

_FOLDS = 10
_STARTER = Path(__file__).parents[1] / "services" / "flows" / "starter"
_STARTER_COUNTS = 0.3
"""Of all starter sentences together, against all labelled ones: their flows and their sentences have one author."""
_HELD = 0.3


@dataclass(frozen=True)
class Asked:
    """A labelled sentence, asked of one library."""

    scene: str
    number: int
    """Of the sentence; negative for one of the starter flows."""
    trial: Trial
    covered: bool


def main() -> None:
    flows = [file.flow for file in read_flows([Path(sys.argv[1])])]
    labels = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    for name, embedder, first in (("HYBRID", Encoder(), HYBRID), ("LEXICAL", None, LEXICAL)):
        asked = [*_labelled(flows, labels, embedder), *_starter(embedder)]
        fit = weighed([each.trial for each in asked], first, _HELD)
        print(name, "any", round(fit.any, 2), "small", round(fit.small, 2), [round(each, 2) for each in fit.weights])
        _report(asked, first, len(labels))


def _labelled(flows: list[Flow], labels: Sequence[dict[str, str]], embedder: Embedder | None) -> Iterator[Asked]:
    chance = random.Random(1)  # noqa: S311
    read = dict(zip((flow.slug for flow in flows), gists([Texts.of(flow) for flow in flows], embedder), strict=True))
    yield from _asked("all", list(read.values()), labels, embedder, 1.0)
    for size, times in ((len(flows) // 2, 3), (20, 6)):
        for _ in range(times):
            part = [read[flow.slug] for flow in chance.sample(flows, size)]
            yield from _asked(str(size), part, labels, embedder, 1 / times)
    for size in (1_000, 5_000):
        others = gists([Texts.of(flow) for flow in made_up(size - len(flows), seed=size)], embedder)
        yield from _asked(str(size), [*read.values(), *others], labels, embedder, 0.5)


def _asked(
    scene: str, library: list[Gist], labels: Sequence[dict[str, str]], embedder: Embedder | None, counts: float
) -> Iterator[Asked]:
    index = Index.of(library, embedder)
    there = {gist.slug for gist in library}
    for number, label in enumerate(labels):
        right = {label["flow"], *label.get("also", ())}
        slugs, evidence = index.evidence(label["query"])
        rows = tuple(row for row, slug in enumerate(slugs) if slug in right)
        yield Asked(scene, number, Trial(with_shared(evidence), rows, len(index), counts), bool(right & there))


def _starter(embedder: Embedder | None) -> Iterator[Asked]:
    flows = [file.flow for file in read_flows([_STARTER])]
    for part in range(4):
        shown = [replace(flow, examples=_without(flow.examples, part)) for flow in flows]
        bare = [replace(flow, examples=()) if at % 2 == part % 2 else flow for at, flow in enumerate(shown)]
        said = [{"query": text, "flow": flow.slug} for flow in flows for text in flow.examples[part::4]]
        for library in (shown, bare, shown[part % 2 :: 2]):
            counts = _STARTER_COUNTS * 244 / (12 * len(said))
            made = gists([Texts.of(flow) for flow in library], embedder)
            yield from (replace(each, number=-1) for each in _asked("starter", made, said, embedder, counts))


def _without(examples: tuple[str, ...], part: int) -> tuple[str, ...]:
    return tuple(text for at, text in enumerate(examples) if at % 4 != part)


def _report(asked: Sequence[Asked], first: Fit, sentences: int) -> None:
    folds = np.random.default_rng(0).integers(0, _FOLDS, sentences)
    found: dict[str, list[tuple[float, list[bool], bool]]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for fold in range(_FOLDS):
        fit = weighed([e.trial for e in asked if e.number < 0 or folds[e.number] != fold], first, _HELD)
        for each in asked:
            if each.number >= 0 and folds[each.number] == fold:
                shares = chances(each.trial.evidence, each.trial.size, fit)
                right = [row in each.trial.right for row, _ in ranked(each.trial.evidence, shares)]
                found[each.scene].append((float(shares.max(initial=0)), right, each.covered))
                sizes[each.scene] = each.trial.size
    for scene, results in found.items():
        covered = [each for each in results if each[2]]
        recall = " ".join(f"{sum(any(right[:k]) for _, right, _ in covered) / len(covered):.3f}" for k in (1, 3, 5))
        own = threshold(sizes[scene], first.match)
        print(
            f"{scene:>6} recall {recall}", *(_at(results, match) for match in sorted({0.7, 0.75, 0.8, 0.85, 0.9, own}))
        )


def _at(results: Sequence[tuple[float, list[bool], bool]], match: float) -> str:
    started = [each for each in results if each[0] >= match]
    rightly = sum(right[0] for _, right, _ in started)
    covered = sum(each[2] for each in results)
    false = sum(not each[2] for each in started) / max(len(results) - covered, 1)
    return f"| {match:.2f}: {rightly / max(len(started), 1):.3f} {rightly / covered:.3f} {false:.3f}"


if __name__ == "__main__":
    main()
