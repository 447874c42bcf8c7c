"""What should have been asked before a call was passed on: kept with the flow and the node, for whoever edits it."""

from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import NotFound, Refused
from services.fixes.cases import WHILE_OPEN, Cases, log
from services.fixes.model import Case, Missed
from services.fixes.records import to_missed
from services.flows.visible import blank
from services.team import audit
from services.team.notices import notify_user
from services.walks.changes import Change
from services.walks.engine import Position
from services.walks.model import Pending, Walk
from services.walks.records import frames_from_json, pending_from_json, position_from_json
from services.walks.texts import LINE_LIMIT, kept
from storage.database import Database
from storage.desk import MissedQuestions, flow_of_version
from storage.tables import MissedQuestion as Row
from storage.walks import Sessions, names


class Missing:
    def __init__(self, database: Database, clock: Clock, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases

    async def ask(
        self, actor: Actor, walk: Walk, text: str, *, step_id: UUID | None = None, missed_id: UUID | None = None
    ) -> Case:
        """Puts on record what was missing. It belongs to the step named, else to where the call stands, else to its
        last step; the technician is told."""
        given = missed_id or uuid4()
        if blank(text):
            raise Refused("what was missing is empty", "One question is enough: what should have been asked?")
        text = kept(text.strip(), "what was missing", LINE_LIMIT)

        async def work(change: Change) -> None:
            where = await _where(change, step_id)
            node = None if where is None or where.pending is None else _own(where.pending)
            row = Row(
                id=given,
                session_id=change.row.id,
                flow_id=await _flow(change, where),
                node_id=None if node is None else node.id,
                node_text="" if node is None else node.node.text,
                text=text,
                created_at=change.now,
                created_by=actor.user_id,
            )
            change.tx.add(row)
            await log(change, "missing", {"text": text, "node": row.node_id})
            told = {"by": actor.name, "text": text}
            await notify_user(change.tx, change.row.user_id, "l1.session.missing", change.row.id, change.now, told)

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: any(missed.id == given for missed in case.found.missed)
        )

    async def of_flow(self, actor: Actor, slug: str) -> tuple[Missed, ...]:
        """What nobody has seen to yet, oldest first."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            rows = await MissedQuestions(read).of_flow(slug)
            people = await names(read, {row.created_by for row, _ in rows})
        return tuple(to_missed(row, slug, people) for row, slug in rows)

    async def seen_to(self, actor: Actor, missed_id: UUID) -> None:
        """The flow asks it now, or need not. Doing it again changes nothing. Raises NotFound."""
        actor.require(Act.REVIEW_FLOWS)
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            row = await MissedQuestions(tx).get(missed_id)
            if row is None:
                raise NotFound(f"no missed question {missed_id}", "Look at the flow again.")
            if row.settled_at is None:
                row.settled_at, row.settled_by = self._clock(), actor.user_id
                details = {"text": row.text, "node": row.node_id}
                await audit.record(tx, actor, "flow.missing_seen_to", row.settled_at, details=details)


async def _where(change: Change, step_id: UUID | None) -> Position | None:
    """Raises NotFound for a step of another call."""
    sessions, row = Sessions(change.tx), change.row
    if step_id is not None:
        step = await sessions.step(step_id)
        if step is None or step.session_id != row.id:
            raise NotFound("this call has no such step", "Choose one of its path.")
        return position_from_json(step.before)
    if row.pending is not None:
        return Position(pending_from_json(row.pending), frames_from_json(row.frames))
    last = await sessions.last_step(row.id)
    return None if last is None else position_from_json(last.before)


def _own(pending: Pending) -> Pending:
    """The flow's own node; a gate that was put in front of it is not in its file."""
    return pending if pending.behind is None else pending.behind


async def _flow(change: Change, where: Position | None) -> UUID | None:
    if where is None or not where.frames:
        return None
    kind, _, written = where.frames[-1].tree.partition(":")
    return await flow_of_version(change.tx, UUID(written)) if kind == "flow" else None
