"""Captured flows: looked at, approved into the library, rejected."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, event

from services.access import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, Trouble
from services.flows.examples import Examples
from services.flows.library import Library
from services.flows.merging import instead, merged
from services.flows.nodes import Answer, Flow, Outcome, Question, flow_to_json
from services.flows.proposals import Proposals
from storage.database import Database
from storage.tables import Proposal, Session
from tests.services.making import Files, flow, make_call
from tests.services.people import HOSTILE, ManualClock, Team, audited, past


@pytest.fixture
def library(database: Database, clock: ManualClock) -> Library:
    return Library(database, clock)


@pytest.fixture
def proposals(database: Database, clock: ManualClock, library: Library) -> Proposals:
    return Proposals(database, clock, library)


class Captured:
    """Puts a captured flow into the store."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self._database, self._clock = database, clock

    async def __call__(self, by: Actor, tree: Flow | None = None, **fields: Any) -> UUID:
        tree, proposal_id = tree or flow("captured"), uuid4()
        given = {
            "status": "pending",
            "type": "new_flow",
            "source": "ai_realtime_l1",
            "title": tree.title,
            "category": tree.category,
            "keywords": list(tree.keywords),
            "tree": flow_to_json(tree),
            "validated_by_outcome": True,
            "worked": 1,
            "created_by": by.user_id,
            "created_at": self._clock(),
        }
        async with past(self._database, by) as tx:
            tx.add(Proposal(id=proposal_id, **{**given, **fields}))
        return proposal_id


@pytest.fixture
def captured(database: Database, clock: ManualClock) -> Captured:
    return Captured(database, clock)


def with_stub() -> Flow:
    given = flow("captured")
    return replace(given, nodes={**given.nodes, "end": Outcome(text="?", result="escalate", needs_review=True)})


async def test_the_newest_proposal_is_listed_first(
    proposals: Proposals, captured: Captured, clock: ManualClock, team: Team
) -> None:
    first = await captured(team.tech)
    clock.forward(seconds=1)
    second = await captured(team.tech, with_stub())
    listed = await proposals.listed(team.engineer)
    assert [(each.id, each.stubs) for each in listed] == [(second, 1), (first, 0)]
    assert (listed[0].created_by, listed[0].status, listed[0].worked) == ("tina", "pending", 1)
    assert await proposals.listed(team.engineer, status="rejected") == ()


async def test_many_proposals_are_read_with_as_few_questions_as_one(
    proposals: Proposals, captured: Captured, database: Database, team: Team
) -> None:
    asked: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    numbers = []
    for _ in range(3):
        proposal_id = await captured(team.tech)
        asked.clear()
        whole = await proposals.whole(team.engineer)
        numbers.append(len(asked))
        assert await proposals.show(team.engineer, proposal_id) in whole
    assert numbers == [numbers[0]] * 3


async def test_an_approved_proposal_is_a_published_flow(  # noqa: PLR0917 - fixtures
    proposals: Proposals, library: Library, captured: Captured, database: Database, clock: ManualClock, team: Team
) -> None:
    session_id = await make_call(database, clock, team.tech)
    proposal_id = await captured(team.tech, session_id=session_id)
    imported = await proposals.approve(team.engineer, proposal_id, slug="printer-silent")
    assert (imported.slug, imported.number, imported.status) == ("printer-silent", 1, "published")
    assert (await library.show(team.tech, "printer-silent")).flow == replace(flow("captured"), slug="printer-silent")
    shown = await proposals.show(team.tech, proposal_id)
    assert shown.summary.status == "approved"
    assert shown.review is not None
    assert (shown.review.by, shown.review.at) == ("emil", clock())
    [row] = await audited(database, team.owner, "proposal.approve")
    assert (row.user_id, row.session_id) == (team.engineer.user_id, session_id)
    assert (row.details["proposal_id"], row.details["slug"]) == (str(proposal_id), "printer-silent")
    assert len(await audited(database, team.owner, "flow.publish")) == 1


