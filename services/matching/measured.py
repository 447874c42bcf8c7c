"""What a matcher is worth on sentences of which the right flow is known."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

NO_FLOW = "none"
"""How a label says that no flow covers the sentence."""
_PLACES = (1, 3, 5)
_SURE_OF = 1.96
"""Standard deviations: the interval holds the truth in 95 of 100 cases."""


@dataclass(frozen=True, slots=True)
class Label:
    id: str
    text: str
    right: frozenset[str]
    """Slugs, any of them as good; none where no flow covers it."""
    kind: str = ""
    category: str = ""

    def within(self, slugs: Collection[str]) -> "Label":
        """As it is for a library with these flows only."""
        return replace(self, right=self.right.intersection(slugs))


@dataclass(frozen=True, slots=True)
class Answer:
    slugs: tuple[str, ...]
    """Best first."""
    starts: bool
    """The first would start by itself, if the account lets it."""
    category: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, for 95 %."""
        if not self.whole:
            return None
        z, n, p = _SURE_OF, self.whole, self.part / self.whole
        middle, width = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - width) / (1 + z * z / n)), min(1.0, (middle + width) / (1 + z * z / n))


@dataclass(frozen=True, slots=True)
class Measured:
    flows: int
    hybrid: bool
    """By meaning too."""
    sentences: int
    recall: Mapping[int, Share]
    """At 1, 3 and 5, of the sentences that a flow covers."""
    precision: Share
    """Of what starts by itself, what is right."""
    coverage: Share
    """Of the sentences that a flow covers, those for which it starts by itself."""
    false_starts: Share
    """Of the sentences that no flow covers, those for which something starts."""
    by_kind: Mapping[str, Share]
    """Recall at 1."""
    categories: Share | None
    """Named rightly, where the labels have categories."""
    median_ms: float
    p99_ms: float
    worst: tuple[tuple[str, str], ...]
    """What was started wrongly: the sentence and the flow."""


def measured(labels: Sequence[Label], answers: Sequence[Answer], *, flows: int, hybrid: bool) -> Measured:
    asked = list(zip(labels, answers, strict=True))
    covered = [(label, answer) for label, answer in asked if label.right]
    uncovered = [answer for label, answer in asked if not label.right]
    started = [(label, answer) for label, answer in asked if answer.starts]
    rightly = sum(_within(1, label, answer) for label, answer in started)
    known = [(label, answer) for label, answer in asked if label.category]
    times = sorted(answer.milliseconds for answer in answers)
    return Measured(
        flows=flows,
        hybrid=hybrid,
        sentences=len(asked),
        recall={place: Share(sum(_within(place, *each) for each in covered), len(covered)) for place in _PLACES},
        precision=Share(rightly, len(started)),
        coverage=Share(rightly, len(covered)),
        false_starts=Share(sum(answer.starts for answer in uncovered), len(uncovered)),
        by_kind=_by_kind([(label.kind, _within(1, label, answer)) for label, answer in covered if label.kind]),
        categories=Share(sum(label.category == answer.category for label, answer in known), len(known))
        if known
        else None,
        median_ms=_at(times, 0.5),
        p99_ms=_at(times, 0.99),
        worst=tuple((label.text, answer.slugs[0]) for label, answer in started if not _within(1, label, answer)),
    )


def _within(place: int, label: Label, answer: Answer) -> bool:
    return not label.right.isdisjoint(answer.slugs[:place])


def _by_kind(found: Sequence[tuple[str, bool]]) -> dict[str, Share]:
    every = Counter(kind for kind, _ in found)
    rightly = Counter(kind for kind, right in found if right)
    return {kind: Share(rightly[kind], every[kind]) for kind in sorted(every)}


def _at(times: Sequence[float], share: float) -> float:
    return times[max(0, ceil(share * len(times)) - 1)] if times else 0.0


def rows(made: Measured) -> list[tuple[str, str]]:
    """A line of name and figure each, for people."""
    lines = [
        (f"right flow among the first {k}" if k > 1 else "right flow first", _told(made.recall[k])) for k in _PLACES
    ]
    lines += [
        ("of what starts by itself, right", _told(made.precision)),
        ("covered sentences that start rightly", _told(made.coverage)),
        ("started although no flow covers it", _told(made.false_starts)),
    ]
    lines += [(f"right flow first, {kind}", _told(share)) for kind, share in made.by_kind.items()]
    if made.categories is not None:
        lines.append(("category named rightly", _told(made.categories)))
    return [*lines, ("milliseconds, median and 99th of 100", f"{made.median_ms:.1f}, {made.p99_ms:.1f}")]


def _told(share: Share) -> str:
    if share.value is None or share.interval is None:
        return "no such sentence"
    low, high = share.interval
    return f"{share.value:.3f} ({share.part} of {share.whole}; {low:.2f} to {high:.2f})"
