"""The session's life while the call lasts: answering, going back, notes, pause, takeover.

Every change takes the walk it was made against and gives the next one. Answering is the path that is waited for: one
statement or two on the store, no reading before it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import still_acting
from services.builder.guardrails import scrub
from services.builder.protocol import Builder
from services.clock import Clock
from services.errors import Refused
from services.flows.library import Library
from services.flows.nodes import Flow, Link, Verify
from services.team import audit
from services.team.settings import values
from services.walks.building import Building
from services.walks.changes import Sheet, conflict, not_found
from services.walks.closing import Closing, sized
from services.walks.engine import Position, advance, said
from services.walks.model import (
    Enter,
    HandOver,
    Pending,
    Person,
    RedFlag,
    Reply,
    SessionSummary,
    Status,
    Step,
    Verified,
    Walk,
)
from services.walks.records import frames_to_json, pending_to_json, position_from_json, position_to_json
from services.walks.trees import Trees
from storage.database import Database
from storage.tables import NoteEntry
from storage.walks import Sessions, StepWrite, append_step

NOTES_LIMIT = 256 * 1024
"""Bytes that all free notes of a session may have, written as UTF-8 JSON."""


class Walks:
    def __init__(self, database: Database, clock: Clock, library: Library, builder: Builder) -> None:
        self._database = database
        self._clock = clock
        self._trees = Trees(library)
        self._sheet = Sheet(database, clock, self._trees)
        self._building = Building(database, clock, self._sheet, builder)
        self._closing = Closing(database, clock, self._sheet)

    async def open(self, actor: Actor, session_id: UUID) -> Walk:
        """The whole session as it stands, its pending node word for word. Raises NotFound."""
        actor.require(Act.READ_SESSIONS)
        return await self._sheet.open(actor, session_id)

    async def listed(
        self, actor: Actor, *, status: Status | None = None, mine: bool = False, limit: int = 200
    ) -> tuple[SessionSummary, ...]:
        """Newest first."""
        actor.require(Act.READ_SESSIONS)
        return await self._sheet.listed(
            actor, statuses=None if status is None else (status,), of=actor.user_id if mine else None, limit=limit
        )

    async def resumable(self, actor: Actor) -> tuple[SessionSummary, ...]:
        """The actor's own calls under way, at most 20, the latest step first."""
        actor.require(Act.TAKE_CALLS)
        return await self._sheet.listed(actor, statuses=("active", "paused"), of=actor.user_id, limit=20, by="step")

    async def answer(
        self,
        actor: Actor,
        walk: Walk,
        reply: Reply,
        *,
        node_id: str | None = None,
        step_id: UUID | None = None,
        note: str | None = None,
    ) -> Walk:
        """Stores the answer to the pending node and shows the next one.

        `node_id` is what the client saw; `step_id` makes a retry harmless: it adds nothing and comes back `repeated`.
        Raises Refused for what does not fit the node, Conflict where the session has moved on.
        """
        actor.require(Act.TAKE_CALLS)
        pending = _answerable(walk, node_id)
        reply = _scrubbed(reply)
        words = said(pending, reply, methods=await self._methods(actor, pending.node), built=walk.kind == "ai_build")
        here = Position(pending, walk.frames, walk.verified)
        linked = await self._behind(actor, pending.node)
        there = advance(here, reply, walk.trees, linked=linked)
        now = self._clock()
        step = Step(
            seq=len(walk.path) + 1,
            step_id=step_id or uuid4(),
            pending=pending,
            answer=words.answer,
            answer_label=words.label,
            note=_joined(walk.pending_note, note),
            at=now,
            by=Person(actor.user_id, actor.name),
            seconds=max(0, int((now - walk.last_step_at).total_seconds())),
        )
        if there.pending is None:
            there = self._building.at_hand(replace(walk, path=(*walk.path, step), verified=there.verified))
        if not await append_step(self._database, _write(actor, walk, step, here, there)):
            return await self._not_appended(actor, walk, step)
        return replace(
            walk,
            state_version=walk.state_version + 1,
            pending=there.pending,
            pending_note=None,
            path=(*walk.path, step),
            frames=there.frames,
            trees=walk.trees if linked is None else {**walk.trees, linked[0]: linked[1]},
            verified=there.verified,
            last_step_at=now,
            changed_at=now,
            changed_by=step.by,
            repeated=False,
            warning=None,
        )

    async def next_node(self, actor: Actor, walk: Walk) -> Walk:
        """Makes and stores the node that an AI-built walk waits for. Raises BuildFailed with the reason."""
        actor.require(Act.TAKE_CALLS)
        return await self._building.next_node(actor, walk)

    async def first_node(self, actor: Actor, walk: Walk) -> Walk:
        """A walk that has just begun, with its first node where that costs no wait."""
        return await self._building.next_node(actor, walk) if self._building.ready(walk) else walk

    async def back(self, actor: Actor, walk: Walk) -> Walk:
        """Takes the last step back: it stays on record, its node is pending again. Out of free notes first."""
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ("active",)) as change:
            _own(walk, actor)
            row = change.row
            row.last_step_at = change.now
            if row.free_notes and row.kind != "adhoc":
                row.free_notes = False
            else:
                last = await Sessions(change.tx).last_step(row.id)
                if last is None:
                    raise Refused("there is no step to take back", "This is where the call began.")
                last.taken_back_at = change.now
                before = position_from_json(last.before)
                row.pending = None if before.pending is None else pending_to_json(before.pending)
                row.frames, row.verified = frames_to_json(before.frames), before.verified
                row.pending_note = last.note
            await change.tx.flush()
            return await self._sheet.load(change.tx, row.id)

    async def note_step(self, actor: Actor, walk: Walk, text: str) -> Walk:
        """The note on the step that is not taken yet; an empty one takes it away."""
        actor.require(Act.TAKE_CALLS)
        text = scrub(sized(text, "the note"))
        async with self._sheet.change(actor, walk, ("active",)) as change:
            change.row.pending_note = text.strip() or None
        return _moved(replace(walk, pending_note=text.strip() or None), actor, change.now)

    async def save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk:
        """Keeps one free note under the id that the client gave it; saving it again replaces its text.

        Raises Refused where all notes together would be longer than `NOTES_LIMIT`.
        """
        actor.require(Act.TAKE_CALLS)
        text = scrub(text)
        async with self._sheet.change(actor, walk, ("active",)) as change:
            row, now = change.row, change.now
            notes = await Sessions(change.tx).notes(row.id)
            kept = next((note for note in notes if note.id == note_id), None)
            if kept is not None and kept.author_id != actor.user_id:
                raise Refused("this note is a colleague's", "Write one of your own.")
            _fit([*(note.text for note in notes if note.id != note_id), text])
            if kept is None:
                given = {"id": note_id, "session_id": row.id, "author_id": actor.user_id, "text": text}
                change.tx.add(NoteEntry(**given, created_at=now, updated_at=now))
            else:
                kept.text, kept.updated_at = text, now
            row.last_step_at = now
            await change.tx.flush()
            return await self._sheet.load(change.tx, row.id)

    async def to_notes(self, actor: Actor, walk: Walk) -> Walk:
        """Leaves the tree for free notes; the path stays, and `back` returns to the node."""
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ("active",)) as change:
            _own(walk, actor)
            change.row.free_notes = True
        return _moved(replace(walk, free_notes=True, pending=None), actor, change.now)

    async def pause(self, actor: Actor, walk: Walk) -> Walk:
        actor.require(Act.TAKE_CALLS)
        async with self._sheet.change(actor, walk, ("active",)) as change:
            change.row.status = "paused"
        return _moved(replace(walk, status="paused"), actor, change.now)

    async def take(self, actor: Actor, walk: Walk) -> Walk:
        """Goes on with a call: resumes a paused one, takes over a colleague's. The actor has it then."""
        actor.require(Act.TAKE_CALLS)
        if walk.status == "active" and walk.technician.id == actor.user_id:
            return walk
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

    async def resolve(self, actor: Actor, walk: Walk, *, helpful: bool, notes: str) -> Walk:
        return await self._closing.resolve(actor, walk, helpful=helpful, notes=notes)

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk:
        return await self._closing.escalate(actor, walk, category=category, reason=reason, how=how)

    async def abandon(self, actor: Actor, walk: Walk) -> Walk:
        return await self._closing.abandon(actor, walk)

    async def _methods(self, actor: Actor, node: object) -> Mapping[str, str]:
        if not isinstance(node, Verify):
            return {}
        async with self._database.reading(actor) as read:
            return (await values(read)).identity_methods

    async def _behind(self, actor: Actor, node: object) -> tuple[str, Flow] | None:
        if not isinstance(node, Link):
            return None
        async with self._database.reading(actor) as read:
            return await self._trees.behind_link(read, node.flow)

    async def _not_appended(self, actor: Actor, walk: Walk, step: Step) -> Walk:
        """The store is not in the state the answer was made against: stored before, or somebody else was there."""
        async with self._database.reading(actor) as read:
            stored = await Sessions(read).step(step.step_id)
            if stored is not None and stored.session_id == walk.id:
                return replace(await self._sheet.load(read, walk.id), repeated=True)
            await still_acting(read, actor)
            row = await Sessions(read).get(walk.id)
            if row is None:
                raise not_found(walk.id)
            raise await conflict(read, row)