async def test_a_stub_that_is_left_keeps_a_proposal_out(
    proposals: Proposals, library: Library, captured: Captured, team: Team
) -> None:
    proposal_id = await captured(team.tech, with_stub())
    with pytest.raises(Refused, match="nobody has filled in 'end'"):
        await proposals.approve(team.owner, proposal_id)
    assert await library.listed(team.owner) == ()
    assert (await proposals.show(team.owner, proposal_id)).summary.status == "pending"


async def test_a_reviewer_fills_the_stubs_in_and_calls_that_walk_it_are_not_disturbed(
    proposals: Proposals, library: Library, captured: Captured, database: Database, team: Team
) -> None:
    proposal_id = await captured(team.tech, with_stub())
    edited = flow("whatever", ask="Is the plug in?")
    await proposals.approve(team.engineer, proposal_id, slug="plug", edited=edited)
    assert (await library.show(team.tech, "plug")).flow == replace(edited, slug="plug")
    assert (await proposals.show(team.tech, proposal_id)).flow == with_stub()
    [row] = await audited(database, team.owner, "proposal.approve")
    assert row.details["edited"] is True


async def test_what_does_not_pass_lint_is_not_approved(
    proposals: Proposals, library: Library, captured: Captured, team: Team
) -> None:
    proposal_id = await captured(team.tech, flow("captured", links="nowhere"))
    with pytest.raises(Invalid, match="neither published"):
        await proposals.approve(team.engineer, proposal_id)
    for slug in ("No Slug", HOSTILE):
        with pytest.raises(Invalid, match="no slug"):
            await proposals.approve(team.engineer, await captured(team.tech), slug=slug)
    assert await library.listed(team.owner) == ()


async def test_approving_never_replaces_a_flow(
    proposals: Proposals, library: Library, captured: Captured, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("printer")))
    with pytest.raises(Refused, match="there is a flow 'printer' already"):
        await proposals.approve(team.engineer, await captured(team.tech), slug="printer")


async def test_no_engineer_approves_a_proposal_from_a_call_of_their_own(
    proposals: Proposals, captured: Captured, team: Team
) -> None:
    proposal_id = await captured(team.covering)
    with pytest.raises(NotAllowed, match="of their own"):
        await proposals.approve(team.covering, proposal_id)
    assert await proposals.awaits_colleague(team.covering, proposal_id)
    assert not await proposals.awaits_colleague(team.engineer, proposal_id)
    await proposals.reject(team.covering, proposal_id, "not good enough")


async def test_whoever_answers_for_the_account_may_approve_their_own(
    proposals: Proposals, captured: Captured, team: Team
) -> None:
    for actor, slug in ((team.admin, "one"), (team.owner, "two")):
        assert (await proposals.approve(actor, await captured(actor), slug=slug)).status == "published"


async def test_a_rejected_proposal_says_why(
    proposals: Proposals, captured: Captured, database: Database, team: Team
) -> None:
    proposal_id = await captured(team.tech)
    for reason in ("", "  ", "x" * 4001):
        with pytest.raises(Refused, match="reason"):
            await proposals.reject(team.engineer, proposal_id, reason)
    await proposals.reject(team.engineer, proposal_id, HOSTILE)
    shown = await proposals.show(team.tech, proposal_id)
    assert shown.summary.status == "rejected"
    assert shown.review is not None
    assert shown.review.reason == HOSTILE
    [row] = await audited(database, team.owner, "proposal.reject")
    assert row.details["reason"] == HOSTILE


@pytest.mark.parametrize("status", ["approved", "rejected", "dismissed"])
async def test_what_was_reviewed_is_not_reviewed_again(
    proposals: Proposals, captured: Captured, team: Team, status: str
) -> None:
    proposal_id = await captured(team.tech, status=status)
    for attempt in (proposals.approve(team.owner, proposal_id), proposals.reject(team.owner, proposal_id, "no")):
        with pytest.raises(Refused, match=f"is {status}"):
            await attempt


async def test_a_modified_proposal_still_waits(proposals: Proposals, captured: Captured, team: Team) -> None:
    proposal_id = await captured(team.tech, status="modified")
    assert (await proposals.approve(team.owner, proposal_id)).status == "published"


