"""What a fast model thinks of a call that the matcher is not sure of: in time, or not at all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from services.access import Actor
from services.ai.failures import ModelFailed
from services.ai.prompt import block
from services.ai.speaker import Ask, Speaker
from services.categories import BUILDABLE, UNKNOWN
from services.intake.call import Call
from services.matching.bars import barred

LIMIT = 0.8
"""Seconds; the technician waits for nothing longer than that, and the offline answer stands."""
MOST_CHOICES = 5

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"flow": {"type": "integer"}, "category": {"enum": [*BUILDABLE, UNKNOWN]}},
    "required": ["flow", "category"],
}


@dataclass(frozen=True, slots=True)
class Advised:
    choice: int | None
    """Index among the titles that were offered."""
    category: str


class Advice:
    def __init__(self, speaker: Speaker, model: str) -> None:
        self._speaker = speaker
        self._model = model

    async def of(self, actor: Actor, call: Call, titles: Sequence[str]) -> Advised | None:
        """None where there is no answer in time, and for what no flow may be started for by itself."""
        if barred(call.problem, ()) or not self._speaker.begin():  # loading alone takes longer than that
            return None
        offered = titles[:MOST_CHOICES]
        listed = "\n".join(f"{number}. {title}" for number, title in enumerate(offered, 1))
        ask = Ask(
            purpose="classify",
            model=self._model,
            system=_instructions(),
            data=f"{block('caller', call.problem)}\n{block('flows', listed or 'none')}",
            names=[name for name in (call.customer, call.contact) if name.strip()],
            schema=SCHEMA,
            most=60,
            limit=LIMIT,
            begins=call.session_id,
        )
        try:
            async with asyncio.timeout(LIMIT):
                given = await self._speaker.fields(actor, ask)
        except (ModelFailed, TimeoutError):
            return None
        number, category = given.get("flow"), given.get("category")
        choice = number - 1 if isinstance(number, int) and 1 <= number <= len(offered) else None
        return Advised(choice, category if category in BUILDABLE else UNKNOWN)


@cache
def _instructions() -> str:
    return (resources.files("services.intake") / "prompts" / "sort_call.md").read_text(encoding="utf-8")
