"""One attempt: note, time, status, proof. Each step is stored before the next begins, and begun again where it may have
been lost only after a look at what is there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from services.psa import moving, notes
from services.psa.failures import PsaFailed
from services.psa.model import Change, NewNote, Note, Worked
from services.psa.moving import PAUSE, NotSettled, Ready
from services.psa.provider import Provider
from services.team.settings import AccountValues
from services.walks.writebacks import Writeback
from services.writeback.held import LONGEST_WRITE, Held
from services.writeback.wanted import Lists, status_key, wanted
from storage.clocks import Ahead

ON_ITS_WAY = timedelta(seconds=30)
"""What was sent may arrive so long after nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    state: Literal["verified", "skipped"]
    why: str = ""
    status_name: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to be on the ticket once: how it is written, how it is found, where that is stored."""

    mark: str
    write: Callable[[], Awaitable[str]]
    there: Callable[[], Awaitable[tuple[Note, ...]]]
    begun: str
    done: str
    known: str


class Attempt:
    def __init__(
        self, held: Held, ticket: str, provider: Provider, account: AccountValues, lists: Lists, *, pause: float = PAUSE
    ) -> None:
        """`ticket` is the PSA's id of it; `pause` the seconds between two readings."""
        self._held = held
        self._ticket = ticket
        self._provider = provider
        self._account = account
        self._lists = lists
        self._pause = pause

    @property
    def _now(self) -> Writeback:
        return self._held.now

    async def run(self) -> Outcome:
        """Raises PsaFailed, LeaseLost."""
        self._require_same_psa()
        note, time = self._note(), self._time()
        for entry in (note, time):  # whatever became of the ticket since, what is there already is known to be there
            if entry is not None and self._begun(entry) and not self._done(entry):
                await self._found(entry)
        change = await wanted(self._now, self._account, self._lists)
        if change == Change() and self._done(note) and (time is None or self._done(time)):
            return self._skipped()
        ready = await moving.ready(self._provider, self._ticket, change, statuses=self._lists.statuses)
        for entry in (note, time):
            if entry is not None and not self._done(entry):
                await self._put(entry)
        return await self._move(ready) if change != Change() else self._skipped()

    def _require_same_psa(self) -> None:
        begun = self._now.provider
        if begun not in {"", self._provider.name}:
            said = f"it was begun in {begun}, and {self._provider.name} is set up here"
            raise PsaFailed("unset", said, hint="Let it be finished where that PSA is set up.")

    # What is written once

    def _note(self) -> Entry:
        resolution = self._now.kind == "resolution"
        title = "Resolution" if resolution else "Escalation"
        note = NewNote(self._now.markdown, internal=not resolution, resolution=resolution, title=title)
        return Entry(
            self._now.mark,
            lambda: self._provider.add_note(self._ticket, note),
            lambda: self._provider.notes(self._ticket),
            *("posting_at", "noted_at", "note_id"),
        )

    def _time(self) -> Entry | None:
        now = self._now
        if now.work_started_at is None or now.work_ended_at is None:
            return None
        mark = f"{now.mark}-time"
        text = notes.signed("Support on the phone.", mark).strip()
        worked = Worked(started_at=now.work_started_at, ended_at=now.work_ended_at, note=text, by=now.worked_by)
        return Entry(
            mark,
            lambda: self._provider.log_time(self._ticket, worked),
            lambda: self._provider.times(self._ticket),
            *("timing_at", "timed_at", "time_id"),
        )

    def _begun(self, entry: Entry) -> bool:
        return getattr(self._now, entry.begun) is not None

    def _done(self, entry: Entry) -> bool:
        return getattr(self._now, entry.done) is not None

    async def _put(self, entry: Entry) -> None:
        if self._begun(entry):
            self._require_arrived(entry)
        for last in (False, True):
            lost = await self._write(entry)
            if await self._found(entry):
                return
            if lost is None:
                lost = PsaFailed("lost", "it was accepted, and is not to be seen on the ticket", late=True)
            if last or lost.late:
                raise lost

    async def _write(self, entry: Entry) -> PsaFailed | None:
        """Gives why the answer was lost, where it was. Raises PsaFailed where nothing was written."""
        first = not self._begun(entry)
        await self._held.store(**{entry.begun: Ahead(), "provider": self._provider.name})
        try:
            await _bounded(entry.write())
        except PsaFailed as failed:
            if failed.why == "lost":
                return failed
            if first:
                await self._held.store(**{entry.begun: None})
            raise
        return None

    async def _found(self, entry: Entry) -> bool:
        """Looks for it, twice; what is found is stored."""
        for again in (False, True):
            if again:
                await asyncio.sleep(self._pause)
            note = notes.found(await entry.there(), entry.mark)
            if note is not None:
                await self._held.store(**{entry.done: Ahead(), entry.known: note.id})
                return True
        return False

    def _require_arrived(self, entry: Entry) -> None:
        """Raises PsaFailed where what an earlier attempt sent may still be on its way."""
        begun, tried = getattr(self._now, entry.begun), self._now.tried_at
        if begun is not None and tried is not None and tried - begun < ON_ITS_WAY:
            raise PsaFailed("lost", "it may still be on its way; nothing is written twice", late=True)

    # The status, and what goes with it

    async def _move(self, ready: Ready) -> Outcome:
        change = ready.change
        meant = {"status": change.status, "board": change.board, "team": change.team, "owner": change.owner}
        meant = {name: value for name, value in meant.items() if value}
        if ready.status is not None:
            meant["status_name"] = ready.status.name
        accepted = self._now.changed_at is not None and self._now.wanted == meant
        lost: PsaFailed | None = None
        if not accepted and (not ready.there or change.team or change.owner):
            lost = await self._change(change, meant)
        elif not accepted:
            await self._held.store(wanted=meant)  # it is so already
        try:
            found = await moving.settled(self._provider, self._ticket, change, pause=self._pause)
        except NotSettled:
            if lost is None:
                raise
            again = await self._change(change, meant)
            if again is not None:
                raise again from None
            found = await moving.settled(self._provider, self._ticket, change, pause=self._pause)
        if not change.status:
            return replace(self._skipped(), status_name=found.status.name)
        return Outcome("verified", status_name=found.status.name)

    async def _change(self, change: Change, meant: dict[str, str]) -> PsaFailed | None:
        """Gives why the answer was lost, where it was: doing it again does no harm."""
        await self._held.store(wanted=meant, changing_at=Ahead(), changed_at=None)
        try:
            await _bounded(self._provider.change(self._ticket, change))
        except PsaFailed as failed:
            if failed.why != "lost":
                raise
            return failed
        await self._held.store(changed_at=Ahead())
        return None

    def _skipped(self) -> Outcome:
        return Outcome("skipped", f"{status_key(self._now)} is not set, so the status was left alone")


async def _bounded(writing: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(LONGEST_WRITE):
            await writing
    except TimeoutError as error:
        raise PsaFailed("lost", late=True) from error