async def test_what_a_reviewer_has_made_of_it_is_kept_and_calls_walk_what_was_captured(  # noqa: PLR0917 - fixtures
    proposals: Proposals, library: Library, captured: Captured, database: Database, clock: ManualClock, team: Team
) -> None:
    proposal_id = await captured(team.tech, with_stub())
    seen = await proposals.show(team.engineer, proposal_id)
    assert [fault.rule for fault in await proposals.faults(team.engineer, seen.flow)] == ["review"]
    better = flow("captured", ask="Is the plug in?", title="Plug")
    kept = await proposals.edit(team.engineer, seen, better)
    assert (kept.flow, kept.captured) == (better, with_stub())
    assert (kept.summary.status, kept.summary.state_version, kept.summary.stubs, kept.summary.title) == (
        "modified",
        2,
        0,
        "Plug",
    )
    assert kept.review is not None
    assert (kept.review.by, kept.review.at) == ("emil", clock())
    assert await proposals.edit(team.engineer, kept, better) == kept
    assert [each.summary.id for each in await proposals.waiting(team.engineer)] == [proposal_id]
    [row] = await audited(database, team.owner, "proposal.edit")
    assert row.details == {"proposal_id": str(proposal_id), "nodes": 3, "stubs": 0}
    await proposals.approve(team.engineer, proposal_id, slug="plug", version=2)
    assert (await library.show(team.tech, "plug")).flow == replace(better, slug="plug")
    assert await proposals.waiting(team.engineer) == ()


async def test_a_proposal_with_mistakes_is_kept_too_and_not_published(
    proposals: Proposals, captured: Captured, team: Team
) -> None:
    seen = await proposals.show(team.engineer, await captured(team.tech))
    broken = replace(flow("captured"), start="nowhere", title=HOSTILE)
    kept = await proposals.edit(team.engineer, seen, broken)
    assert kept.flow == broken
    assert {fault.rule for fault in await proposals.faults(team.engineer, kept.flow)} >= {"start"}
    with pytest.raises(Invalid):
        await proposals.approve(team.engineer, seen.summary.id)


async def test_whoever_has_looked_at_an_older_state_is_told_who_changed_it(
    proposals: Proposals, library: Library, captured: Captured, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("printer")))
    seen = await proposals.show(team.admin, await captured(team.tech))
    proposal_id, version = seen.summary.id, seen.summary.state_version
    await proposals.edit(team.engineer, seen, flow("captured", ask="Is the plug in?"))
    for attempt in (
        proposals.edit(team.admin, seen, flow("captured", ask="Is it warm?")),
        proposals.approve(team.admin, proposal_id, version=version),
        proposals.reject(team.admin, proposal_id, "no", version=version),
        proposals.merge(team.admin, proposal_id, into="printer", at="ask", label="Neither", version=version),
    ):
        with pytest.raises(Conflict, match="emil changed this proposal"):
            await attempt


async def test_an_engineer_works_on_a_proposal_of_their_own_and_a_colleague_approves_it(
    proposals: Proposals, captured: Captured, team: Team
) -> None:
    seen = await proposals.show(team.covering, await captured(team.covering, with_stub()))
    kept = await proposals.edit(team.covering, seen, flow("captured"))
    with pytest.raises(NotAllowed, match="of their own"):
        await proposals.approve(team.covering, kept.summary.id)
    assert (await proposals.approve(team.engineer, kept.summary.id)).status == "published"


async def test_a_merged_proposal_is_a_branch_of_a_new_version(  # noqa: PLR0917 - fixtures
    proposals: Proposals, library: Library, captured: Captured, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("printer", examples=("it is dead",))))
    branch = flow("captured", ask="Is the plug in?", examples=("no light at all", "It is  DEAD"))
    proposal_id = await captured(team.tech, branch)
    imported = await proposals.merge(
        team.engineer, proposal_id, into="printer", at="ask", label="No light", number=1, version=1
    )
    assert (imported.slug, imported.number, imported.status) == ("printer", 2, "published")
    now = (await library.show(team.tech, "printer")).flow
    question = now.nodes["ask"]
    assert isinstance(question, Question)
    assert [(each.label, each.next) for each in question.answers] == [
        ("Yes", "on"),
        ("No", "end"),
        ("No light", "ask-2"),
    ]
    assert list(now.nodes) == ["ask", "on", "end", "ask-2", "on-2", "end-2"]
    moved = now.nodes["ask-2"]
    assert isinstance(moved, Question)
    assert (moved.text, [each.next for each in moved.answers]) == ("Is the plug in?", ["on-2", "end-2"])
    assert now.examples == ("it is dead", "no light at all")
    shown = await proposals.show(team.tech, proposal_id)
    assert shown.summary.status == "approved"
    assert shown.review is not None
    assert shown.review.reason == "merged into printer v2"
    [row] = await audited(database, team.owner, "proposal.merge")
    assert row.details == {
        "proposal_id": str(proposal_id),
        "slug": "printer",
        "number": 2,
        "edited": False,
        "node": "ask",
        "answer": "No light",
    }


