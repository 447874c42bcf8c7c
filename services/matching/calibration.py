"""From what speaks for each flow to how probable it is that it is the right one.

A choice model (multinomial logit): every near flow and "none of them" have an appeal, and the chance of each is its
share of the sum. So the probabilities add up to one at most, and of two flows that fit equally neither passes a half.

Fitted by maximum likelihood with an L2 penalty of 1 on 244 sentences asked of a library of 92 flows and of random parts
of it with 46 and 20 flows (where most sentences have no right flow), each size counting the same. What is measured are
shares, so that it means the same at every size. MATCH was chosen on the probabilities of a ten-fold cross-validation
over the sentences: one step of 0.05 above the least that gives a precision of 0.95 with 92 flows and 0.9 with 46.
Below SUGGEST fewer than one best flow in ten was right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

MATCH = 0.65
SUGGEST = 0.10

_ANY = -6.53
_EXPLAINED = 1.31
_NAMED = 3.53
_PHRASE = 2.35
_AMOUNT = 5.14


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one flow; shares are of the weight of all that the call says, unknown words included."""

    explained: float
    """Share that the flow speaks of, each word by how strongly (the normalised BM25F score)."""
    named: float
    """Share that stands in the flow's title, keywords or examples."""
    phrase: float
    """Share of the heaviest title, keyword or example that the call says in full."""
    amount: float
    """All that the call and the flow have in common, counted in words of the rarest kind."""


def probabilities(near: Sequence[Evidence]) -> list[float]:
    """For each of the near flows, 0 to 1; what is missing to 1 is the chance that none of them is right."""
    appeals = [exp(_appeal(evidence)) for evidence in near]
    everything = 1 + sum(appeals)
    return [appeal / everything for appeal in appeals]


def _appeal(evidence: Evidence) -> float:
    return (
        _ANY
        + _EXPLAINED * evidence.explained
        + _NAMED * evidence.named
        + _PHRASE * evidence.phrase
        + _AMOUNT * log1p(evidence.amount)
    )
