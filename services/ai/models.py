"""What each model wants in a request, and what it costs.

Settings and prices as the vendor's model pages state them in November 2026. An id that is not listed is asked with
nothing but the plain fields, and counted at the dearest prices known, so that no budget is overrun unseen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

FAST = "claude-haiku-5-5"
"""Next nodes, re-ranking: the shortest time to the first word."""
WRITER = "claude-sonnet-5-5"
"""Notes, packages, scripts."""

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Thinking = Mapping[Literal["type"], Literal["disabled", "between_tools"]]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float
    cache_read: float

    @property
    def cache_write(self) -> float:
        """Kept for five minutes."""
        return self.input * 1.25


@dataclass(frozen=True, slots=True)
class Model:
    price: Price
    thinking: Thinking | None = None
    """What keeps it from thinking before it writes; None leaves the field out."""
    effort: Effort | None = None
    """None leaves the field out: some models refuse it."""
    cached_from: int = 4096
    """Tokens; a shorter beginning is never cached, and nothing says so."""


MODELS: Mapping[str, Model] = {
    "claude-haiku-5-5": Model(Price(0.10, 0.50, 0.01), {"type": "disabled"}, "low", 512),
    "claude-sonnet-5-5": Model(Price(2, 10, 0.20), {"type": "between_tools"}, "low", 512),
    "claude-opus-5-5": Model(Price(4, 20, 0.20), None, "low", 512),
    "claude-fable-5-1": Model(Price(10, 50, 0.25), None, "low", 512),
    "claude-sonnet-5": Model(Price(2, 10, 0.20), {"type": "disabled"}, "low", 1024),
    "claude-haiku-4-5": Model(Price(1, 5, 0.10), {"type": "disabled"}, None, 4096),
}
_PREFIX = re.compile(r"\A(?:[a-z]+\.)?anthropic\.")
"""Of a back end, and of a region of it."""
UNKNOWN = Model(max((model.price for model in MODELS.values()), key=lambda price: price.output))


def known(name: str) -> Model:
    """Facts about a model; other back ends write its name with a prefix or a date."""
    bare = _PREFIX.sub("", name.rpartition("/")[2])
    found = next((each for each in MODELS if bare == each or bare.startswith((f"{each}-20", f"{each}@"))), None)
    return UNKNOWN if found is None else MODELS[found]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `input` is what neither came from the cache nor went into it."""

    input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0

    def cost(self, model: str) -> int:
        """Millionths of a US dollar, rounded up."""
        price = known(model).price
        return ceil(
            self.input * price.input
            + self.cache_write * price.cache_write
            + self.cache_read * price.cache_read
            + self.output * price.output
        )