@pytest.mark.parametrize(
    ("into", "at", "label", "number", "says"),
    [
        ("nowhere", "ask", "x", None, "no flow 'nowhere' is published"),
        ("printer", "gone", "x", None, "no such node"),
        ("printer", "end", "x", None, "no question"),
        ("printer", "ask", "YES ", None, "'Yes' is an answer there already, and it leads to steps of its own"),
        ("printer", "ask", "no", None, "'No' is an answer there already, and it ends the call well"),
        ("printer", "ask", " ", None, "empty label"),
        ("printer", "ask", "x", 7, "at version 1 by now"),
        ("linking", "ask", "x", None, "circle"),
    ],
)
async def test_what_cannot_be_merged_leaves_everything_as_it_was(  # noqa: PLR0917 - fixtures
    proposals: Proposals,
    library: Library,
    captured: Captured,
    files: Files,
    team: Team,
    into: str,
    at: str,
    label: str,
    number: int | None,
    says: str,
) -> None:
    await library.bring_in(team.engineer, files(flow("printer"), flow("linking")))
    proposal_id = await captured(team.tech, flow("captured", links="linking"))
    with pytest.raises(Trouble, match=says):
        await proposals.merge(team.engineer, proposal_id, into=into, at=at, label=label, number=number)
    assert {each.number for each in await library.listed(team.tech)} == {1}
    assert (await proposals.show(team.tech, proposal_id)).summary.status == "pending"


async def test_an_answer_that_calls_were_passed_on_at_leads_to_the_branch_instead(  # noqa: PLR0917 - fixtures
    proposals: Proposals, library: Library, captured: Captured, database: Database, files: Files, team: Team
) -> None:
    there = flow("printer")
    up = Outcome(text="Pass it on.", result="escalate", reason_category="other")
    ask = Question(text="Which light?", answers=(*_answers("on", "end"), Answer(label="Amber", next="up")))
    await library.bring_in(team.engineer, files(replace(there, nodes={**there.nodes, "ask": ask, "up": up})))
    proposal_id = await captured(team.tech, flow("captured", ask="Is the plug in?"))
    await proposals.merge(team.engineer, proposal_id, into="printer", at="ask", label=" amber ")
    now = (await library.show(team.tech, "printer")).flow
    question = now.nodes["ask"]
    assert isinstance(question, Question)
    assert question.answers[-1] == Answer(label="Amber", next="ask-2")
    assert list(now.nodes) == ["ask", "on", "end", "ask-2", "on-2", "end-2"]
    [row] = await audited(database, team.owner, "proposal.merge")
    assert (row.details["answer"], row.details["instead_of"]) == (" amber ", "Pass it on.")


def test_an_end_that_others_lead_to_stays() -> None:
    up = Outcome(text="Pass it on.", result="escalate", reason_category="other")
    ask = Question(text="Which light?", answers=(*_answers("up", "end"), Answer(label="Amber", next="up")), unsure="up")
    there = flow("printer")
    into = replace(there, nodes={"ask": ask, "end": there.nodes["end"], "up": up})
    assert merged(into, flow("captured"), at="ask", label="AMBER").nodes["up"] == up
    assert instead(into, at="ask", label="amber") == up
    assert instead(into, at="ask", label="Blue") is None


def _answers(*leading: str) -> tuple[Answer, ...]:
    return tuple(Answer(label=label, next=to) for label, to in zip(("Yes", "No"), leading, strict=True))


