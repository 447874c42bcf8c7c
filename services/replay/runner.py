"""Runs scripts, several at a time, and never holds more than those under way."""

import asyncio
from collections.abc import Callable, Iterable

from services.access import Actor
from services.replay.call import ReplayedCall, Tell
from services.replay.result import Failure, Result
from services.replay.script import Broken, Script
from services.replay.through import Through


class Replay:
    def __init__(self, through: Through) -> None:
        self._through = through

    async def run(self, actor: Actor, script: Script | Broken, tell: Tell) -> Result:
        """`tell` hears of every change once it is stored. A script that fails is a result; trouble is the store's."""
        if isinstance(script, Broken):
            failure = Failure("script", "a session script", script.says)
            return Result(script=script.source, failures=(failure,), prevented=script.unopened)
        return await ReplayedCall(script, actor, tell, self._through).run()

    async def run_all(
        self,
        actor: Actor,
        scripts: Iterable[Script | Broken],
        *,
        workers: int,
        tell: Tell,
        done: Callable[[Result], None],
    ) -> None:
        """Each result goes to `done` as soon as it is there."""
        waiting = iter(scripts)

        async def work() -> None:
            for script in waiting:
                done(await self.run(actor, script, tell))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(work())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
