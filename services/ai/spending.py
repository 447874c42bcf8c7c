"""What the calls to a model have cost, and whether one more is within the account's budget.

Kept in the store, a row a call, so that every terminal of a team counts on. Rows are written behind the technician's
back: nobody waits for them, and where the store is away they wait for it.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.access import Actor
from services.ai.failures import ModelFailed
from services.ai.models import Usage
from services.clock import Clock
from services.team.settings import values
from storage.database import Database
from storage.errors import StoreTrouble
from storage.spending import ModelCalls, Sums
from storage.tables import ModelCall

Purpose = Literal["next_node", "look_ahead", "note", "package", "script", "fix", "classify", "rerank", "check"]

LOOK_AHEAD_SHARE = 0.5
"""Of a budget, for steps that may never be shown."""
LONGEST_WAIT_AT_THE_END = 2.0
"""Seconds for what is not written yet when the program ends."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spent:
    """One call."""

    at: datetime
    purpose: Purpose
    model: str
    session_id: UUID | None
    usage: Usage
    ms: int
    outcome: str
    """`answered`, `cancelled`, or why it failed."""

    @property
    def cost(self) -> int:
        """Millionths of a US dollar."""
        return self.usage.cost(self.model)


class Spending:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._unwritten: list[tuple[Actor, Spent]] = []
        self._writing: asyncio.Task[None] | None = None
        self._counting = asyncio.Lock()
        """Each call is either in the store or waits to be, not half way."""

    async def allow(self, actor: Actor, purpose: Purpose, session_id: UUID | None) -> None:
        """Raises ModelFailed where the budget of the session or of the account's last hour is used up."""
        lately = self._clock() - timedelta(hours=1)
        async with self._counting, self._database.reading(actor) as read:
            budgets = await values(read)
            calls = ModelCalls(read)
            hour = await calls.cost(since=lately)
            session = 0 if session_id is None else await calls.cost(session_id=session_id)
            waiting = [spent for _, spent in self._unwritten]
        hour += sum(spent.cost for spent in waiting if spent.at >= lately)
        session += sum(spent.cost for spent in waiting if spent.session_id == session_id)
        share = LOOK_AHEAD_SHARE if purpose == "look_ahead" else 1
        if hour >= budgets.ai_hour_budget * 10_000 * share:
            raise ModelFailed("over_budget", f"{budgets.ai_hour_budget} US cents an hour")
        if session_id is not None and session >= budgets.ai_session_budget * 10_000 * share:
            raise ModelFailed("over_budget", f"{budgets.ai_session_budget} US cents a call")

    def spent(self, actor: Actor, spent: Spent) -> None:
        """Takes it down; it is written a moment later."""
        self._unwritten.append((actor, spent))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def session(self, actor: Actor, session_id: UUID) -> Sums:
        """What one call has cost so far."""
        async with self._database.reading(actor) as read:
            return await ModelCalls(read).sums(session_id=session_id)

    async def since(self, actor: Actor, since: datetime | None) -> Mapping[str, Sums]:
        """By purpose; None is for ever."""
        async with self._database.reading(actor) as read:
            return await ModelCalls(read).by_purpose(since)

    async def close(self) -> None:
        """Writes what is not written yet, where the store answers."""
        if self._writing is None:
            return
        try:
            async with asyncio.timeout(LONGEST_WAIT_AT_THE_END):
                await self._writing
                await self._write()
        except TimeoutError:
            _log.warning("the cost of %d model calls was not stored", len(self._unwritten))

    async def _write(self) -> None:
        while self._unwritten:
            actor, spent = self._unwritten[0]
            try:
                async with self._counting:
                    async with self._database.transaction(actor) as tx:
                        tx.add(_row(actor, spent))
                    del self._unwritten[0]
            except StoreTrouble as trouble:
                _log.warning("the cost of a model call waits for the store: %s", trouble.title)
                return


def _row(actor: Actor, spent: Spent) -> ModelCall:
    return ModelCall(
        user_id=actor.user_id,
        session_id=spent.session_id,
        purpose=spent.purpose,
        model=spent.model,
        input_tokens=spent.usage.input,
        cache_write_tokens=spent.usage.cache_write,
        cache_read_tokens=spent.usage.cache_read,
        output_tokens=spent.usage.output,
        cost=spent.cost,
        ms=spent.ms,
        outcome=spent.outcome,
        at=spent.at,
    )
