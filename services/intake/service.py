"""Match or build: what the caller says becomes a session, or an honest choice.

What is asked for outright waits for no matcher. Otherwise matching comes before the category gate, so that no setting
can hide an authored flow. Nothing is created unless a session starts.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.categories import BUILDABLE, UNKNOWN
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows.library import Library
from services.flows.visible import blank
from services.intake.advice import Advice
from services.intake.again import again
from services.intake.model import (
    PROBLEM_LIMIT,
    AdHoc,
    AdHocStarted,
    AlreadyBegun,
    BuildAnyway,
    Built,
    Call,
    Decide,
    EscalateAtOnce,
    EscalatedAtOnce,
    Matchable,
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
from services.intake.offers import Offers, offers
from services.intake.opening import Opening
from services.intake.shelf import Shelf, Shelves
from services.matching.calibration import SUGGEST
from services.matching.classifier import classify
from services.matching.embedding import Embedding
from services.matching.index import Candidate, Verdict
from services.matching.measured import Answer
from services.psa.lists import Listed
from services.team.settings import AccountValues, values
from services.walks.model import Walk
from services.walks.service import Walks
from services.walks.texts import kept
from storage.database import Database, Reading
from storage.intake import confident_record
from storage.matching import learnt_until

EVIDENCE_STARTS = 50
EVIDENCE_PRECISION = 0.95
"""An account's matcher may start flows by itself once so many calls of which it was sure have ended, and so many of
those were solved by that flow."""


class Intake:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        library: Library,
        walks: Walks,
        advice: Advice | None = None,
        *,
        lists: Sequence[Listed] = (),
        embedding: Embedding | None = None,
    ) -> None:
        """`advice` is None where no model is set up; `lists`: what of the PSA's tickets is known; without `embedding`
        flows are matched by words alone."""
        self._database = database
        self._clock = clock
        self._advice = advice
        self._library = library
        self._shelves = Shelves(database, clock, library, embedding)
        self._opening = Opening(database, clock, library, walks, lists)

    async def match(self, actor: Actor, text: str, *, customer: str = "", contact: str = "") -> Matching:
        """What `take` would decide, creating nothing, and whether that caller had the same trouble lately. Raises
        Refused for an empty or over-long text."""
        actor.require(Act.TAKE_CALLS)
        text = _problem(text)
        shelf = await self._shelf(actor)
        began = time.perf_counter()
        verdict, category = shelf.index.match(text), classify(text)
        spent = (time.perf_counter() - began) * 1000
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            account = await values(read)
            decision = await self._decision(read, shelf, verdict, account)
            gate = "build" if _may_build(category, account) else "out_of_scope"
            outcome = gate if decision == "none" else decision
            found = await self._suggestions(read, shelf, verdict.candidates)
            before = await again(read, text, customer, contact, self._clock())
            return Matching(outcome, category, found, spent, before)

    async def library(self, actor: Actor) -> Matchable:
        """What callers can be matched to."""
        actor.require(Act.READ_SESSIONS)
        shelf = await self._shelf(actor, act=Act.READ_SESSIONS)
        return Matchable(frozenset(shelf.flows), shelf.index.hybrid)

    async def answer(self, actor: Actor, text: str) -> Answer:
        """What the matcher itself says, whatever the account lets it do. Raises Refused as `match` does."""
        actor.require(Act.READ_SESSIONS)
        text = _problem(text)
        shelf = await self._shelf(actor, act=Act.READ_SESSIONS)
        began = time.perf_counter()
        verdict, category = shelf.index.match(text), classify(text)
        spent = (time.perf_counter() - began) * 1000
        slugs = tuple(each.slug for each in verdict.candidates)
        starts = verdict.decision == "matched" and slugs[0] in shelf.flows
        return Answer(slugs, starts, category, spent)

    async def settle(self, actor: Actor) -> None:
        """Loads and reads all that matching needs and fits it to the library as it is now, where that was not done
        yet. Takes its time with a large library that is new: for the background, and after an import. What comes of it
        holds for everybody where the actor may publish flows: it decides which of them begin by themselves."""
        actor.require(Act.READ_SESSIONS)
        await self._shelves.settle(actor, for_all=actor.may(Act.REVIEW_FLOWS))

    async def take(self, actor: Actor, call: Call, wish: Wish = Decide()) -> Outcome:  # noqa: B008  # frozen, empty
        """Starts what was wished for, or decides. The same call again gives the same walk, `repeated`.

        Raises Refused for a bad problem, NotFound for a missing flow, AlreadyBegun where what has begun under the
        call's id is not what is asked for.
        """
        actor.require(Act.TAKE_CALLS)
        call = replace(call, problem=_problem(call.problem))
        if begun := await self._opening.begun(actor, call):
            return _again(actor, call, begun, wish)
        outcome = await self._taken(actor, call, wish)
        if isinstance(outcome, Suggest | OutOfScope) or not outcome.walk.repeated:
            return outcome
        return _again(actor, call, outcome.walk, wish)

    async def _taken(self, actor: Actor, call: Call, wish: Wish) -> Outcome:
        match wish:
            case TakeFlow(slug):
                return Matched(await self._opening.flow(actor, call, slug, self._offered(actor, call)))
            case TakeProposal(proposal_id):
                return Matched(await self._opening.proposal(actor, call, proposal_id, self._offered(actor, call)))
            case AdHoc():
                return AdHocStarted(await self._opening.adhoc(actor, call, self._offered(actor, call)))
            case EscalateAtOnce():
                return EscalatedAtOnce(await self._opening.escalated(actor, call, wish, self._offered(actor, call)))
            case Decide() | BuildAnyway():
                return await self._decide(actor, call, declined=isinstance(wish, BuildAnyway))

    async def _decide(self, actor: Actor, call: Call, *, declined: bool, again: bool = False) -> Outcome:
        """`declined`: nothing that the matcher found is wanted. `again`: what it found had been retired meanwhile."""
        category = classify(call.problem)
        if declined and _may_build(category, await self._account(actor)):
            return Built(await self._opening.build(actor, call, category, self._offered(actor, call)))
        shelf = await self._shelf(actor, as_it_is=again)
        verdict = shelf.index.match(call.problem)
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            account = await values(read)
            decision = "none" if declined else await self._decision(read, shelf, verdict, account)
            suggestions = await self._suggestions(read, shelf, _near(verdict))
        if decision == "matched":
            taken = offers(shelf, verdict).started()
            try:
                return Matched(await self._opening.flow(actor, call, verdict.candidates[0].slug, taken))
            except NotFound:
                if again:
                    raise
            return await self._decide(actor, call, declined=declined, again=True)
        if decision == "suggest" or (category == UNKNOWN and not declined):
            suggestions, category = await self._advised(actor, call, suggestions, category)
        if decision == "suggest":
            return Suggest(suggestions, category)
        if not _may_build(category, account):
            return OutOfScope(category, suggestions)
        return Built(await self._opening.build(actor, call, category, None))

    async def _advised(
        self, actor: Actor, call: Call, suggestions: tuple[Suggestion, ...], category: str
    ) -> tuple[tuple[Suggestion, ...], str]:
        """What a model would take stands first; a category that the words alone do not give comes from it too."""
        if self._advice is None:
            return suggestions, category
        advised = await self._advice.of(actor, call, [each.title for each in suggestions])
        if advised is None:
            return suggestions, category
        if advised.choice is not None:
            first = suggestions[advised.choice]
            suggestions = (first, *(each for each in suggestions if each is not first))
        return suggestions, advised.category if category == UNKNOWN else category

    async def _shelf(self, actor: Actor, *, as_it_is: bool = False, act: Act = Act.TAKE_CALLS) -> Shelf:
        """`as_it_is`: of the library as it is now, however long that takes."""
        async with reading(self._database, actor, act) as read:
            revision, learnt = await self._library.revision(read), await learnt_until(read)
        return await self._shelves.of(actor, revision, learnt, patient=as_it_is)

    async def _account(self, actor: Actor) -> AccountValues:
        async with reading(self._database, actor, Act.TAKE_CALLS) as read:
            return await values(read)

    def _offered(self, actor: Actor, call: Call) -> Offers | None:
        """What the matcher puts forward, as far as it is fitted: what was asked for never waits for it."""
        shelf = self._shelves.at_hand(actor)
        return None if shelf is None else offers(shelf, shelf.index.match(call.problem))

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
        right, ended = await confident_record(read)
        proved = ended >= EVIDENCE_STARTS and right >= EVIDENCE_PRECISION * ended
        return "matched" if proved else "suggest"

    async def _suggestions(
        self, read: Reading, shelf: Shelf, candidates: Iterable[Candidate]
    ) -> tuple[Suggestion, ...]:
        shown = tuple(candidates)
        flow_ids = [shelf.flows[each.slug] for each in shown if each.slug in shelf.flows]
        record = await self._library.record_lately(read, flow_ids)
        return tuple(_suggestion(shelf, candidate, record) for candidate in shown)


def _suggestion(shelf: Shelf, candidate: Candidate, record: Mapping[UUID, tuple[int, int]]) -> Suggestion:
    proposal = shelf.proposals.get(candidate.slug)
    if proposal is not None:
        return Suggestion(proposal.title, None, proposal.id, candidate.score, candidate.why, (proposal.worked, None))
    known = record.get(shelf.flows[candidate.slug])
    return Suggestion(candidate.title, candidate.slug, None, candidate.score, candidate.why, known)


def _near(verdict: Verdict) -> tuple[Candidate, ...]:
    return tuple(candidate for candidate in verdict.candidates if candidate.score >= SUGGEST)


def _again(actor: Actor, call: Call, walk: Walk, wish: Wish) -> Outcome:
    """What came out when the call was taken for the first time. Raises AlreadyBegun where that was another call."""
    if walk.technician.id != actor.user_id:
        raise AlreadyBegun(f"{walk.technician.name} has it", "Start a call of your own.")
    if walk.problem_text != call.problem or not _is_wished(walk, wish):
        raise AlreadyBegun("otherwise than asked for now", "Open it from the queue, or start another one.")
    match walk.kind:
        case "flow" | "proposal":
            return Matched(walk)
        case "ai_build":
            return Built(walk)
        case "adhoc":
            return EscalatedAtOnce(walk) if walk.born_escalated else AdHocStarted(walk)


def _is_wished(walk: Walk, wish: Wish) -> bool:
    match wish:
        case Decide():
            return walk.kind in {"flow", "ai_build"}
        case TakeFlow(slug):
            return walk.flow is not None and walk.flow.slug == slug
        case TakeProposal(proposal_id):
            return walk.kind == "proposal" and walk.proposal_id == proposal_id
        case AdHoc():
            return walk.kind == "adhoc" and not walk.born_escalated
        case BuildAnyway():
            return walk.kind == "ai_build"
        case EscalateAtOnce():
            return walk.born_escalated


def _may_build(category: str, account: AccountValues) -> bool:
    return category in BUILDABLE and category not in account.disabled_categories


def _problem(text: str) -> str:
    """Without secrets. Raises Refused for a text that says nothing, or more than a problem statement may."""
    if blank(text):
        raise Refused("the problem is empty", "Write what the caller says, in their words.")
    return kept(text, "the problem", PROBLEM_LIMIT)