async def test_nobody_merges_stubs_or_a_proposal_of_their_own(
    proposals: Proposals, library: Library, captured: Captured, files: Files, team: Team
) -> None:
    await library.bring_in(team.engineer, files(flow("printer")))
    for actor, tree, says in ((team.engineer, with_stub(), "filled in 'end'"), (team.covering, None, "of their own")):
        proposal_id = await captured(team.covering, tree)
        with pytest.raises(Refused, match=says):
            await proposals.merge(actor, proposal_id, into="printer", at="ask", label="x")


async def test_the_words_of_the_calls_that_it_helped_are_learnt_with_it(  # noqa: PLR0917 - fixtures
    proposals: Proposals, library: Library, captured: Captured, database: Database, clock: ManualClock, team: Team
) -> None:
    proposal_id = await captured(team.tech)
    walked = {"kind": "proposal", "status": "resolved", "proposal_id": proposal_id}
    helped = await make_call(database, clock, team.tech, **walked, helpful=True, problem_text="it will not print")
    await make_call(database, clock, team.tech, **walked, helpful=False, problem_text="no")
    await make_call(database, clock, team.tech, **walked, helpful=True, escalated_at=clock(), problem_text="no")
    await make_call(database, clock, team.tech, **{**walked, "status": "abandoned"}, problem_text="no")
    await proposals.approve(team.engineer, proposal_id, slug="printer")
    learnt = await Examples(database, clock, library).of(team.tech, "printer")
    assert [(each.text, each.right, each.source, each.session_id) for each in learnt] == [
        ("it will not print", True, "call", helped)
    ]


async def test_of_two_reviewers_at_once_one_decides(proposals: Proposals, captured: Captured, team: Team) -> None:
    proposal_id = await captured(team.tech)
    attempts = (proposals.approve(team.engineer, proposal_id), proposals.reject(team.admin, proposal_id, "no"))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(outcome, Refused) for outcome in outcomes) == [False, True]


async def test_a_review_tells_the_matcher_to_look_again(
    proposals: Proposals, library: Library, captured: Captured, database: Database, team: Team
) -> None:
    async with past(database, team.tech) as read:
        before = await library.revision(read)
    await proposals.reject(team.engineer, await captured(team.tech), "no")
    async with past(database, team.tech) as read:
        assert await library.revision(read) > before


async def test_proposals_of_another_account_are_not_found(proposals: Proposals, captured: Captured, team: Team) -> None:
    proposal_id = await captured(team.tech)
    for attempt in (
        proposals.show(team.their_owner, proposal_id),
        proposals.approve(team.their_owner, proposal_id),
        proposals.reject(team.their_owner, proposal_id, "no"),
    ):
        with pytest.raises(NotFound, match="no proposal"):
            await attempt
    assert await proposals.listed(team.their_owner) == ()
    assert (await proposals.show(team.tech, proposal_id)).summary.status == "pending"


async def test_a_session_that_is_deleted_takes_its_proposal_along(
    proposals: Proposals, captured: Captured, database: Database, clock: ManualClock, team: Team
) -> None:
    session_id = await make_call(database, clock, team.tech)
    proposal_id = await captured(team.tech, session_id=session_id)
    async with past(database, team.owner) as tx:
        await tx.session.execute(delete(Session).where(Session.id == session_id))
    with pytest.raises(NotFound):
        await proposals.show(team.tech, proposal_id)


async def test_any_text_in_a_proposal_comes_back_as_it_was(
    proposals: Proposals, captured: Captured, team: Team
) -> None:
    tree = replace(flow("captured", ask=HOSTILE), title=HOSTILE, category=HOSTILE, keywords=(HOSTILE,))
    shown = await proposals.show(team.tech, await captured(team.tech, tree))
    assert shown.flow == tree
    assert (shown.summary.title, shown.summary.category, shown.summary.keywords) == (HOSTILE, HOSTILE, (HOSTILE,))


async def test_an_unknown_status_is_told_which_there_are(proposals: Proposals, team: Team) -> None:
    with pytest.raises(Refused, match="pending, approved"):
        await proposals.listed(team.engineer, status="gone\x00")
