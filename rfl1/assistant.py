"""What a language model does here, put together from the settings. Made only where one is set up."""

import contextlib
from dataclasses import dataclass
from typing import cast

from rfl1.settings import Settings, unsafe_origin
from services.ai.failures import ModelFailed
from services.ai.models import FAST, WRITER
from services.ai.sdk import Backend, Way, own_name
from services.ai.speaker import Speaker
from services.ai.spending import Spending
from services.builder.ahead import Ahead
from services.builder.model import ModelBuilder
from services.builder.playbook import PlaybookBuilder
from services.clock import Clock
from services.drafting.writer import Writer
from services.fixes.suggesting import Suggester
from services.intake.advice import Advice
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Assistant:
    spending: Spending
    speaker: Speaker
    fast: str
    """The model of the next step."""
    builder: ModelBuilder
    ahead: Ahead | None
    advice: Advice
    """On calls that the matcher is not sure of."""
    notes: Writer
    """Of notes and packages."""
    suggester: Suggester
    """Of fixes, and of the parameters of their scripts."""

    async def warm(self) -> None:
        """Loads what a first question would have to wait for; what is wrong is said when one is asked."""
        with contextlib.suppress(ModelFailed):
            await self.speaker.warm()

    async def close(self) -> None:
        """Everything under way ends; what it cost is on record."""
        if self.ahead is not None:
            await self.ahead.close()
        await self.speaker.close()
        await self.spending.close()


def assistant(settings: Settings, database: Database, clock: Clock) -> Assistant:
    spending = Spending(database, clock)
    speaker = Speaker(way(settings), spending, clock)
    fast, playbooks = fast_model(settings), PlaybookBuilder()
    writer = settings["ai_writer_model"] or own_name(_backend(settings), WRITER)
    return Assistant(
        spending,
        speaker,
        fast,
        ModelBuilder(speaker, fast, playbooks),
        Ahead(ModelBuilder(speaker, fast, playbooks, "look_ahead")) if settings.lookahead else None,
        Advice(speaker, fast),
        Writer(speaker, writer),
        Suggester(speaker, writer),
    )


def fast_model(settings: Settings) -> str:
    return settings["ai_fast_model"] or own_name(_backend(settings), FAST)


def _backend(settings: Settings) -> Backend:
    return cast("Backend", settings["ai_backend"])


def way(settings: Settings) -> Way:
    url = settings["anthropic.base_url"]
    reason = unsafe_origin(url) if url else None
    return Way(
        _backend(settings),
        settings["anthropic.api_key"].strip(),
        url,
        refused="" if reason is None else f"ANTHROPIC_BASE_URL: {reason}",
    )
