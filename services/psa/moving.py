"""Writing to a ticket safely: what is looked at before, and the proof afterwards. Each step is one call, for a journal.

    ready -> noted? -> add_note -> change -> settled

Nothing here writes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from services.psa import notes
from services.psa.failures import PsaFailed
from services.psa.model import Change, Note, Status, Ticket, named
from services.psa.provider import Provider

PAUSE = 1.5
"""Seconds between two readings: workflows of the PSA act a moment later, and so do the last of its caches."""


@dataclass(frozen=True, slots=True)
class Ready:
    ticket: Ticket
    status: Status | None
    """The one that is wanted, of the board that the ticket will be on; None where none is."""
    change: Change
    """What is wanted, with the status by its id."""

    @property
    def there(self) -> bool:
        """The ticket already has the status, on the board that is wanted."""
        return self.status is not None and _is(self.ticket, self.change)


class NotSettled(PsaFailed):
    """It was accepted, and the ticket says something else."""

    title = "The PSA did not keep the status"

    def __init__(self, wanted: str, found: Ticket) -> None:
        has = f"{found.status.name or 'status'} ({found.status.id}) on {found.board.name or found.board.id}"
        super().__init__("rejected", f"wanted status {wanted}, the ticket has {has}", hint="Set it in the PSA itself.")
        self.found = found


async def ready(
    provider: Provider,
    ticket: str,
    change: Change,
    *,
    statuses: Callable[[str], Awaitable[Iterable[Status]]] | None = None,
) -> Ready:
    """The ticket, open, and the wanted status, by id or name, of the right board. `statuses` is where those of a board
    are read, unless it is the provider. Raises PsaFailed: `gone`, `closed`, `rejected`.

    A ticket that is closed but has the wanted status already is ready too: somebody has done it.
    """
    found = await provider.ticket(ticket)
    status = None
    if change.status:
        board = change.board or found.board.id
        listed = tuple(await (statuses or provider.statuses)(board))
        status = named(listed, change.status)
        if status is None:
            name = found.board.name if board == found.board.id else board
            known = ", ".join(f"{each.id} {each.name}" for each in listed)
            raise PsaFailed(
                "rejected", f"board {name} has no status {change.status}", hint=f"It has: {known or 'none'}."
            )
    if found.status.closes and (status is None or found.status.id != status.id):
        raise PsaFailed("closed", f"ticket {found.number}: {found.status.name}".rstrip(": "))
    return Ready(found, status, change if status is None else replace(change, status=status.id))


async def noted(provider: Provider, ticket: str, mark: str) -> Note | None:
    """The note with this reference, read anew; None where there is none yet."""
    return notes.found(await provider.notes(ticket), mark)


async def settled(provider: Provider, ticket: str, change: Change, *, pause: float = PAUSE) -> Ticket:
    """The ticket, after two readings `pause` seconds apart in which it was what `change` wants.

    One that is late gets a third. Raises NotSettled; PsaFailed where it cannot be read.
    """
    kept = 0
    for reading in range(3):
        if reading:
            await asyncio.sleep(pause)
        found = await provider.ticket(ticket)
        kept = kept + 1 if _is(found, change) else 0
        if kept == 2:  # noqa: PLR2004  # twice, as the docstring says
            return found
        if reading and not kept:
            break
    raise NotSettled(change.status or "as it was", found)


def _is(found: Ticket, change: Change) -> bool:
    """Team and owner are told by name and wanted by id, so the status and its board stand for all that was changed."""
    return change.status in ("", found.status.id) and change.board in ("", found.board.id)
