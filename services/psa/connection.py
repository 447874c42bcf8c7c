"""The PSA that is set up, as people see it: whether it works, step by step, and what lies in it."""

from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from typing import Literal, TypeVar

from services.access import Act, Actor
from services.access.acting import reading
from services.psa.failures import PsaFailed
from services.psa.model import Board, Status, Ticket, named
from services.psa.provider import MOST, Provider
from services.psa.steps import BOARD, ESCALATED, RESOLVED, Step
from services.team.settings import AccountValues, values
from storage.database import Database

MOST_BOARDS = 30
"""Looked through for a status."""
LISTED = 12
"""Names in one line."""

T = TypeVar("T")


class Connection:
    def __init__(self, database: Database, provider: Provider) -> None:
        self._database = database
        self.provider = provider

    async def close(self) -> None:
        await self.provider.close()

    async def tickets(self, actor: Actor, *, owner: str = "", board: str = "", most: int = MOST) -> tuple[Ticket, ...]:
        """Open ones; `board` is an id or a name. Raises NotAllowed, PsaFailed."""
        await self._account(actor)
        if board and (known := named(await self.provider.boards(), board)) is not None:
            board = known.id
        return await self.provider.tickets(owner=owner, board=board, most=most)

    async def check(self, actor: Actor, ticket: str = "") -> AsyncIterator[Step]:
        """Each step as soon as it is known; those that need a step that failed are left out. Writes nothing.

        The permission to note is asked for on `ticket`, or on the newest open one. Raises NotAllowed.
        """
        account = await self._account(actor)
        for name, asked in (("host", self.provider.host), ("credentials", self.provider.sign_in)):
            step = await _tried("host" if name == "host" else "credentials", asked())
            yield step
            if step.state == "fail":
                return
        try:
            boards = await self.provider.boards()
        except PsaFailed as failed:
            yield _failed("board", failed)
        else:
            yield _board(boards, account.psa_escalation_board)
            yield await self._statuses(boards, account)
        yield await self._notes(ticket)

    async def _account(self, actor: Actor) -> AccountValues:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            return await values(read)

    async def _statuses(self, boards: Sequence[Board], account: AccountValues) -> Step:
        wanted = {RESOLVED: account.psa_resolved_status_id, ESCALATED: account.psa_escalated_status_id}
        target = named(boards, account.psa_escalation_board or "")
        places = {RESOLVED: boards, ESCALATED: boards if target is None else [target]}
        good, missing, unset = list[str](), list[str](), list[str]()
        seen: dict[str, tuple[Status, ...]] = {}
        try:
            for key, status in wanted.items():
                if status is None:
                    unset.append(key)
                    continue
                found = await self._found(status, places[key], seen)
                (missing if found is None else good).append(f"{key} {status} {found or 'is on no board'}")
            if (missing or unset) and not seen and boards:
                seen[boards[0].name] = await self.provider.statuses(boards[0].id)
        except PsaFailed as failed:
            return _failed("statuses", failed)
        told = "; ".join([*missing, *good, *(f"{key} is not set, so that status is left alone" for key in unset)])
        mend = f"rfl1 account set {next(iter(missing or unset), RESOLVED).split()[0]} ID{_choice(seen)}"
        state: Literal["ok", "warn", "fail"] = "fail" if missing else "warn" if unset else "ok"
        return Step("statuses", state, told, "" if state == "ok" else mend)

    async def _found(self, status: str, boards: Iterable[Board], seen: dict[str, tuple[Status, ...]]) -> str | None:
        """Where the status is, in words."""
        for board in list(boards)[:MOST_BOARDS]:
            if board.name not in seen:
                seen[board.name] = await self.provider.statuses(board.id)
            if (each := named(seen[board.name], status)) is not None:
                return f"is {each.name} on {board.name}"
        return None

    async def _notes(self, ticket: str) -> Step:
        try:
            if not ticket:
                newest = await self.provider.tickets(most=1)
                if not newest:
                    return Step("notes", "warn", "there is no open ticket to ask on", "Name one: --ticket ID")
                ticket = newest[0].id
            return Step("notes", "ok", f"ticket {ticket}: {await self.provider.may_note(ticket)}")
        except PsaFailed as failed:
            return _failed("notes", failed)


async def _tried(name: Literal["host", "credentials"], work: Awaitable[str]) -> Step:
    try:
        return Step(name, "ok", await work)
    except PsaFailed as failed:
        return _failed(name, failed)


_MEND = {
    "host": "Look at RFL1_PSA_URL and the network",
    "credentials": "Look at the keys in RFL1_PSA_*; make new ones in the PSA if in doubt",
}


def _failed(name: Literal["host", "credentials", "board", "statuses", "notes"], failed: PsaFailed) -> Step:
    """Its own hint, unless that only points here."""
    mend = failed.hint if "psa check" not in failed.hint else _MEND.get(name, "Try again in a moment")
    return Step(name, "fail", failed.detail, mend)


def _board(boards: Sequence[Board], wanted: str | None) -> Step:
    names = ", ".join(board.name for board in boards[:LISTED]) or "none"
    if wanted is None:
        return Step("board", "ok", f"{len(boards)} to be seen ({names}); escalated tickets stay where they are")
    if (found := named(boards, wanted)) is not None:
        return Step("board", "ok", f"{len(boards)} to be seen; escalated tickets go to {found.name}")
    listed = ", ".join(f"{board.id} {board.name}" for board in boards[:LISTED]) or "none"
    return Step("board", "fail", f"there is no board {wanted}", f"rfl1 account set {BOARD} ID; there are: {listed}")


def _choice(seen: dict[str, tuple[Status, ...]]) -> str:
    if not seen:
        return ""
    board, statuses = next(iter(seen.items()))
    return f"; {board} has: {', '.join(f'{each.id} {each.name}' for each in statuses[:LISTED])}"
