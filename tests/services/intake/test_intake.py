"""From the caller's words to a session or an honest choice, on both databases."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.builder.protocol import BuildContext, Show
from services.builder.protocol import Built as BuiltNode
from services.errors import NotFound, Refused
from services.flows.library import Library
from services.flows.nodes import Outcome, Question
from services.flows.proposal import ProposalSummary
from services.flows.proposals import Proposals
from services.intake import shelf
from services.intake.model import (
    PROBLEM_LIMIT,
    AdHoc,
    AdHocStarted,
    BuildAnyway,
    Built,
    Call,
    EscalateAtOnce,
    EscalatedAtOnce,
    Matched,
    OutOfScope,
    Suggest,
    TakeFlow,
    TakeProposal,
    Wish,
)
from services.intake.service import EVIDENCE_STARTS, Intake
from services.matching.calibration import Fit
from services.matching.gists import Gist
from services.matching.index import Index
from services.team.settings import AccountSettings, Categories
from services.walks.model import Acknowledge, Choose, Walk
from services.walks.service import Walks
from storage import tables
from tests.services.making import make_call
from tests.services.people import HOSTILE, audited
from tests.services.walks.scene import Scene

OUTLOOK = "outlook wants my password every two minutes"
PRINTER = "the printer shows offline and nothing prints"
LABELS = "the label printer by the door shows offline"
NOWHERE = "the toilet on the second floor is blocked"


async def counted(scene: Scene) -> tuple[int, int]:
    """Sessions and tickets in the store."""
    async with scene.database.session(read_only=True) as session:
        sessions = (await session.scalars(select(func.count()).select_from(tables.Session))).one()
        tickets = (await session.scalars(select(func.count()).select_from(tables.Ticket))).one()
    return sessions, tickets


async def set_auto_start(scene: Scene, value: str) -> None:
    await AccountSettings(scene.database, scene.clock).set(scene.team.owner, "match.auto_start", value)


async def test_a_new_account_is_given_suggestions_and_nothing_is_created(scene: Scene) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK))
    assert isinstance(outcome, Suggest)
    assert outcome.suggestions[0].slug == "life"
    assert "outlook" in outcome.suggestions[0].why
    assert await counted(scene) == (0, 0)


async def test_a_confident_match_starts_by_itself_where_the_account_lets_it(scene: Scene) -> None:
    await set_auto_start(scene, "on")
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK, customer="Acme", contact="555"))
    assert isinstance(outcome, Matched)
    assert outcome.walk.flow is not None
    assert (outcome.walk.kind, outcome.walk.flow.slug) == ("flow", "life")
    assert (outcome.walk.customer, outcome.walk.contact) == ("Acme", "555")
    assert outcome.walk.ticket.status == "walking"
    assert await counted(scene) == (1, 1)


async def test_off_means_suggestions_for_ever(scene: Scene) -> None:
    await set_auto_start(scene, "off")
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)


async def solved(scene: Scene, wish: Wish = TakeFlow("life"), helpful: bool = True) -> None:  # noqa: B008  # frozen
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), wish)
    assert not isinstance(outcome, Suggest | OutOfScope)
    await scene.walks.resolve(scene.team.tech, outcome.walk, helpful=helpful, notes="")


async def test_evidence_lets_the_matcher_start_once_its_flow_solved_calls_often_enough(scene: Scene) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    for _ in range(EVIDENCE_STARTS):
        assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)
        await solved(scene)
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Matched)


async def ended(scene: Scene, number: int, **fields: Any) -> None:
    """Calls for which the matcher was sure of the one flow, resolved in it unless told otherwise."""
    walk = await scene.start_flow()
    await scene.walks.abandon(scene.team.tech, walk)
    assert walk.flow is not None
    flow_id, version_id = walk.flow.id, walk.flow.version_id
    given = {"kind": "flow", "status": "resolved", "helpful": True, "flow_id": flow_id, "flow_version_id": version_id}
    for _ in range(number):
        await make_call(
            scene.database, scene.clock, scene.team.tech, **{**given, "confident_flow_id": flow_id, **fields}
        )


@pytest.mark.parametrize(
    ("right", "wrong", "starts"), [(49, 0, False), (50, 0, True), (95, 5, True), (94, 6, False), (47, 3, False)]
)
async def test_the_matcher_starts_from_the_fiftieth_call_and_with_nineteen_of_twenty_right(
    scene: Scene, right: int, wrong: int, starts: bool
) -> None:
    await ended(scene, right)
    await ended(scene, wrong, helpful=False)
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK))
    assert isinstance(outcome, Matched if starts else Suggest)


async def test_a_call_that_an_engineer_ended_well_does_not_speak_for_the_matcher(scene: Scene) -> None:
    await ended(scene, 60, escalated_at=scene.clock())
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)
    assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].worked == (0, 61)


async def test_how_often_a_flow_worked_is_told_of_the_last_ninety_days(scene: Scene) -> None:
    assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].worked is None  # never used
    await ended(scene, 3)
    scene.clock.forward(hours=91 * 24)
    assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].worked == (0, 0)  # not lately
    await ended(scene, 2, created_at=scene.clock())
    assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].worked == (2, 3)


async def captured_alone(scene: Scene) -> ProposalSummary:
    """A proposal that helped, of which the matcher is sure: no flow is left beside it."""
    walk = await scene.build(LABELS)
    while walk.pending is not None and not isinstance(walk.pending.node, Outcome):
        walk = await scene.answer(walk, Choose(0) if isinstance(walk.pending.node, Question) else Acknowledge())
    await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")
    (proposal,) = await Proposals(scene.database, scene.clock, scene.library).listed(scene.team.owner)
    return proposal


@pytest.mark.parametrize("rejected", [False, True])
async def test_a_proposal_never_starts_by_itself(scene: Scene, monkeypatch: pytest.MonkeyPatch, rejected: bool) -> None:
    await set_auto_start(scene, "on")
    proposal = await captured_alone(scene)
    indexes: list[Index] = []
    made = Index.changed

    def noted(index: Index, gists: Iterable[Gist], gone: Iterable[str] = (), fit: Fit | None = None) -> Index:
        indexes.append(made(index, gists, gone, fit))
        return indexes[-1]

    monkeypatch.setattr(Index, "changed", noted)
    before = await scene.intake.match(scene.team.second, LABELS)
    verdict = indexes[-1].match(LABELS)
    assert (verdict.decision, verdict.candidates[0].title) == ("matched", proposal.title)
    assert (before.outcome, before.candidates[0].proposal_id) == ("suggest", proposal.id)
    if rejected:
        monkeypatch.setattr(shelf, "PATIENCE", 0)
        await Proposals(scene.database, scene.clock, scene.library).reject(scene.team.owner, proposal.id, "too short")
    sessions, _ = await counted(scene)
    outcome = await scene.intake.take(scene.team.second, Call(problem=LABELS))
    assert isinstance(outcome, Suggest)
    assert (await counted(scene))[0] == sessions


async def test_a_proposal_that_a_reviewer_has_begun_is_offered_and_walked_as_it_was_captured(scene: Scene) -> None:
    proposals, team = Proposals(scene.database, scene.clock, scene.library), scene.team
    proposal = await captured_alone(scene)
    seen = await proposals.show(team.engineer, proposal.id)
    first = seen.flow.nodes[seen.flow.start]
    begun = {**seen.flow.nodes, seen.flow.start: replace(first, text="Not finished")}
    await proposals.edit(team.engineer, seen, replace(seen.flow, nodes=begun))
    assert (await scene.intake.match(team.second, LABELS)).candidates[0].proposal_id == proposal.id
    outcome = await scene.intake.take(team.second, Call(problem=LABELS), TakeProposal(proposal.id))
    walk: Walk = outcome.walk  # type: ignore[union-attr]
    assert walk.pending is not None
    assert walk.pending.node == first


async def test_calls_under_way_are_no_evidence_yet(scene: Scene) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    for _ in range(EVIDENCE_STARTS):
        await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), TakeFlow("life"))
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)


@pytest.mark.parametrize("against", ["another flow", "free notes", "not helpful", "escalated", "at once"])
async def test_what_speaks_against_the_matcher_keeps_it_from_starting(scene: Scene, against: str) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    for number in range(EVIDENCE_STARTS):
        if number >= 5:
            await solved(scene)
            continue
        match against:
            case "another flow":
                await solved(scene, TakeFlow("line"))
            case "free notes":
                await solved(scene, AdHoc())
            case "not helpful":
                await solved(scene, helpful=False)
            case "escalated":
                begun = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), TakeFlow("life"))
                assert isinstance(begun, Matched)
                await scene.walks.escalate(scene.team.tech, begun.walk, category="other", reason="no help")
            case "at once":
                await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), EscalateAtOnce("other", "no time"))
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)


async def test_choosing_a_suggestion_starts_exactly_that_flow(scene: Scene) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), TakeFlow("line"))
    assert isinstance(outcome, Matched)
    assert outcome.walk.flow is not None
    assert outcome.walk.flow.slug == "line"


async def test_no_match_and_an_enabled_category_builds(scene: Scene) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=PRINTER))
    assert isinstance(outcome, Built)
    assert (outcome.walk.kind, outcome.walk.category, outcome.walk.problem_text) == ("ai_build", "printer", PRINTER)
    assert outcome.walk.pending is not None
    assert outcome.walk.steps == ()


async def test_declining_the_suggestions_builds_or_says_that_it_is_out_of_scope(scene: Scene) -> None:
    built = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), BuildAnyway())
    assert isinstance(built, Built | OutOfScope)
    await Categories(scene.database, scene.clock).disable(scene.team.owner, "email_outlook_client")
    declined = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), BuildAnyway())
    assert isinstance(declined, OutOfScope)
    assert [near.slug for near in declined.near][:1] == ["life"]


async def test_matching_comes_before_the_gate(scene: Scene) -> None:
    """A switched off category never hides an authored flow."""
    await Categories(scene.database, scene.clock).disable(scene.team.owner, "email_outlook_client")
    assert isinstance(await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK)), Suggest)


async def test_a_disabled_category_and_an_unknown_one_are_out_of_scope_and_create_nothing(scene: Scene) -> None:
    await Categories(scene.database, scene.clock).disable(scene.team.owner, "printer")
    closed = await scene.intake.take(scene.team.tech, Call(problem=PRINTER))
    unknown = await scene.intake.take(scene.team.tech, Call(problem=NOWHERE))
    assert isinstance(closed, OutOfScope)
    assert isinstance(unknown, OutOfScope)
    assert (closed.category, unknown.category) == ("printer", "unknown")
    assert await counted(scene) == (0, 0)


async def test_ad_hoc_is_there_whatever_the_matcher_says(scene: Scene) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    assert (outcome.walk.kind, outcome.walk.pending, outcome.walk.free_notes) == ("adhoc", None, True)


async def test_escalating_at_once_is_born_escalated_with_its_own_audit_row(scene: Scene) -> None:
    wish = EscalateAtOnce("outage_or_many_users", "the whole floor is down", "warm")
    outcome = await scene.intake.take(scene.team.tech, Call(problem="nobody can work"), wish)
    assert isinstance(outcome, EscalatedAtOnce)
    walk = outcome.walk
    assert (walk.kind, walk.status, walk.ticket.status, walk.path) == ("adhoc", "escalated", "escalated", ())
    assert len(await audited(scene.database, scene.team.owner, "l1.session.escalate_no_walk")) == 1
    (listed,) = await scene.escalations.listed(scene.team.engineer)
    assert listed.id == walk.id


async def test_an_escalation_at_once_without_a_reason_creates_nothing(scene: Scene) -> None:
    with pytest.raises(Refused):
        await scene.intake.take(scene.team.tech, Call(problem="x"), EscalateAtOnce("other", " "))
    assert await counted(scene) == (0, 0)


@pytest.mark.parametrize(("problem", "words"), [("", "empty"), (" \n ", "empty"), ("x" * (PROBLEM_LIMIT + 1), "4,000")])
async def test_a_problem_that_says_nothing_or_too_much_is_refused(scene: Scene, problem: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        await scene.intake.take(scene.team.tech, Call(problem=problem), AdHoc())


async def test_hostile_words_are_stored_as_given(scene: Scene) -> None:
    call = Call(problem=HOSTILE, customer=HOSTILE, contact=HOSTILE)
    outcome = await scene.intake.take(scene.team.tech, call, AdHoc())
    assert isinstance(outcome, AdHocStarted)
    stored = await scene.walks.open(scene.team.tech, outcome.walk.id)
    assert (stored.problem_text, stored.customer, stored.contact) == (HOSTILE, HOSTILE, HOSTILE)
    (entry,) = await scene.queue.listed(scene.team.tech, words="drop")
    assert entry.problem == HOSTILE


async def test_a_psa_ticket_is_used_and_not_made_twice(scene: Scene) -> None:
    walks = []
    for _ in range(2):
        outcome = await scene.intake.take(scene.team.tech, Call(problem=PRINTER, psa_ticket="T20260301.0007"), AdHoc())
        assert isinstance(outcome, AdHocStarted)
        walks.append(outcome.walk)
    assert walks[0].ticket == walks[1].ticket
    assert (walks[0].ticket.kind, walks[0].ticket.external_id) == ("psa", "T20260301.0007")


@pytest.mark.parametrize("wish", [TakeFlow("nowhere"), TakeProposal(uuid4())])
async def test_what_is_not_there_cannot_be_chosen(scene: Scene, wish: Wish) -> None:
    with pytest.raises(NotFound):
        await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), wish)
    assert await counted(scene) == (0, 0)


async def test_another_accounts_flows_are_neither_matched_nor_found(scene: Scene) -> None:
    stranger = scene.team.their_tech
    outcome = await scene.intake.take(stranger, Call(problem=OUTLOOK))
    assert not isinstance(outcome, Suggest | Matched)
    with pytest.raises(NotFound):
        await scene.intake.take(stranger, Call(problem=OUTLOOK), TakeFlow("life"))


async def test_a_call_on_another_accounts_ticket_is_not_found(scene: Scene) -> None:
    walk = await scene.start_flow()
    with pytest.raises(NotFound, match="no ticket"):
        await scene.intake.take(scene.team.their_tech, Call(problem="x", ticket_id=walk.ticket.id), AdHoc())


async def test_what_a_match_says_is_what_taking_the_call_does(scene: Scene) -> None:
    for problem in (OUTLOOK, PRINTER, NOWHERE):
        said = await scene.intake.match(scene.team.tech, problem)
        done = await scene.intake.take(scene.team.tech, Call(problem=problem))
        assert said.outcome == done.name


async def test_a_flow_published_later_is_matched_without_a_restart(scene: Scene) -> None:
    before = await scene.intake.match(scene.team.tech, OUTLOOK)
    await Library(scene.database, scene.clock).retire(scene.team.owner, "life")
    after = await scene.intake.match(scene.team.tech, OUTLOOK)
    assert before.candidates[0].slug == "life"
    assert "life" not in [candidate.slug for candidate in after.candidates]


class Silent:
    """A builder that always has to be waited for."""

    def at_hand(self, context: BuildContext) -> BuiltNode | None:
        return None

    async def build(self, context: BuildContext, show: Show | None) -> BuiltNode:
        raise NotImplementedError


async def test_a_built_call_whose_first_node_takes_time_is_stored_before_it_is_waited_for(scene: Scene) -> None:
    walks = Walks(scene.database, scene.clock, scene.library, Silent())
    intake = Intake(scene.database, scene.clock, scene.library, walks)
    outcome = await intake.take(scene.team.tech, Call(problem=PRINTER))
    assert isinstance(outcome, Built)
    assert outcome.walk.awaits_node
    assert (await scene.walks.open(scene.team.tech, outcome.walk.id)).awaits_node


async def test_a_captured_call_is_suggested_as_not_reviewed_with_how_often_it_worked(scene: Scene) -> None:
    walk = await scene.build("the label printer by the door shows offline")
    while walk.pending is not None and not isinstance(walk.pending.node, Outcome):
        walk = await scene.answer(walk, Choose(0) if isinstance(walk.pending.node, Question) else Acknowledge())
    await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")
    outcome = await scene.intake.take(scene.team.second, Call(problem="label printer by the door shows offline"))
    assert isinstance(outcome, Suggest)
    first = outcome.suggestions[0]
    assert (first.slug, first.worked) == (None, (1, None))
    assert first.proposal_id is not None
    started = await scene.intake.take(scene.team.second, Call(problem="again"), TakeProposal(first.proposal_id))
    assert isinstance(started, Matched)
    assert started.walk.proposal_id == first.proposal_id
