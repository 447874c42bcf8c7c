"""Captured flows: looked at, approved into the library, rejected."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, event

from services.access import Actor
from services.errors import Invalid, NotAllowed, NotFound, Refused
from services.flows.library import Library
from services.flows.nodes import Flow, Outcome, flow_to_json
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
