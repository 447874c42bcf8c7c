"""What a technician needs of a PSA. One file a provider fills it; nobody else knows which one is spoken to.

Every method raises PsaFailed. Reading never changes anything and may be repeated. What writes (`add_note`, `change`,
`log_time`) tries once: `lost` means that it may have happened, every other failure that it has not.
"""

from typing import Protocol

from services.psa.model import Board, Change, NewNote, Note, Status, Ticket, Worked

MOST = 200
"""Tickets of a list, unless more are asked for."""


class Provider(Protocol):
    @property
    def name(self) -> str:
        """As the setting `psa.provider` has it."""

    @property
    def at_once(self) -> int:
        """So many requests may be under way; more wait for their turn."""

    async def host(self) -> str:
        """Finds out where the API is, without credentials where that is possible; gives its address."""

    async def sign_in(self) -> str:
        """Proves the credentials by reading something; gives one line on what was seen."""

    async def boards(self) -> tuple[Board, ...]: ...

    async def statuses(self, board: str) -> tuple[Status, ...]:
        """Those that a ticket on this board may have, fresh; HaloPSA and Autotask have the same for all."""

    async def tickets(self, *, owner: str = "", board: str = "", most: int = MOST) -> tuple[Ticket, ...]:
        """Open ones, newest first; of an owner and of a board (both where both are given)."""

    async def ticket(self, ticket: str) -> Ticket:
        """As it is now, never from a cache. Raises `gone`."""

    async def notes(self, ticket: str) -> tuple[Note, ...]:
        """All of them, newest first."""

    async def may_note(self, ticket: str) -> str:
        """Whether notes may be added, without adding one; gives one line on how that is known. Raises `rejected`."""

    async def add_note(self, ticket: str, note: NewNote) -> str:
        """Gives its id."""

    async def change(self, ticket: str, change: Change) -> None:
        """That it was accepted is no proof that it happened: read it back (`moving.settled`)."""

    async def times(self, ticket: str) -> tuple[Note, ...]:
        """The texts of its time entries, newest first: where a reference is looked for after a lost answer."""

    async def log_time(self, ticket: str, worked: Worked) -> str:
        """Gives the entry's id."""

    async def close(self) -> None:
        """In the loop in which it was used."""
