"""One tiny call: whether the model answers at all, and what that costs."""

from dataclasses import dataclass

from services.access import Actor
from services.ai.failures import ModelFailed
from services.ai.speaker import Ask, Speaker

LIMIT = 5.0
"""Seconds, without loading the SDK."""


@dataclass(frozen=True, slots=True)
class Tried:
    by: str
    """The model that answered, in the service's own words."""
    ms: int
    cost: int
    """Millionths of a US dollar."""


async def try_out(speaker: Speaker, actor: Actor, model: str) -> Tried:
    """Asks `model` for one word. Raises ModelFailed."""
    await speaker.warm()
    ask = Ask(purpose="check", model=model, system="Answer in one word.", data="Are you there?", most=64, limit=LIMIT)
    try:
        await speaker.text(actor, ask)
    except ModelFailed as failed:
        if failed.why not in {"truncated", "refused"}:  # it has answered, if not to the point
            raise
    sent = next(each for each in speaker.sent() if each.purpose == "check")
    return Tried(sent.by or model, sent.ms, sent.usage.cost(model))
