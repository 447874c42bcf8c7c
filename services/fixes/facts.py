"""Facts: what is known of a call and what was tried, in an engineer's words or as the walk says it."""

from uuid import UUID, uuid4

from services.access import Actor
from services.errors import NotFound, Refused
from services.fixes.cases import WHILE_OPEN, Cases, log
from services.fixes.model import Case, FactKind, Source
from services.fixes.telling import told
from services.flows.visible import blank
from services.walks.changes import Change
from services.walks.model import Walk
from services.walks.texts import LINE_LIMIT, kept
from storage.desk import Facts as Rows
from storage.tables import FACT_KINDS, FACT_SOURCES
from storage.tables import Fact as Row


class Facts:
    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    async def add(
        self,
        actor: Actor,
        walk: Walk,
        text: str,
        *,
        source: Source = "note",
        kind: FactKind = "known",
        fact_id: UUID | None = None,
    ) -> Case:
        """Puts a fact on record. `fact_id` is made by the client: a retry finds the first try."""
        given, text = fact_id or uuid4(), _said(text)
        if source not in FACT_SOURCES:
            raise Refused(f"{source!r} is no source of a fact", f"Use one of: {', '.join(FACT_SOURCES)}.")
        if kind not in FACT_KINDS:
            raise Refused(f"{kind!r} is no kind of fact", f"Use one of: {', '.join(FACT_KINDS)}.")

        async def work(change: Change) -> None:
            _put(change, Row(id=given, kind=kind, source=source, text=text))

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: any(fact.id == given for fact in case.found.facts)
        )

    async def from_step(self, actor: Actor, walk: Walk, step_id: UUID, *, fact_id: UUID | None = None) -> Case:
        """A step of the walked path as a fact, or as something that was tried.

        Raises Refused where it says nothing, was taken back, or is on record already.
        """
        given = fact_id or uuid4()
        step = next((step for step in walk.path if step.step_id == step_id), None)
        if step is None:
            raise NotFound("this call has no such step", "Choose one of its path.")
        if step.taken_back:
            raise Refused("this step was taken back", "Choose one that stands.")
        says = told(walk, step)
        if says is None:
            raise Refused("this step tells nothing about the case", "Write what you know in your own words.")

        async def work(change: Change) -> None:
            if await Rows(change.tx).of_step(step_id) is not None:
                raise Refused("this step is on record already", "Edit what it says there.")
            _put(change, Row(id=given, kind=says.kind, source=says.source, step_id=step_id, text=_said(says.text)))

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: any(fact.id == given for fact in case.found.facts)
        )

    async def edit(self, actor: Actor, walk: Walk, fact_id: UUID, text: str) -> Case:
        text = _said(text)

        async def work(change: Change) -> None:
            row = await _of(change, fact_id)
            await log(change, "fact_edit", {"before": row.text, "after": text})
            row.text = text
            row.changed_at, row.changed_by = change.now, actor.user_id

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: any((f.id, f.text) == (fact_id, text) for f in case.found.facts)
        )

    async def remove(self, actor: Actor, walk: Walk, fact_id: UUID) -> Case:
        """Takes it off the record; the store and the audit log keep it."""

        async def work(change: Change) -> None:
            row = await _of(change, fact_id)
            await log(change, "fact_remove", {"text": row.text})
            row.deleted_at = row.changed_at = change.now
            row.changed_by = actor.user_id

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: all(fact.id != fact_id for fact in case.found.facts)
        )


def _put(change: Change, row: Row) -> None:
    row.session_id = change.row.id
    row.created_at = row.changed_at = change.now
    row.created_by = row.changed_by = change.actor.user_id
    change.tx.add(row)


async def _of(change: Change, fact_id: UUID) -> Row:
    row = await Rows(change.tx).get(fact_id)
    if row is None or row.session_id != change.row.id:
        raise NotFound("this call has no such fact", "Look at it again; somebody may have taken it off.")
    return row


def _said(text: str) -> str:
    if blank(text):
        raise Refused("the fact is empty", "One sentence is enough.")
    return kept(text.strip(), "the fact", LINE_LIMIT)
