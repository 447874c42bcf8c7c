"""Tells the other terminals of an account that something changed, where the database does not by itself: soon, not
with the change. Only a hint: whoever hears it looks again, and who missed it looks with the next one.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)
_REST_SECONDS = 0.5
"""After a ring: of many steps at once, the others hear once."""


class Bell:
    def __init__(self, driver: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._driver = driver
        self._accounts: set[UUID] = set()
        self._ringing: asyncio.Task[None] | None = None
        self._leaving = asyncio.Event()

    def ring(self, account_id: UUID) -> None:
        self._accounts.add(account_id)
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def close(self) -> None:
        """What is still to be rung is."""
        self._leaving.set()
        if self._ringing is not None and not self._ringing.done():
            await asyncio.wait([self._ringing])

    async def _ring(self) -> None:
        while self._accounts:
            account_id = self._accounts.pop()
            try:
                async with self._driver() as driver:
                    await driver.execute(f"SELECT private.ring_for('{account_id}')")
                async with asyncio.timeout(_REST_SECONDS):
                    await self._leaving.wait()
            except TimeoutError:
                continue
            except StoreTrouble as trouble:
                _log.info("no bell was rung: %s", trouble)
                return
            except Exception:  # noqa: BLE001  # a hint that fails stops nobody
                _log.exception("no bell was rung")  # the change itself is stored, and the next one rings again
                return
