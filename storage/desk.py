"""Queries around what engineers put on record: facts, suggested fixes, templates of scripts, missed questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select, text

from storage.database import Reading
from storage.repository import Repository
from storage.tables import Fact, Fix, Flow, FlowVersion, MissedQuestion, ScriptTemplate, Session
from storage.walks import names


@dataclass(frozen=True, slots=True)
class FindingRows:
    """All rows that engineers have added to one session."""

    facts: Sequence[Fact]
    fixes: Sequence[Fix]
    missed: Sequence[tuple[MissedQuestion, str | None]]
    """With the slug of the flow."""
    people: Mapping[UUID, str]


class Facts(Repository[Fact]):
    table = Fact

    async def of(self, session_id: UUID) -> Sequence[Fact]:
        return await self.all(self.base().where(Fact.session_id == session_id).order_by(Fact.created_at, Fact.id))

    async def of_step(self, step_id: UUID) -> Fact | None:
        return await self.first(self.base().where(Fact.step_id == step_id))


class Fixes(Repository[Fix]):
    table = Fix

    async def of(self, session_id: UUID) -> Sequence[Fix]:
        return await self.all(self.base().where(Fix.session_id == session_id).order_by(Fix.number))

    async def active(self, session_id: UUID) -> Fix | None:
        return await self.first(self.base().where(Fix.session_id == session_id, Fix.superseded_at.is_(None)))

    async def next_number(self, session_id: UUID) -> int:
        """For a session whose row is locked."""
        last = select(func.max(Fix.number)).where(
            Fix.account_id == self.within.account_id, Fix.session_id == session_id
        )
        return ((await self.within.session.scalars(last)).one() or 0) + 1


class Templates(Repository[ScriptTemplate]):
    table = ScriptTemplate

    async def locked(self, template_id: UUID) -> ScriptTemplate | None:
        return await self.first(self.base().where(ScriptTemplate.id == template_id).with_for_update())

    async def listed(self, status: str | None, limit: int) -> Sequence[ScriptTemplate]:
        """The one changed last first."""
        found = self.base() if status is None else self.base().where(ScriptTemplate.status == status)
        return await self.all(found.order_by(ScriptTemplate.changed_at.desc(), ScriptTemplate.id).limit(limit))


class MissedQuestions(Repository[MissedQuestion]):
    table = MissedQuestion

    async def of_session(self, session_id: UUID) -> Sequence[tuple[MissedQuestion, str | None]]:
        return await self._with_slugs(self._all().where(MissedQuestion.session_id == session_id))

    async def of_flow(self, slug: str) -> Sequence[tuple[MissedQuestion, str | None]]:
        """Those that nobody has seen to yet."""
        return await self._with_slugs(self._all().where(Flow.slug == slug, MissedQuestion.settled_at.is_(None)))

    def _all(self) -> "Select[MissedQuestion, str | None]":
        found = select(MissedQuestion, Flow.slug).where(MissedQuestion.account_id == self.within.account_id)
        mine = and_(Flow.id == MissedQuestion.flow_id, Flow.account_id == MissedQuestion.account_id)
        return found.outerjoin(Flow, mine).order_by(MissedQuestion.created_at, MissedQuestion.id)

    async def _with_slugs(
        self, found: "Select[MissedQuestion, str | None]"
    ) -> Sequence[tuple[MissedQuestion, str | None]]:
        return [(row, slug) for row, slug in await self.within.session.execute(found)]


async def findings(within: Reading, session_id: UUID) -> FindingRows:
    facts, fixes = await Facts(within).of(session_id), await Fixes(within).of(session_id)
    missed = await MissedQuestions(within).of_session(session_id)
    people: set[UUID | None] = {who for fact in facts for who in (fact.created_by, fact.changed_by)}
    people |= {fix.created_by for fix in fixes} | {question.created_by for question, _ in missed}
    return FindingRows(facts, fixes, missed, await names(within, people) if people else {})


async def flow_of_version(within: Reading, version_id: UUID) -> UUID | None:
    found = select(FlowVersion.flow_id).where(FlowVersion.account_id == within.account_id, FlowVersion.id == version_id)
    return (await within.session.scalars(found)).first()


async def who(within: Reading, rows: Sequence[ScriptTemplate]) -> Mapping[UUID, str]:
    """Names of those who made and changed the templates."""
    return await names(within, {each for row in rows for each in (row.created_by, row.changed_by)})


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that ended well, as far as one can tell by it whether it was like another."""

    session_id: UUID
    problem: str
    """Its beginning."""
    category: str | None
    at: datetime
    fix_id: UUID | None
    """The one that worked."""


_HELPED = "sessions.status = 'resolved' AND sessions.helpful"
_WORKED = "fixes.status = 'applied_success'"
"""In the words of the indexes, which SQLite would not use otherwise."""


async def ended_well(within: Reading, *, but: UUID, limit: int, read: int) -> Sequence[Ended]:
    """The newest calls of the account that were resolved and helped, and those with a fix that worked; of each problem
    so many characters."""
    problem = func.substr(Session.problem_text, 1, read, type_=Session.problem_text.type)
    columns = (Session.id, problem, Session.category, Session.resolved_at)
    mine = (Session.account_id == within.account_id, Session.id != but)
    with_fix = (
        select(*columns, Fix.id, Fix.verified_at, Fix.changed_at)
        .join(Fix, and_(Fix.session_id == Session.id, Fix.account_id == Session.account_id))
        .where(*mine, Fix.account_id == within.account_id, text(_WORKED))
        .order_by(Fix.verified_at.desc())
        .limit(limit)
    )
    found: dict[UUID, Ended] = {}
    for session_id, begins, category, at, fix_id, verified, changed in await within.session.execute(with_fix):
        found.setdefault(session_id, Ended(session_id, begins, category, at or verified or changed, fix_id))
    without = select(*columns).where(*mine, text(_HELPED)).order_by(Session.resolved_at.desc()).limit(limit)
    for session_id, begins, category, at in await within.session.execute(without):
        if at is not None:
            found.setdefault(session_id, Ended(session_id, begins, category, at, None))
    return list(found.values())


async def remedies(within: Reading, ended: Sequence[Ended]) -> Sequence[tuple[Ended, str, str, Fix | None]]:
    """The whole problem, the notes and the fix of each of these, which are few."""
    told = select(Session.id, Session.problem_text, Session.resolution_notes)
    told = told.where(Session.account_id == within.account_id, Session.id.in_([each.session_id for each in ended]))
    words = {call: (problem, notes) for call, problem, notes in await within.session.execute(told)}
    worked = Fixes(within).base().where(Fix.id.in_([each.fix_id for each in ended if each.fix_id is not None]))
    fixes = {fix.id: fix for fix in await Fixes(within).all(worked)}
    return [
        (each, words[each.session_id][0], words[each.session_id][1] or "", fixes.get(each.fix_id or each.session_id))
        for each in ended
    ]
