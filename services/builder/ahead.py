"""Preparing the next nodes while one is read: one background task for each answer that may be given.

Nothing prepared is stored before it is served. What the technician did not answer is thrown away, as is everything
when the call moves on otherwise.
"""

import asyncio
import time
from collections.abc import Container, Iterable
from uuid import UUID

from services.ai.failures import LASTING, ModelFailed
from services.builder.protocol import BuildContext, Builder, BuildFailed, Built, Show
from services.builder.rules import usable

REST = 30.0
"""Seconds without preparing, once the model has said that it will not answer for now."""
MOST_AT_ONCE = 4
"""Answers of one node that are prepared for; the first ones are the likelier ones."""


class _Preparing:
    """A node on its way, and whoever watches it come."""

    def __init__(self, builder: Builder, context: BuildContext) -> None:
        self._seen = ""
        self._watching: Show | None = None
        self.task = asyncio.create_task(usable(builder, context, self._show))

    def watch(self, show: Show | None) -> None:
        self._watching = show
        if show is not None and self._seen:
            show(self._seen)

    def _show(self, text: str) -> None:
        self._seen = text
        if self._watching is not None:
            self._watching(text)

    @property
    def built(self) -> Built | None:
        done = self.task.done() and not self.task.cancelled() and self.task.exception() is None
        return self.task.result() if done else None


class Ahead:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._prepared: dict[BuildContext, _Preparing] = {}
        self._rests_until = 0.0

    def prepare(self, session_id: UUID, contexts: Iterable[BuildContext]) -> None:
        """These, and nothing else any more of that session."""
        wanted = dict.fromkeys(list(contexts)[:MOST_AT_ONCE])
        self._drop(session_id, but=wanted)
        if time.monotonic() < self._rests_until:
            return
        for context in wanted:
            if context not in self._prepared:
                self._prepared[context] = preparing = _Preparing(self._builder, context)
                preparing.task.add_done_callback(self._looked_at)

    def keep(self, context: BuildContext) -> None:
        """Only this one of its session, if it is under way."""
        self._drop(context.session_id, but=(context,))

    def forget(self, session_id: UUID) -> None:
        self._drop(session_id)

    def _drop(self, session_id: UUID, but: Container[BuildContext] = ()) -> None:
        for context in [each for each in self._prepared if each.session_id == session_id and each not in but]:
            self._prepared.pop(context).task.cancel()

    def _looked_at(self, task: "asyncio.Task[Built]") -> None:
        """One that failed is asked for again when it is wanted, and says then what is wrong."""
        failed = None if task.cancelled() else task.exception()
        cause = None if failed is None else failed.__cause__
        if isinstance(cause, ModelFailed) and cause.why in LASTING:
            self._rests_until = time.monotonic() + REST

    def ready(self, context: BuildContext) -> Built | None:
        """What was prepared for exactly this, if it is there by now."""
        preparing = self._prepared.get(context)
        return None if preparing is None else preparing.built

    async def coming(self, context: BuildContext, show: Show | None) -> Built | None:
        """What is under way for exactly this, waited for; None where nothing is. Raises BuildFailed."""
        preparing = self._prepared.get(context)
        if preparing is None:
            return None
        if preparing.task.done() and preparing.built is None:
            del self._prepared[context]
            return None
        preparing.watch(show)
        try:
            return await asyncio.shield(preparing.task)
        except BuildFailed:
            self._prepared.pop(context, None)
            raise

    async def close(self) -> None:
        tasks = [preparing.task for preparing in self._prepared.values()]
        self._prepared.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
