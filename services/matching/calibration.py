"""From what speaks for a flow to how probable it is that it is the right one.

The coefficients are a logistic regression (L2, C = 1) of "this flow is right" on the five best flows of each of 244
sentences, asked of a library of 92 flows and of random parts of it with 46 and 20 flows (where most sentences have no
right flow), each size counting the same. All features are shares, so that they mean the same whatever the size of
the library. The thresholds were chosen on probabilities from ten-fold cross-validation over the sentences; MATCH for a
precision of at least 0.95 at 92 flows and 0.9 at 20, SUGGEST where a suggestion is more use than an interruption.
"""

from dataclasses import dataclass
from math import exp, log1p

MATCH = 0.65
SUGGEST = 0.10

_INTERCEPT = -5.99
_EXPLAINED = 0.66
_LEAD = 1.59
_NAMED = 2.52
_PHRASE = 2.41
_AMOUNT = 4.04


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one flow; shares are of the weight of all that the call says, unknown words included."""

    explained: float
    """Share that the flow speaks of, each word by how strongly (the normalised BM25F score)."""
    lead: float
    """-1 to 1: how far the score is ahead of the best other flow's (negative: behind it)."""
    named: float
    """Share that stands in the flow's title, keywords or examples."""
    phrase: float
    """Share of the heaviest of title, keywords and examples that the call says in full."""
    amount: float
    """Weight of all that the call and the flow have in common, in words that only one flow holds."""


def probability(evidence: Evidence) -> float:
    """0 to 1."""
    logit = (
        _INTERCEPT
        + _EXPLAINED * evidence.explained
        + _LEAD * evidence.lead
        + _NAMED * evidence.named
        + _PHRASE * evidence.phrase
        + _AMOUNT * log1p(evidence.amount)
    )
    return 1 / (1 + exp(-logit))
