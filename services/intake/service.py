"""Match or build: what the caller says becomes a session, or an honest choice.

Matching comes before the category gate, so that no setting can hide an authored flow. Nothing is created unless a
session starts.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from services.access import Act, Actor
from services.categories import BUILDABLE
from services.clock import Clock
from services.errors import Refused
from services.flows.library import Library
from services.intake.model import (
    PROBLEM_LIMIT,
    AdHoc,
    AdHocStarted,
    BuildAnyway,
    Built,
    Call,
    Decide,
    EscalateAtOnce,
    EscalatedAtOnce,
    Matched,
    Matching,
    Outcome,
    OutOfScope,
    Suggest,
    Suggestion,
    TakeFlow,
    TakeProposal,
    Wish,
)
from services.intake.opening import Opening
from services.intake.shelf import Shelf, Shelves
from services.matching.calibration import SUGGEST
from services.matching.classifier import classify
from services.matching.index import Candidate, Verdict
from services.team.settings import AccountValues, values
from services.walks.service import Walks
from storage.database import Database, Reading
from storage.intake import confident_record

EVIDENCE_STARTS = 50
EVIDENCE_PRECISION = 0.95
"""An account's matcher may start flows by itself once so many of its confident matches were answered, and so many of
those were right."""


class Intake:
    def __init__(self, database: Database, clock: Clock, library: Library, walks: Walks) -> None:
        self._database = database
        self._library = library
        self._shelves = Shelves(library)
        self._opening = Opening(database, clock, library, walks)

    async def match(self, actor: Actor, text: str) -> Matching:
        """What `take` would decide, creating nothing. Raises Refused for an empty or over-long text."""
        actor.require(Act.TAKE_CALLS)
        text = _problem(text)
        async with self._database.reading(actor) as read:
            shelf = await self._shelves.of(read)
            began = time.perf_counter()
            verdict, category = shelf.index.match(text), classify(text)
            spent = (time.perf_counter() - began) * 1000
            account = await values(read)
            decision = await self._decision(read, shelf, verdict, account)
            gate = "build" if _may_build(category, account) else "out_of_scope"
            outcome = gate if decision == "none" else decision
            return Matching(outcome, category, await self._suggestions(read, shelf, verdict.candidates), spent)

    async def take(self, actor: Actor, call: Call, wish: Wish = Decide()) -> Outcome:  # noqa: B008  # frozen, empty
        """Starts what was wished for, or decides. Raises Refused for a bad problem, NotFound for a missing flow."""
        actor.require(Act.TAKE_CALLS)
        problem = _problem(call.problem)
        async with self._database.reading(actor) as read:
            shelf = await self._shelves.of(read)
            verdict = shelf.index.match(problem)
            account = await values(read)
            decision = await self._decision(read, shelf, verdict, account)
            suggestions = await self._suggestions(read, shelf, _near(verdict))
        confident = _confident(shelf, verdict)
        match wish:
            case TakeFlow(slug):
                return Matched(await self._opening.flow(actor, call, slug, confident))
            case TakeProposal(proposal_id):
                return Matched(await self._opening.proposal(actor, call, proposal_id, confident))
            case AdHoc():
                return AdHocStarted(await self._opening.adhoc(actor, call))
            case EscalateAtOnce(category, reason, how):
                return EscalatedAtOnce(await self._opening.escalated(actor, call, category, reason, how))
            case Decide() if decision == "matched":
                return Matched(await self._opening.flow(actor, call, verdict.candidates[0].slug, confident))
            case Decide() if decision == "suggest":
                return Suggest(suggestions, classify(problem))
            case Decide() | BuildAnyway():
                category = classify(problem)
                if not _may_build(category, account):
                    return OutOfScope(category, suggestions)
                return Built(await self._opening.build(actor, call, category, confident))

    async def _decision(
        self, read: Reading, shelf: Shelf, verdict: Verdict, account: AccountValues
    ) -> Literal["matched", "suggest", "none"]:
        """The matcher's verdict, as far as the account lets it start flows by itself."""
        if verdict.decision != "matched":
            return verdict.decision
        if verdict.candidates[0].slug not in shelf.flows or account.auto_start == "off":
            return "suggest"
        if account.auto_start == "on":
            return "matched"
        right, answered = await confident_record(read)
        proved = answered >= EVIDENCE_STARTS and right >= EVIDENCE_PRECISION * answered
        return "matched" if proved else "suggest"

    async def _suggestions(
        self, read: Reading, shelf: Shelf, candidates: Iterable[Candidate]
    ) -> tuple[Suggestion, ...]:
        shown = tuple(candidates)
        flow_ids = [shelf.flows[each.slug].flow_id for each in shown if each.slug in shelf.flows]
        record = await self._library.record(read, flow_ids)
        return tuple(_suggestion(shelf, candidate, record) for candidate in shown)


def _suggestion(shelf: Shelf, candidate: Candidate, record: Mapping[UUID, tuple[int, int]]) -> Suggestion:
    proposal = shelf.proposals.get(candidate.slug)
    if proposal is not None:
        kept = (proposal.worked, proposal.worked)
        return Suggestion(proposal.title, None, proposal.id, candidate.score, candidate.why, kept)
    published = shelf.flows[candidate.slug]
    known = record.get(published.flow_id)
    return Suggestion(candidate.title, candidate.slug, None, candidate.score, candidate.why, known)


def _near(verdict: Verdict) -> tuple[Candidate, ...]:
    return tuple(candidate for candidate in verdict.candidates if candidate.score >= SUGGEST)


def _confident(shelf: Shelf, verdict: Verdict) -> UUID | None:
    """The flow the matcher was sure of."""
    if verdict.decision != "matched":
        return None
    found = shelf.flows.get(verdict.candidates[0].slug)
    return None if found is None else found.flow_id


def _may_build(category: str, account: AccountValues) -> bool:
    return category in BUILDABLE and category not in account.disabled_categories


def _problem(text: str) -> str:
    """Raises Refused for a text that says nothing, or more than a problem statement may."""
    if not text.strip():
        raise Refused("the problem is empty", "Write what the caller says, in their words.")
    if len(text) > PROBLEM_LIMIT:
        raise Refused(
            f"the problem is {len(text):,} characters long; {PROBLEM_LIMIT:,} is the most",
            "Keep the gist here; the rest fits into the notes.",
        )
    return text
