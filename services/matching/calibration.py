"""From what speaks for each flow to how probable it is that it is the right one.

A choice model (multinomial logit): every near flow and "none of them" have an appeal, and the chance of each is its
share of the sum. So the chances add up to one at most, and of two flows that fit equally neither passes a half.

`HYBRID` and `LEXICAL` are what a library begins with that has too few examples to be fitted by itself
(`services.matching.fitting`). `docs/matching.md` tells what they were fitted to, and the command that does it again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Chances = npt.NDArray[np.float64]

SUGGEST = 0.05
"""Below, hardly one best flow in twenty is right: not worth a look."""
NEVER = 2.0
"""A threshold that no chance reaches."""

_WIDE = 92
"""Flows of the library that the weights were fitted to. A smaller one leaves more calls without a right flow."""
_NARROW = 20
_SMALL_RAISE = 0.04
_HIGHEST = 0.95
"""With half as many flows the threshold is so much higher, and never higher than this for that reason."""

LEXICAL_EVIDENCE = ("explained", "named", "phrase", "amount")
HYBRID_EVIDENCE = (*LEXICAL_EVIDENCE, "alike", "nearest", "lead", "both")
"""The columns of the cores, then `lead`: by how much the flow is more alike than the best other one, and `both`: the
product of named and alike, which is high only where words and meaning agree."""

_RANKED = 0.5
_SHARPNESS = {False: 6.0, True: 20.0}
"""By whether there is an embedder. Words find the first, and where they mislead, meaning alone finds what a caller only
describes: behind the first, so much of the order is by what is alike (without an embedder by the plain sum of what is
explained and named)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a library's evidence is weighed."""

    any: float
    """The appeal of any flow at all, against none."""
    small: float
    """Added for each time that the library is smaller than 92 flows by a factor of e."""
    weights: tuple[float, ...]
    match: float
    """The chance from which the best flow may start by itself."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Fit":
        return cls(stored["any"], stored["small"], tuple(stored["weights"]), stored["match"])


HYBRID = Fit(any=-4.69, small=-1.18, weights=(-0.97, 3.03, 1.16, 3.84, 3.38, -0.66, 9.42, 0.15), match=0.78)
LEXICAL = Fit(any=-7.56, small=-0.51, weights=(-1.72, 5.8, 2.33, 7.28), match=0.80)


def smallness(size: int) -> float:
    """In factors of e; what is smaller than any library that was looked at counts as the smallest of them."""
    return max(0.0, log(_WIDE / max(size, _NARROW)))


def threshold(size: int, match: float) -> float:
    """The one of a library that could not be fitted by itself, for its size."""
    return match if size >= _WIDE else max(match, min(_HIGHEST, match + _SMALL_RAISE * smallness(size) / log(2)))


def with_shared(evidence: "Floats") -> "Floats":
    """The evidence of both cores, with the columns that come of both; of one core alone as it is."""
    if evidence.shape[1] == len(LEXICAL_EVIDENCE) or not len(evidence):
        return evidence
    named, alike = evidence[:, 1], evidence[:, 4]
    best = int(alike.argmax())
    lead = alike - alike[best]
    lead[best] = alike[best] - max(np.delete(alike, best), default=0.0)
    return np.column_stack([evidence, lead, named * alike])


def chances(evidence: "Floats", size: int, fit: Fit) -> "Chances":
    """Of each near flow (a row of evidence), 0 to 1, in a library of `size` flows; what is missing to 1 is the chance
    that none of them is right."""
    if not len(evidence):
        return np.zeros(0)
    appeals = np.exp(np.clip(evidence @ np.array(fit.weights) + fit.any + fit.small * smallness(size), -40, 40))
    return np.asarray(appeals / (1 + appeals.sum()))


def ranked(evidence: "Floats", found: "Chances") -> list[tuple[int, float]]:
    """The rows, best first, with what each is worth to somebody who chooses: never more than the one before it."""
    if not len(found):
        return []
    hybrid = evidence.shape[1] > len(LEXICAL_EVIDENCE)
    alike = evidence[:, 4] if hybrid else evidence[:, 0] + evidence[:, 1]
    ranks = np.exp(_SHARPNESS[hybrid] * (alike - alike.max()).astype(np.float64))
    worth = (1 - _RANKED) * found + _RANKED * found.sum() * ranks / ranks.sum()
    first = int(found.argmax())
    worth[first] = found[first]
    order = [first, *(int(row) for row in np.argsort(-worth, kind="stable") if row != first)]
    return list(zip(order, np.minimum.accumulate(worth[order]).tolist(), strict=True))
