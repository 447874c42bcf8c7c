"""What the next keys lead to is loaded before they come, piece by piece, and never while somebody types."""

import asyncio
import time
from importlib import import_module

MODULES = (
    "screens.writing",
    "services.intake.service",
    "screens.intake",
    "screens.walk",
    "services.matching.index",
)
"""What a new call and a walk take."""

QUIET_SECONDS = 0.3
"""Without a key for so long, nobody is typing."""


class Idle:
    def __init__(self) -> None:
        self._key_at = 0.0

    def key(self) -> None:
        """Somebody has pressed one."""
        self._key_at = time.monotonic()

    async def load(self) -> None:
        for module in MODULES:
            await self.quiet()
            await asyncio.to_thread(import_module, module)

    async def quiet(self) -> None:
        """Waits until nobody types."""
        while (left := self._key_at + QUIET_SECONDS - time.monotonic()) > 0:  # noqa: ASYNC110  # until the last key
            await asyncio.sleep(left)
