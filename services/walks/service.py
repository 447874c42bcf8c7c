"""The session's life: everything that can be done with a call, each against the walk that the caller saw.

Every change gives the next walk; one made against an old state is refused, and says who was faster.
"""

import json
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from services.access import Act, Actor
from services.builder.ahead import Ahead
from services.builder.protocol import Builder, Show
from services.clock import Clock
from services.errors import Refused
from services.flows.library import Library
from services.team import audit
from services.walks.answering import Answering, Around, joined, require_own, require_steps
from services.walks.building import Building
from services.walks.changes import Change, Sheet
from services.walks.closing import Closing
from services.walks.intents import Work
from services.walks.model import (
    HandOver,
    Note,
    Person,
    Reply,
    SessionSummary,
    Status,
    Step,
    Walk,
)
from services.walks.records import (
    frames_from_json,
    frames_to_json,
    pending_from_json,
    pending_to_json,
    position_from_json,
)
from services.walks.settling import Settle, Settlement, nothing_to_settle
from services.walks.texts import kept
from services.walks.trees import Trees
from storage.database import Database
from storage.repository import Notes
from storage.tables import NoteEntry
from storage.walks import Sessions

NOTES_LIMIT = 256 * 1024
"""Bytes that all free notes of a session may have, written as UTF-8 JSON."""


