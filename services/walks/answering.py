"""Answering the pending node: the path that is waited for. One statement or two on the store, no reading before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import still_acting
from services.clock import Clock
from services.errors import Refused
from services.flows.nodes import Flow, Link, Verify
from services.team.settings import values
from services.walks.building import Building
from services.walks.changes import BEING_CLOSED, WAIT_FOR_IT, Sheet, conflict
from services.walks.engine import VALUE_LIMIT, Position, advance, said
from services.walks.model import Enter, Pending, Person, RedFlag, Reply, Step, Verified, Walk
from services.walks.records import frames_to_json, pending_to_json, position_to_json
from services.walks.texts import LINE_LIMIT, kept
from services.walks.trees import Trees
from storage.database import Database
from storage.walks import Sessions, StepWrite, append_step


@dataclass(frozen=True, slots=True)
class Around:
    """What answers may need that is not in the walk itself."""

    methods: Mapping[str, str] = field(default_factory=dict)
    """The identity methods that the account accepts, key to words."""
    linked: Mapping[str, tuple[str, Flow]] = field(default_factory=dict)
    """By slug: the published flow behind a link, with its key in `Walk.trees`; without those that are retired."""


@dataclass(frozen=True, slots=True)
class Taking:
    """An answer that fits, not stored yet."""

    step: Step
    here: Position
    there: Position
    linked: tuple[str, Flow] | None = None

    def moved(self, walk: Walk) -> Walk:
        """The walk with the answer: one version on."""
        return replace(
            walk,
            state_version=walk.state_version + 1,
            pending=self.there.pending,
            pending_note=None,
            path=(*walk.path, self.step),
            frames=self.there.frames,
            trees=walk.trees if self.linked is None else {**walk.trees, self.linked[0]: self.linked[1]},
            verified=self.there.verified,
            last_step_at=self.step.at,
            changed_at=self.step.at,
            changed_by=self.step.by,
            repeated=False,
            warning=None,
        )

    def built_upon(self, walk: Walk) -> Walk:
        """The walk as the builder of its next node has to see it."""
        return replace(walk, path=(*walk.path, self.step), verified=self.there.verified)


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
        at: datetime | None = None,
    ) -> Walk:
        """Stores the answer to the pending node and shows the next one.

        `node_id` is what the client saw; `step_id` makes a retry harmless: it adds nothing and comes back `repeated`.
        `at` is when it was given, where that was before now.
        Raises Refused for what does not fit the node, Conflict where the session has moved on.
        """
        actor.require(Act.TAKE_CALLS)
        if step_id is not None and any(step.step_id == step_id for step in walk.path):
            return replace(walk, repeated=True)
        around = await self._around(actor, walk.pending)
        now = self._clock() if at is None else at
        taking = taken(actor, walk, reply, around, node_id=node_id, step_id=step_id or uuid4(), note=note, now=now)
        if taking.there.pending is None:
            there = self._building.at_hand(actor, taking.built_upon(walk))
            taking = replace(taking, there=there)
        if not await append_step(self._database, step_write(actor, walk, taking)):
            return await self._not_appended(actor, walk, taking.step)
        moved = taking.moved(walk)
        self._building.look_ahead(actor, moved)
        return moved

    async def around(self, actor: Actor, walk: Walk) -> Around:
        """All that answers to this walk may need, to go on without the store: every flow that links lead to."""
        linked: dict[str, tuple[str, Flow]] = {}
        async with self._database.reading(actor) as read:
            methods = (await values(read)).identity_methods
            reached = list(walk.trees.values())
            while reached:
                links = (node.flow for node in reached.pop().nodes.values() if isinstance(node, Link))
                for slug in links:
                    found = None if slug in linked else await self._trees.behind_link(read, slug)
                    if found is not None:
                        linked[slug] = found
                        reached.append(found[1])
        return Around(methods, linked)

    async def _around(self, actor: Actor, pending: Pending | None) -> Around:
        """What the answer to this node needs: mostly nothing, and then nothing is read."""
        match None if pending is None else pending.node:
            case Verify():
                async with self._database.reading(actor) as read:
                    return Around((await values(read)).identity_methods)
            case Link(flow=slug):
                async with self._database.reading(actor) as read:
                    found = await self._trees.behind_link(read, slug)
                    return Around({}, {} if found is None else {slug: found})
        return Around()

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


def taken(
    actor: Actor,
    walk: Walk,
    reply: Reply,
    around: Around,
    *,
    node_id: str | None,
    step_id: UUID,
    note: str | None,
    now: datetime,
) -> Taking:
    """The answer to the pending node as a step, and where it leads. Raises Refused for what does not fit the node."""
    require_own(walk, actor)
    pending = _answerable(walk, node_id)
    reply = kept_reply(reply)
    here = Position(pending, walk.frames, walk.verified)
    linked = around.linked.get(pending.node.flow) if isinstance(pending.node, Link) else None
    words = said(pending, reply, methods=around.methods, built=walk.kind == "ai_build", behind=linked is not None)
    step = Step(
        seq=len(walk.path) + 1,
        step_id=step_id,
        pending=pending,
        answer=words.answer,
        answer_label=words.label,
        note=joined(walk.pending_note, None if note is None else kept(note, "the note").strip()),
        at=now,
        by=Person(actor.user_id, actor.name),
        seconds=max(0, int((now - walk.last_step_at).total_seconds())),
    )
    return Taking(step, here, advance(here, reply, walk.trees, linked=linked), linked)


def require_own(walk: Walk, actor: Actor) -> None:
    """Raises Refused where somebody else has the call, or it is being closed."""
    if walk.awaits_psa:
        raise Refused(BEING_CLOSED, WAIT_FOR_IT)
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


def kept_reply(reply: Reply) -> Reply:
    """Without secrets. Raises Refused for what is too long."""
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


def step_write(actor: Actor, walk: Walk, taking: Taking) -> StepWrite:
    """What storing the step and the new position takes."""
    step, here, there = taking.step, taking.here, taking.there
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
