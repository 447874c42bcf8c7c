"""Suggested fixes: one at a time for each call, all of them kept, decided on and judged apart."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.errors import NotFound, Refused
from services.fixes.cases import AFTERWARDS, WHILE_OPEN, Cases, log
from services.fixes.model import Case, Decision, Fix, FixStatus, Suggestion
from services.fixes.rules import decide, ran
from services.fixes.scripts.library import add_template, require_template
from services.fixes.scripts.model import Script, Template
from services.fixes.scripts.tidying import tidied
from services.fixes.settling import put_outcome
from services.flows.visible import blank
from services.walks.changes import Change
from services.walks.model import Walk
from services.walks.texts import LINE_LIMIT, kept
from storage.desk import Fixes as Rows
from storage.tables import Fix as Row

TITLE_LIMIT = 200
MOST_STEPS = 30


Extract: TypeAlias = Callable[[Actor, Script, UUID | None], Awaitable[Template]]
"""Finds the parameters of a script of a call, by rule or by a model."""


class Fixes:
    def __init__(self, cases: Cases, extract: Extract) -> None:
        self._cases = cases
        self._extract = extract

    async def open(self, actor: Actor, session_id: UUID) -> Case:
        """The call with all that was found. Raises NotFound."""
        return await self._cases.open(actor, session_id)

    async def suggest(self, actor: Actor, walk: Walk, suggestion: Suggestion, *, fix_id: UUID | None = None) -> Case:
        """Puts a fix on record, which supersedes the one before. `fix_id` is made by the client: a retry finds the
        first try."""
        given, row = fix_id or uuid4(), _row(suggestion)

        async def work(change: Change) -> None:
            rows = Rows(change.tx)
            if row.template_id is not None:
                await require_template(change.tx, row.template_id)
            before = await rows.active(change.row.id)
            if before is not None:
                before.superseded_at = change.now
                await change.tx.flush()
            row.id, row.session_id, row.number = given, change.row.id, await rows.next_number(change.row.id)
            row.created_at = row.changed_at = change.now
            row.created_by = row.changed_by = actor.user_id
            change.tx.add(row)
            await log(change, "fix", {"fix": row.number, "title": row.title, "origin": row.origin})

        return await self._cases.change(
            actor, walk, WHILE_OPEN, work, lambda case: any(fix.id == given for fix in case.found.fixes)
        )

    async def decide(self, actor: Actor, walk: Walk, fix_id: UUID, decision: Decision) -> Case:
        """How the fix is to be run: the drafted script as it is, the same and a draft template of it in the library,
        built out of a template first, or not at all. Where the template cannot be stored, nothing is decided."""
        template = await self._template(actor, walk, fix_id) if decision == "draft_template" else None

        async def work(change: Change) -> None:
            row = await _of(change, fix_id)
            decide(row, decision, change.now)
            row.changed_at, row.changed_by = change.now, actor.user_id
            if template is not None:
                row.draft_id = await add_template(change.tx, actor, row.title, template, change.now)
            await log(change, "fix_decision", {"fix": row.number, "title": row.title, "decision": decision})

        return await self._cases.change(
            actor, walk, AFTERWARDS, work, lambda case: _named(case, fix_id).decision == decision
        )

    async def _template(self, actor: Actor, walk: Walk, fix_id: UUID) -> Template | None:
        """Found while no transaction is open; None where the decision is going to be refused."""
        actor.require(Act.WORK_ESCALATIONS)
        case = await self._cases.open(actor, walk.id)
        fix = next((fix for fix in case.found.fixes if fix.id == fix_id), None)
        if fix is None or fix.script is None or fix.draft_id is not None:
            return None
        return await self._extract(actor, fix.script, walk.id)

    async def begun(self, actor: Actor, session_id: UUID, fix_id: UUID) -> Template:
        """A template of the fix's script, its parameters found; stored nowhere. Raises Refused, NotFound."""
        actor.require(Act.WORK_ESCALATIONS)
        case = await self._cases.open(actor, session_id)
        fix = next((fix for fix in case.found.fixes if fix.id == fix_id), None)
        if fix is None or fix.script is None:
            raise Refused("this fix has no drafted script", "Use its template.")
        return await self._extract(actor, fix.script, session_id)

    async def record(self, actor: Actor, walk: Walk, fix_id: UUID, status: FixStatus, notes: str = "") -> Case:
        """Whether the fix worked. Partly needs notes, waiting needs what for; a failure's notes are its reason."""

        async def work(change: Change) -> None:
            await put_outcome(change, await _of(change, fix_id), status, notes)

        return await self._cases.change(
            actor, walk, AFTERWARDS, work, lambda case: _named(case, fix_id).status == status
        )

    async def ran(self, actor: Actor, walk: Walk, fix_id: UUID) -> Case:
        """The fix was run; what came of it is not known yet."""

        async def work(change: Change) -> None:
            row = await _of(change, fix_id)
            ran(row, change.now)
            row.changed_at, row.changed_by = change.now, actor.user_id
            await log(change, "fix_run", {"fix": row.number, "title": row.title})

        return await self._cases.change(
            actor, walk, AFTERWARDS, work, lambda case: _named(case, fix_id).applied_at is not None
        )


def _named(case: Case, fix_id: UUID) -> Fix:
    return next(fix for fix in case.found.fixes if fix.id == fix_id)


async def _of(change: Change, fix_id: UUID) -> Row:
    row = await Rows(change.tx).get(fix_id)
    if row is None or row.session_id != change.row.id:
        raise NotFound("this call has no such fix", "Look at it again.")
    return row


def _row(suggestion: Suggestion) -> Row:
    """Raises Refused."""
    if blank(suggestion.title):
        raise Refused("the fix has no title", "A few words are enough: what is to be done.")
    if not 0 <= suggestion.confidence <= 100:  # noqa: PLR2004  # it says so itself
        raise Refused(f"a confidence of {suggestion.confidence}", "It goes from 0 to 100.")
    if suggestion.script is not None and suggestion.template_id is not None:
        raise Refused("a fix has a drafted script or a template, not both", "Leave one of them out.")
    steps = [step.strip() for step in suggestion.steps if not blank(step)]
    if len(steps) > MOST_STEPS:
        raise Refused(f"{len(steps)} steps are too many for one fix", f"{MOST_STEPS} are the most.")
    script = None if suggestion.script is None else tidied(suggestion.script)
    return Row(
        origin=suggestion.origin,
        title=kept(suggestion.title.strip(), "the title", TITLE_LIMIT),
        rationale=kept(suggestion.rationale.strip(), "the rationale", LINE_LIMIT),
        steps=[kept(step, "a step", LINE_LIMIT) for step in steps],
        confidence=suggestion.confidence,
        script=None if script is None else script.body,
        language=None if script is None else script.language,
        template_id=suggestion.template_id,
        status="proposed",
    )