class Walks:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        library: Library,
        builder: Builder,
        ahead: Ahead | None = None,
        *,
        settle: Settle = nothing_to_settle,
        signs_in_as: str = "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._trees = Trees(library)
        self._sheet = Sheet(database, clock, self._trees)
        self._building = Building(database, clock, self._sheet, builder, ahead)
        self._answering = Answering(database, clock, self._sheet, self._trees, self._building)
        self._closing = Closing(database, clock, self._sheet, settle, signs_in_as)

    async def open(self, actor: Actor, session_id: UUID) -> Walk:
        """The whole session as it stands, its pending node word for word. Raises NotFound."""
        walk = await self._sheet.open(actor, session_id)
        if not _has(actor, walk):
            self._building.forget(walk)
        return walk

    async def listed(
        self, actor: Actor, *, status: Status | None = None, mine: bool = False, limit: int = 200
    ) -> tuple[SessionSummary, ...]:
        """Newest first."""
        statuses, of = None if status is None else (status,), actor.user_id if mine else None
        return await self._sheet.listed(actor, Act.READ_SESSIONS, statuses=statuses, of=of, limit=limit)

    async def resumable(self, actor: Actor) -> tuple[SessionSummary, ...]:
        """The actor's own calls under way, at most 20, the latest step first."""
        statuses, of = ("active", "paused"), actor.user_id
        return await self._sheet.listed(actor, Act.TAKE_CALLS, statuses=statuses, of=of, limit=20, by="step")

    async def answer(
        self,
        actor: Actor,
        walk: Walk,
        reply: Reply,
        *,
        node_id: str | None = None,
        step_id: UUID | None = None,
        note: str | None = None,
        at: datetime | None = None,
    ) -> Walk:
        """See `Answering.answer`."""
        return await self._answering.answer(actor, walk, reply, node_id=node_id, step_id=step_id, note=note, at=at)

    async def around(self, actor: Actor, walk: Walk) -> Around:
        """See `Answering.around`."""
        return await self._answering.around(actor, walk)

    async def next_node(self, actor: Actor, walk: Walk, *, show: Show | None = None, by_playbook: bool = False) -> Walk:
        """Makes and stores the node that an AI-built walk waits for. Raises BuildFailed with the reason.

        `show` gets its text while it is written; `by_playbook` turns to the bundled playbook, and the walk stays there.
        """
        actor.require(Act.TAKE_CALLS)
        return await self._building.next_node(actor, walk, show=show, by_playbook=by_playbook)

    async def first_node(self, actor: Actor, walk: Walk) -> Walk:
        """A walk that has just begun, with its first node where that costs no wait."""
        await self._building.prepared()
        return await self._building.next_node(actor, walk) if self._building.ready(actor, walk) else walk

    async def back(self, actor: Actor, walk: Walk) -> Walk:
        """Takes the last step back: it stays on record, its node is pending again. Out of free notes first."""
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ("active",)) as change:
            require_own(walk, actor)
            row, path = change.row, walk.path
            row.last_step_at = change.now
            if row.free_notes and row.kind != "adhoc":
                row.free_notes = False
            else:
                path = await _take_back(change, walk)
            frames = frames_from_json(row.frames)
            known = all(frame.tree in walk.trees for frame in frames)
            # The walk is as the store has it, or the change would have been refused.
            moved = replace(
                _moved(walk, actor, change.now),
                free_notes=False,
                pending=None if row.pending is None else pending_from_json(row.pending),
                pending_note=row.pending_note,
                path=path,
                frames=frames,
                trees=walk.trees if known else await self._trees.of(change.tx, frames),
                verified=row.verified,
                last_step_at=change.now,
            )
        self._database.ring(actor)
        self._building.look_ahead(actor, moved)
        return moved

    async def note_step(self, actor: Actor, walk: Walk, text: str) -> Walk:
        """The note on the step that is not taken yet; an empty one takes it away."""
        actor.require(Act.TAKE_CALLS)
        text = kept(text, "the note")
        async with self._sheet.change(actor, walk, ("active",)) as change:
            require_own(walk, actor)
            require_steps(walk)
            change.row.pending_note = text.strip() or None
        return _moved(replace(walk, pending_note=text.strip() or None), actor, change.now)

    async def save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk:
        """Keeps one free note under the id that the client gave it; saving it again replaces its text.

        Raises Refused where all notes together would be longer than `NOTES_LIMIT`.
        """
        actor.require(Act.TAKE_CALLS)
        _fit([text])
        text = kept(text, "the note", NOTES_LIMIT)
        return await self._sheet.once(
            actor,
            walk,
            self._save_note(actor, walk, note_id, text),
            lambda now: any((note.id, note.text, note.by.id) == (note_id, text, actor.user_id) for note in now.notes),
        )

    async def _save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk:
        async with self._sheet.change(actor, walk, ("active",)) as change:
            row, now = change.row, change.now
            # The walk is as the store has it, or the change would have been refused.
            others = tuple(note for note in walk.notes if note.id != note_id)
            _fit([*(note.text for note in others), text])
            stored = await Notes(change.tx).get(note_id)
            if stored is None:
                given = {"id": note_id, "session_id": row.id, "author_id": actor.user_id, "text": text}
                stored = NoteEntry(**given, created_at=now, updated_at=now)
                change.tx.add(stored)
            elif (stored.session_id, stored.author_id) != (row.id, actor.user_id):
                raise Refused("this note is a colleague's", "Write one of your own.")
            else:
                stored.text, stored.updated_at = text, now
        note = Note(note_id, text, stored.created_at, now, Person(actor.user_id, actor.name))
        notes = sorted((*others, note), key=lambda each: (each.at, each.id))
        return _moved(replace(walk, notes=tuple(notes)), actor, now)

    async def to_notes(self, actor: Actor, walk: Walk) -> Walk:
        """Leaves the tree for free notes; the path stays, and `back` returns to the node."""
        actor.require(Act.TAKE_CALLS)
        self._building.forget(walk)
        changing = self._to_notes(actor, walk)
        return await self._sheet.once(actor, walk, changing, lambda now: now.status == "active" and now.free_notes)

    async def _to_notes(self, actor: Actor, walk: Walk) -> Walk:
        async with self._sheet.change(actor, walk, ("active",)) as change:
            require_own(walk, actor)
            change.row.free_notes = True
        return _moved(replace(walk, free_notes=True, pending=None), actor, change.now)

    async def pause(self, actor: Actor, walk: Walk) -> Walk:
        actor.require(Act.TAKE_CALLS)
        self._building.forget(walk)
        return await self._sheet.once(actor, walk, self._pause(actor, walk), lambda now: now.status == "paused")

    async def _pause(self, actor: Actor, walk: Walk) -> Walk:
        async with self._sheet.change(actor, walk, ("active",)) as change:
            change.row.status = "paused"
        return _moved(replace(walk, status="paused"), actor, change.now)

    async def take(self, actor: Actor, walk: Walk) -> Walk:
        """Goes on with a call: resumes a paused one, takes over a colleague's. The actor has it then."""
        actor.require(Act.TAKE_CALLS)
        if _has(actor, walk):
            return walk
        return await self._sheet.once(actor, walk, self._take(actor, walk), lambda now: _has(actor, now))

    async def _take(self, actor: Actor, walk: Walk) -> Walk:
        async with self._sheet.change(actor, walk, ("active", "paused")) as change:
            row, now = change.row, change.now
            row.status, row.last_step_at = "active", now
            if row.user_id != actor.user_id:
                details = {"from": str(row.user_id), "from_name": walk.technician.name}
                row.user_id, row.acting_as = actor.user_id, actor.acting_as
                await audit.record(
                    change.tx,
                    actor,
                    "l1.session.takeover",
                    now,
                    session_id=row.id,
                    acting_as=actor.acting_as,
                    details=details,
                )
            await change.tx.flush()
            return await self._sheet.load(change.tx, row.id)

    async def resolve(
        self,
        actor: Actor,
        walk: Walk,
        *,
        helpful: bool,
        notes: str,
        fix: Settlement | None = None,
        log_time: bool | None = None,
    ) -> Walk:
        """See `Closing.resolve`."""
        self._building.forget(walk)
        return await self._closing.resolve(actor, walk, helpful=helpful, notes=notes, fix=fix, log_time=log_time)

    async def time_to_log(self, actor: Actor, walk: Walk) -> Work | None:
        """What resolving offers to log in the PSA now; None where the account does not want it, or it is not known."""
        return await self._closing.time_to_log(actor, walk)

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk:
        self._building.forget(walk)
        return await self._closing.escalate(actor, walk, category=category, reason=reason, how=how)

    async def abandon(self, actor: Actor, walk: Walk) -> Walk:
        self._building.forget(walk)
        return await self._closing.abandon(actor, walk)


