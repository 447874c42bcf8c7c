"""What a ticket is to become, by the account's settings as they are now: a setting that was mended counts at once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from services.psa import notes
from services.psa.failures import PsaFailed
from services.psa.model import Board, Change, Status, named
from services.psa.provider import Provider
from services.team.settings import AccountValues
from services.walks.writebacks import Writeback

RESOLVED, ESCALATED, BOARD = "psa.resolved_status_id", "psa.escalated_status_id", "psa.escalation_board"
LISTED = 12
"""Names in one line."""

T = TypeVar("T")


class Lists:
    """Boards and their statuses, and the account's settings, each read once: as long as one outbox is worked through,
    they hold."""

    account: AccountValues | None = None

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._reading: dict[str, asyncio.Task[Any]] = {}

    async def boards(self) -> tuple[Board, ...]:
        return await self._once("", self._provider.boards)

    async def statuses(self, board: str) -> tuple[Status, ...]:
        return await self._once(f"board {board}", lambda: self._provider.statuses(board))

    async def _once(self, name: str, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        known = self._reading.get(name)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            known = self._reading[name] = asyncio.create_task(read())
        listed: T = await asyncio.shield(known)  # whoever else waits for it goes on
        return listed


def status_key(writeback: Writeback) -> str:
    """The setting that names the status."""
    return RESOLVED if writeback.kind == "resolution" else ESCALATED


async def wanted(writeback: Writeback, account: AccountValues, lists: Lists) -> Change:
    """Empty where the account wants none. Raises PsaFailed `rejected` where there is no such board."""
    if writeback.kind == "resolution":
        status = account.psa_resolved_status_id or ""
        return Change(status=status, resolution=notes.plain(writeback.text) if status else "")
    board = account.psa_escalation_board or ""
    if board:
        boards = await lists.boards()
        found = named(boards, board)
        if found is None:
            names = ", ".join(f"{each.id} {each.name}" for each in boards[:LISTED]) or "none"
            raise PsaFailed("rejected", f"there is no board {board}", hint=f"Mend {BOARD}; there are: {names}.")
        board = found.id
    return Change(
        status=account.psa_escalated_status_id or "",
        board=board,
        team=account.psa_escalation_team or "",
        owner=account.psa_escalation_owner or "",
    )
