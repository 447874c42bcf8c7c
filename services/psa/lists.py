"""Which of the PSA's tickets a queue shows: somebody's own and those of a board, or else all that are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

EVERY_SECONDS = 60
"""From one reading of a list to the next."""
MOST_KEPT = 2000
"""Tickets of one list; the newest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One list. Terminals that show the same one share what is kept of it."""

    provider: str
    owner: str = ""
    """As the person signs in to the PSA."""
    board: str = ""
    """An id or a name."""

    @property
    def name(self) -> str:
        """What it is kept under."""
        if self.owner:
            return f"{self.provider} owner {self.owner.casefold()}"
        return f"{self.provider} board {self.board.casefold()}" if self.board else f"{self.provider} all"


def lists(provider: str, user: str, board: str) -> tuple[Listed, ...]:
    """Two at the most; none where no PSA is set up."""
    if not provider:
        return ()
    named = [Listed(provider, owner=user.strip())] * bool(user.strip())
    named += [Listed(provider, board=board.strip())] * bool(board.strip())
    return tuple(named) or (Listed(provider),)


class Kept(Protocol):
    """What is known of one list."""

    @property
    def refreshed_at(self) -> datetime | None: ...
    @property
    def failed_at(self) -> datetime | None: ...
    @property
    def error(self) -> str: ...
    @property
    def tickets(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PsaNews:
    """How old it is what a queue shows of the PSA."""

    refreshed_at: datetime | None
    """Of the list that is oldest; None where one of them was never read."""
    failed_at: datetime | None = None
    """None where the last attempt of each succeeded."""
    error: str = ""
    more: bool = False
    """There may be more open tickets than are kept."""


def news(kept: Sequence[Kept], wanted: int) -> PsaNews:
    """Of so many lists."""
    read = [each.refreshed_at for each in kept if each.refreshed_at is not None]
    failed = next((each for each in kept if each.failed_at is not None), None)
    return PsaNews(
        min(read) if read and len(read) == wanted else None,
        None if failed is None else failed.failed_at,
        "" if failed is None else failed.error,
        any(each.tickets >= MOST_KEPT for each in kept),
    )