async def _take_back(change: Change, walk: Walk) -> tuple[Step, ...]:
    """Puts the row to where it was before the last step. Gives the path with that step taken back."""
    row, last = change.row, await Sessions(change.tx).last_step(walk.id)
    if last is None:
        raise Refused("there is no step to take back", "This is where the call began.")
    last.taken_back_at = change.now
    before = position_from_json(last.before)
    row.pending = None if before.pending is None else pending_to_json(before.pending)
    row.frames, row.verified = frames_to_json(before.frames), before.verified
    row.pending_note = joined(last.note, _typed(walk))
    return tuple(replace(step, taken_back=True) if step.seq == last.seq else step for step in walk.path)


def _typed(walk: Walk) -> str | None:
    """The note on the pending node, unless it only came back with a step from there: that step has it on record."""
    here = None if walk.pending is None else walk.pending.id
    just_taken_back = takewhile(lambda step: step.taken_back, reversed(walk.path))
    came_back = {step.note for step in just_taken_back if step.pending.id == here}
    return None if walk.pending_note in came_back else walk.pending_note


def _has(actor: Actor, walk: Walk) -> bool:
    return walk.status == "active" and walk.technician.id == actor.user_id


def _fit(texts: list[str]) -> None:
    size = len(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > NOTES_LIMIT:
        raise Refused(
            f"the notes of this call would be {size // 1024} KiB, more than {NOTES_LIMIT // 1024} KiB",
            "What you typed is still on the screen: shorten it, or attach it to the ticket.",
        )


def _moved(walk: Walk, actor: Actor, now: datetime) -> Walk:
    """An active `walk` one version on, signed."""
    return replace(
        walk,
        state_version=walk.state_version + 1,
        acting_as=actor.acting_as or walk.acting_as,
        changed_at=now,
        changed_by=Person(actor.user_id, actor.name),
        repeated=False,
        warning=None,
    )