def _answerable(walk: Walk, node_id: str | None) -> Pending:
    if walk.kind == "adhoc":
        raise Refused("an ad hoc call has no steps", "Write notes, then resolve or escalate.")
    if walk.status != "active":
        raise Refused(f"the call is {walk.status}", "Resume it first." if walk.status == "paused" else "")
    if walk.free_notes:
        raise Refused("the call has turned to free notes", "Go back to return to the flow.")
    if walk.pending is None:
        raise Refused("the next step is not there yet", "Wait for it, or turn to free notes.")
    if node_id is not None and node_id != walk.pending.id:
        raise Refused("that answers a step which is no longer on the screen", "Look at the step that is there now.")
    return walk.pending


def _own(walk: Walk, actor: Actor) -> None:
    if walk.technician.id != actor.user_id:
        raise Refused(f"{walk.technician.name} has this call", "Take it over first.")


def _scrubbed(reply: Reply) -> Reply:
    match reply:
        case Enter(value):
            return Enter(scrub(value))
        case Verified(method, evidence):
            return Verified(method, scrub(evidence))
        case RedFlag(text):
            return RedFlag(scrub(text))
        case _:
            return reply


def _joined(kept: str | None, given: str | None) -> str | None:
    both = [part for part in (kept, scrub(sized(given, "the note")).strip() if given else None) if part]
    return "\n".join(both) or None


def _fit(texts: list[str]) -> None:
    size = len(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > NOTES_LIMIT:
        raise Refused(
            f"the notes of this call would be {size // 1024} KiB, more than {NOTES_LIMIT // 1024} KiB",
            "What you typed is still on the screen: shorten it, or attach it to the ticket.",
        )


def _moved(walk: Walk, actor: Actor, now: datetime) -> Walk:
    """`walk` one version on, signed."""
    return replace(
        walk,
        state_version=walk.state_version + 1,
        changed_at=now,
        changed_by=Person(actor.user_id, actor.name),
        repeated=False,
        warning=None,
    )


def _write(actor: Actor, walk: Walk, step: Step, here: Position, there: Position) -> StepWrite:
    return StepWrite(
        session_id=walk.id,
        account_id=actor.account_id,
        version=walk.state_version,
        by=actor.user_id,
        role=actor.role,
        covers_l1=actor.covers_l1,
        seq=step.seq,
        step_id=step.step_id,
        answer=step.answer,
        answer_label=step.answer_label,
        note=step.note,
        at=step.at,
        seconds=step.seconds,
        before=position_to_json(here),
        pending=None if there.pending is None else pending_to_json(there.pending),
        frames=frames_to_json(there.frames),
        verified=there.verified,
    )
