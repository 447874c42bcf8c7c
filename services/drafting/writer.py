"""The drafts of a model, and what it is told for them."""

from functools import cache
from importlib import resources

from services.access import Actor
from services.ai.speaker import Ask, Speaker
from services.ai.spending import Purpose
from services.drafting.model import DraftKind
from services.fixes.model import NOTHING, Findings
from services.fixes.outcomes import told as found_told
from services.walks.model import Walk
from services.walks.told import names, told

LIMIT = 25.0
"""Seconds; the template's draft is on the screen meanwhile."""
MOST_TOKENS = 1500
_PURPOSE: dict[DraftKind, Purpose] = {"resolution_note": "note", "escalation_package": "package"}


class Writer:
    def __init__(self, speaker: Speaker, model: str) -> None:
        self._speaker = speaker
        self._model = model

    async def write(self, actor: Actor, walk: Walk, kind: DraftKind, found: Findings = NOTHING) -> str:
        """Markdown as the model wrote it, not checked yet. Raises ModelFailed."""
        ask = Ask(
            purpose=_PURPOSE[kind],
            model=self._model,
            system=_instructions(kind),
            data=records(walk, found),
            names=names(walk),
            most=MOST_TOKENS,
            limit=LIMIT,
            session_id=walk.id,
        )
        return (await self._speaker.text(actor, ask)).strip() + "\n"


@cache
def _instructions(kind: DraftKind) -> str:
    return (resources.files("services.drafting") / "prompts" / f"{kind}.md").read_text(encoding="utf-8")


def records(walk: Walk, found: Findings = NOTHING) -> str:
    """Everything on record about a call, in tagged blocks."""
    return "\n".join([*told(walk), *found_told(found)])
