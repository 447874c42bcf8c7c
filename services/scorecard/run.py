"""Playing many cases, a few at a time, and what they cost."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from services.access import Actor
from services.ai.failures import ModelFailed
from services.ai.spending import Purpose, Spent
from services.builder.protocol import Builder
from services.scorecard.case import Case
from services.scorecard.play import Played, play

AT_ONCE = 4
"""Calls led at a time: as many as a desk has, and few enough for the limits of a small key."""


class Tally:
    """The money of one run, kept in no store: an account pays for its calls, not for this."""

    def __init__(self, most: int) -> None:
        """`most` in millionths of a US dollar."""
        self._most = most
        self.calls: list[Spent] = []

    async def allow(self, actor: Actor, purpose: Purpose, session_id: UUID | None) -> None:
        """Raises ModelFailed where nothing is left."""
        if sum(each.cost for each in self.calls) >= self._most:
            raise ModelFailed("over_budget", f"{self._most // 10_000} US cents for this run")

    def spent(self, actor: Actor, spent: Spent) -> None:
        self.calls.append(spent)


async def run(cases: Sequence[Case], builder: Builder, done: Callable[[Played], None]) -> list[Played]:
    """The cases in their order, each played to its end; `done` gets each as it ends."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Played:
        async with free:
            played = await play(case, builder)
        done(played)
        return played

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(case)) for case in cases]
    return [task.result() for task in tasks]
