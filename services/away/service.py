"""The walk of an authored flow, and free notes, go on while the store cannot be reached: from what is in memory, kept
on this machine, stored in their order when it is back, each exactly once.

What does not fit then, since somebody else was there meanwhile, becomes a note of the call; nothing is dropped.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from services.access import Actor
from services.away.entries import Answered, Entry, Noted, StepNoted, read, written
from services.clock import Clock
from services.errors import Conflict, Refused
from services.walks.answering import Around, kept_reply, taken
from services.walks.model import Note, Person, Reply, Walk
from services.walks.service import Walks
from services.walks.texts import kept
from storage.aside import Aside, Kept
from storage.errors import StoreBusy, StoreReadOnly, StoreUnreachable
from storage.written import Unreadable

T = TypeVar("T")

AWAY = (StoreUnreachable, StoreBusy, StoreReadOnly)
"""What a server raises that is gone, full of others, or has become a standby: it may be back in a minute."""
LIMIT = 3.0
"""Seconds after which a store that says nothing counts as away. What it was asked for may still happen there."""


class Away:
    """The changes of `Walks` that go on without the store. Everything else needs it, and says so."""

    def __init__(self, walks: Walks, aside: Aside, unfit: Path, clock: Clock) -> None:
        """`unfit` is a folder for what cannot even become a note any more."""
        self._walks = walks
        self._aside = aside
        self._unfit = unfit
        self._clock = clock
        self._around: dict[UUID, Around] = {}
        self._holding: set[UUID] = set()

    async def prepare(self, actor: Actor, walk: Walk) -> None:
        """Reads what answers to this walk may need when nothing can be read any more."""
        if walk.kind in {"flow", "proposal"} and walk.id not in self._around:
            self._around[walk.id] = await self._walks.around(actor, walk)

    async def answer(self, actor: Actor, walk: Walk, reply: Reply, *, node_id: str, step_id: UUID) -> Walk:
        """As `Walks.answer`."""
        if walk.kept_here:
            return await self._answer_aside(actor, walk, reply, node_id, step_id)
        try:
            return await _in_time(self._walks.answer(actor, walk, reply, node_id=node_id, step_id=step_id))
        except AWAY:
            if walk.kind not in {"flow", "proposal"}:
                raise
            return await self._answer_aside(actor, walk, reply, node_id, step_id)

    async def note_step(self, actor: Actor, walk: Walk, text: str) -> Walk:
        """As `Walks.note_step`."""
        if not walk.kept_here:
            try:
                return await _in_time(self._walks.note_step(actor, walk, text))
            except AWAY:
                if walk.pending is None:
                    raise
        text = kept(text, "the note")
        entry = StepNoted("" if walk.pending is None else walk.pending.id, text)
        return await self._keep(actor, replace(walk, pending_note=text.strip() or None), entry)

    async def save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk:
        """As `Walks.save_note`."""
        if not walk.kept_here:
            try:
                return await _in_time(self._walks.save_note(actor, walk, note_id, text))
            except AWAY:
                pass
        text, now = kept(text, "the note"), self._clock()
        note = Note(note_id, text, now, now, Person(actor.user_id, actor.name))
        others = (each for each in walk.notes if each.id != note_id)
        return await self._keep(actor, replace(walk, notes=(*others, note)), Noted(note_id, text))

    async def open(self, actor: Actor, call: UUID) -> Walk:
        """As `Walks.open`, with what is kept here stored first; raises what `catch_up` raises too, and StoreUnreachable
        soon: keys wait for it."""
        if call in self._holding:
            return await self.catch_up(actor, call)
        return await _in_time(self._walks.open(actor, call))

    @property
    def holding(self) -> frozenset[UUID]:
        """Calls of which this run of the program keeps something here, as far as it has looked; in memory."""
        return frozenset(self._holding)

    async def back(self, actor: Actor, walk: Walk) -> bool:
        """Whether the store answers again."""
        try:
            await _in_time(self._walks.open(actor, walk.id))
        except AWAY:
            return False
        return True

    async def calls(self, actor: Actor) -> tuple[UUID, ...]:
        """Those of which something is kept here."""
        found = tuple(dict.fromkeys(each.call for each in await asyncio.to_thread(self._aside.all, actor.user_id)))
        self._holding.update(found)
        return found

    async def catch_up(self, actor: Actor, call: UUID) -> Walk:
        """Stores what is kept here of this call. Gives the walk as it is then.

        Raises StoreTrouble while the store is still away; Conflict where not all of it fitted any more, with where
        that is now.
        """
        waiting = await asyncio.to_thread(self._aside.of, actor.user_id, call)
        walk = await _in_time(self._walks.open(actor, call))
        unfit: list[Entry] = []
        reason = ""
        for each in waiting:
            entry = _entry(each)
            if unfit and not isinstance(entry, Noted):
                unfit.append(entry)
                continue
            try:
                walk = await self._store(actor, walk, entry)
            except (Conflict, Refused) as refused:
                unfit.append(entry)
                reason = reason or refused.detail
        where = await self._set_down(actor, walk, unfit) if unfit else ""
        if not await asyncio.to_thread(self._dropped, actor, call, waiting):
            self._holding.discard(call)
        if unfit:
            raise Conflict(f"not all that was kept here could be stored ({reason})", where)
        return walk

    async def _answer_aside(self, actor: Actor, walk: Walk, reply: Reply, node_id: str, step_id: UUID) -> Walk:
        around, reply, now = self._around.get(walk.id, Around()), kept_reply(reply), self._clock()
        taking = taken(actor, walk, reply, around, node_id=node_id, step_id=step_id, note=None, now=now)
        step = taking.step
        entry = Answered(step_id, node_id, reply, step.note, now, step.pending.node.text, step.answer_label)
        return await self._keep(actor, taking.moved(walk), entry)

    async def _keep(self, actor: Actor, moved: Walk, entry: Entry) -> Walk:
        def write() -> int:
            before = [each for each in self._aside.of(actor.user_id, moved.id) if _same(_entry(each), entry)]
            self._aside.keep(actor.user_id, moved.id, written(entry))
            self._drop(before)
            return len(self._aside.of(actor.user_id, moved.id))

        self._holding.add(moved.id)
        return replace(moved, kept_here=await asyncio.to_thread(write), repeated=False)

    def _dropped(self, actor: Actor, call: UUID, entries: Iterable[Kept]) -> bool:
        """Whether there is more of the call, that came meanwhile."""
        self._drop(entries)
        return bool(self._aside.of(actor.user_id, call))

    def _drop(self, entries: Iterable[Kept]) -> None:
        for each in entries:
            self._aside.drop(each)

    async def _store(self, actor: Actor, walk: Walk, entry: Entry) -> Walk:
        try:
            return await self._stored(actor, walk, entry)
        except Conflict:  # what somebody else did this moment may leave room for it
            return await self._stored(actor, await self._walks.open(actor, walk.id), entry)

    async def _stored(self, actor: Actor, walk: Walk, entry: Entry) -> Walk:
        match entry:
            case Answered(node_id=node_id, step_id=step_id, reply=reply, at=at):
                if any(step.step_id == step_id for step in walk.path):  # the store had it, and its answer was lost
                    return walk
                note = None if entry.note == walk.pending_note else entry.note
                return await self._walks.answer(actor, walk, reply, node_id=node_id, step_id=step_id, note=note, at=at)
            case StepNoted(node_id, text):
                if walk.pending is None or walk.pending.id != node_id:
                    return walk  # it went with the answer to that node
                return await self._walks.note_step(actor, walk, text)
            case Noted(note_id, text):
                return await self._walks.save_note(actor, walk, note_id, text)

    async def _set_down(self, actor: Actor, walk: Walk, unfit: Sequence[Entry]) -> str:
        """Keeps what did not fit where a person finds it. Gives where that is."""
        text = "\n".join([f"While the store was away, {actor.name} went on with:", *map(_told, unfit)])
        try:  # under an id that trying again gives again
            await self._store(actor, walk, Noted(uuid5(walk.id, text), text))
        except (Conflict, Refused):
            path = self._unfit / f"call-{walk.id}-{uuid4().hex[:8]}.txt"
            await asyncio.to_thread(_write, path, text)
            return f"The call takes no notes any more; it is in {path}."
        return "It is a note of the call now; look what the others did."


def _entry(kept_here: Kept) -> Entry:
    try:
        return read(kept_here.written)
    except Unreadable:  # by another version of this program: a person may make something of it
        return Noted(uuid5(kept_here.call, kept_here.written), kept_here.written)


def _same(one: Entry, other: Entry) -> bool:
    """Whether the newer one takes the older one's place."""
    match one, other:
        case Noted(first), Noted(second):
            return first == second
        case StepNoted(first_node), StepNoted(second_node):
            return first_node == second_node
    return False


def _told(entry: Entry) -> str:
    match entry:
        case Answered(text=text, label=label, note=note, at=at):
            return f"{at:%H:%M} UTC {text} {label}{f' ({note})' if note else ''}"
        case StepNoted(text=text) | Noted(text=text):
            return text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8", errors="replace")


async def _in_time(doing: Coroutine[Any, Any, T]) -> T:
    """What it gives; raises StoreUnreachable where that takes too long, and lets it end by itself: a statement that is
    under way must not be cancelled."""
    task = asyncio.create_task(doing)
    done, _ = await asyncio.wait({task}, timeout=LIMIT)
    if done:
        return task.result()
    task.add_done_callback(lambda ended: None if ended.cancelled() else ended.exception())
    raise StoreUnreachable(
        f"it has not answered for {LIMIT:.0f} seconds", "Check the network and that the server runs."
    )
