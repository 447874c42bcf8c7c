"""Answering the pending node: the path that is waited for. One statement or two on the store, no reading before it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import still_acting
from services.clock import Clock
from services.errors import Refused
from services.flows.nodes import Flow, Link, Node, Verify
from services.team.settings import values
from services.walks.building import Building
from services.walks.changes import Sheet, conflict
from services.walks.engine import VALUE_LIMIT, Position, advance, said
from services.walks.model import Enter, Pending, Person, RedFlag, Reply, Step, Verified, Walk
from services.walks.records import frames_to_json, pending_to_json, position_to_json
from services.walks.texts import LINE_LIMIT, kept
from services.walks.trees import Trees
from storage.database import Database
from storage.walks import Sessions, StepWrite, append_step


class Answering:
    def __init__(self, database: Database, clock: Clock, sheet: Sheet, trees: Trees, building: Building) -> None:
        self._database = database
        self._clock = clock
        self._sheet = sheet
        self._trees = trees
        self._building = building

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
        if step_id is not None and any(step.step_id == step_id for step in walk.path):
            return replace(walk, repeated=True)
        require_own(walk, actor)
        pending = _answerable(walk, node_id)
        reply = _kept(reply)
        here = Position(pending, walk.frames, walk.verified)
        linked = await self._behind(actor, pending.node)
        methods = await self._methods(actor, pending.node)
        words = said(pending, reply, methods=methods, built=walk.kind == "ai_build", behind=linked is not None)
        there = advance(here, reply, walk.trees, linked=linked)
        now = self._clock()
        step = Step(
            seq=len(walk.path) + 1,
            step_id=step_id or uuid4(),
            pending=pending,
            answer=words.answer,
            answer_label=words.label,
            note=joined(walk.pending_note, None if note is None else kept(note, "the note").strip()),
            at=now,
            by=Person(actor.user_id, actor.name),
            seconds=max(0, int((now - walk.last_step_at).total_seconds())),
        )
        if there.pending is None:
            there = self._building.at_hand(actor, replace(walk, path=(*walk.path, step), verified=there.verified))
        if not await append_step(self._database, step_write(actor, walk, step, here, there)):
            return await self._not_appended(actor, walk, step)
        moved = replace(
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
        self._building.look_ahead(actor, moved)
        return moved

    async def _methods(self, actor: Actor, node: Node) -> Mapping[str, str]:
        if not isinstance(node, Verify):
            return {}
        async with self._database.reading(actor) as read:
            return (await values(read)).identity_methods

    async def _behind(self, actor: Actor, node: Node) -> tuple[str, Flow] | None:
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
            if stored is not None:
                raise Refused("a step of another call has this id", "Answer again with a new one.")
            raise await conflict(read, await self._sheet.row(read, walk.id))


def require_own(walk: Walk, actor: Actor) -> None:
    """Raises Refused where somebody else has the call."""
    if walk.technician.id != actor.user_id:
        raise Refused(f"{walk.technician.name} has this call", "Take it over first.")


def require_steps(walk: Walk) -> None:
    """Raises Refused for an ad hoc call."""
    if walk.kind == "adhoc":
        raise Refused("an ad hoc call has no steps", "Write notes, then resolve or escalate.")


def _answerable(walk: Walk, node_id: str | None) -> Pending:
    require_steps(walk)
    if walk.status != "active":
        raise Refused(f"the call is {walk.status}", "Resume it first." if walk.status == "paused" else "")
    if walk.free_notes:
        raise Refused("the call has turned to free notes", "Go back to return to the flow.")
    if walk.pending is None:
        raise Refused("the next step is not there yet", "Wait for it, or turn to free notes.")
    if node_id is not None and node_id != walk.pending.id:
        raise Refused("that answers a step which is no longer on the screen", "Look at the step that is there now.")
    return walk.pending


def _kept(reply: Reply) -> Reply:
    match reply:
        case Enter(value):
            return Enter(kept(value.strip(), "the value", VALUE_LIMIT))
        case Verified(method, evidence):
            return Verified(method, kept(evidence, "what proved the caller", LINE_LIMIT))
        case RedFlag(text):
            return RedFlag(kept(text, "the red flag", LINE_LIMIT))
        case _:
            return reply


def joined(*notes: str | None) -> str | None:
    return "\n".join(note for note in notes if note) or None


def step_write(actor: Actor, walk: Walk, step: Step, here: Position, there: Position) -> StepWrite:
    """What storing the step and the new position takes."""
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
