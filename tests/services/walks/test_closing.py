"""What the end of a call leaves behind: its ticket, what was learned, who was told."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from services.access import Actor
from services.builder.protocol import Built
from services.errors import NotAllowed, NotFound, Refused
from services.flows.lint import lint
from services.flows.nodes import Instruction, Verify
from services.flows.proposal import ProposalSummary
from services.flows.proposals import Proposals
from services.intake.model import AdHoc, AdHocStarted, Call, EscalateAtOnce, EscalatedAtOnce, Matched, TakeProposal
from services.stats import Stats
from services.team.accounts import Accounts
from services.team.settings import AccountSettings
from services.team.users import Users
from services.walks import closing
from services.walks.model import Acknowledge, Choose, RedFlag, TicketStatus, Walk
from storage import tables
from storage.walks import Sessions
from tests.services.people import audited
from tests.services.walks.scene import Scene
from tests.services.walks.test_walks import solved


async def call_on(scene: Scene, actor: Actor, of: Walk | None = None) -> Walk:
    """About a ticket of its own, or that `of` another call."""
    ticket = None if of is None else of.ticket.id
    outcome = await scene.intake.take(actor, Call(problem="it broke", ticket_id=ticket), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    return outcome.walk


async def escalated(scene: Scene, walk: Walk | None = None) -> Walk:
    walk = walk or await scene.start_flow()
    return await scene.walks.escalate(scene.team.tech, walk, category="other", reason="no rights")


async def proposals(scene: Scene) -> tuple[ProposalSummary, ...]:
    return await Proposals(scene.database, scene.clock, scene.library).listed(scene.team.owner)


async def walk_proposal(scene: Scene, proposal: ProposalSummary) -> Walk:
    outcome = await scene.intake.take(scene.team.tech, Call(problem="printer again"), TakeProposal(proposal.id))
    assert isinstance(outcome, Matched)
    return outcome.walk


# Tickets


@pytest.mark.parametrize("by_clock", [False, True])
async def test_a_resolved_ticket_stays_so_when_a_second_call_about_it_is_abandoned(
    scene: Scene, by_clock: bool
) -> None:
    first = await call_on(scene, scene.team.tech)
    second = await call_on(scene, scene.team.tech, first)
    await scene.walks.resolve(scene.team.tech, first, helpful=True, notes="fixed")
    if by_clock:
        scene.clock.forward(hours=25)
        await scene.queue.listed(scene.team.tech)
    else:
        await scene.walks.abandon(scene.team.second, second)
    ended = await scene.walks.open(scene.team.tech, second.id)
    assert (ended.status, ended.ticket.status) == ("abandoned", "resolved")


@pytest.mark.parametrize(
    ("other", "ticket"), [("escalated", "escalated"), ("active", "walking"), ("paused", "walking"), ("gone", "open")]
)
async def test_a_ticket_is_what_its_remaining_calls_make_it(scene: Scene, other: str, ticket: TicketStatus) -> None:
    first = await call_on(scene, scene.team.tech)
    second = await call_on(scene, scene.team.tech, first)
    if other == "escalated":
        await escalated(scene, first)
    elif other == "paused":
        await scene.walks.pause(scene.team.tech, first)
    elif other == "gone":
        await scene.walks.abandon(scene.team.tech, first)
    assert (await scene.walks.abandon(scene.team.second, second)).ticket.status == ticket


async def test_a_ticket_waits_with_the_call_that_is_under_way_whatever_became_of_later_ones(scene: Scene) -> None:
    first = await call_on(scene, scene.team.tech)
    scene.clock.forward(seconds=1)
    second = await call_on(scene, scene.team.tech, first)
    await scene.walks.abandon(scene.team.second, second)
    scene.clock.forward(seconds=1)
    third = await call_on(scene, scene.team.tech, first)
    await scene.walks.resolve(scene.team.second, third, helpful=True, notes="")
    (entry,) = await scene.queue.listed(scene.team.tech)
    assert (entry.session_id, entry.session_status, entry.ticket.status) == (first.id, "active", "walking")
    ended = await scene.walks.resolve(scene.team.tech, first, helpful=True, notes="")
    assert ended.ticket.status == "resolved"
    assert await scene.queue.listed(scene.team.tech) == ()


async def test_a_ticket_is_under_way_again_with_the_call_that_was_handed_back(scene: Scene) -> None:
    first = await call_on(scene, scene.team.tech)
    second = await call_on(scene, scene.team.tech, first)
    await scene.walks.resolve(scene.team.second, second, helpful=True, notes="")
    back = await scene.escalations.hand_back(scene.team.engineer, await escalated(scene, first), "Ask for the build")
    assert (back.status, back.ticket.status) == ("active", "walking")


async def test_all_forgotten_calls_are_abandoned_a_page_at_a_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "ABANDONED_AT_ONCE", 2)
    for _ in range(5):
        await scene.start_flow()
    scene.clock.forward(hours=25)
    entries = await scene.queue.listed(scene.team.tech)
    assert [(entry.session_status, entry.ticket.status) for entry in entries] == [("abandoned", "open")] * 5
    assert len(await audited(scene.database, scene.team.owner, "l1.session.abandon")) == 5


async def test_a_call_in_which_notes_are_written_is_not_forgotten(scene: Scene) -> None:
    walk = await scene.start_flow()
    scene.clock.forward(hours=23)
    await scene.walks.note_step(scene.team.tech, walk, "still here")
    scene.clock.forward(hours=2)
    (entry,) = await scene.queue.listed(scene.team.tech)
    assert entry.session_status == "active"


async def test_a_call_of_notes_alone_is_not_forgotten_while_they_are_written(scene: Scene) -> None:
    """It never has a step to count from: it would end under whoever writes."""
    walk = await call_on(scene, scene.team.tech)
    scene.clock.forward(hours=23)
    walk = await scene.walks.save_note(scene.team.tech, walk, uuid4(), "still here")
    scene.clock.forward(hours=2)
    (entry,) = await scene.queue.listed(scene.team.second)
    assert entry.session_status == "active"


async def test_calls_are_abandoned_at_once_where_the_account_says_so(scene: Scene) -> None:
    await AccountSettings(scene.database, scene.clock).set(scene.team.owner, "sessions.abandon_after_hours", "0")
    begun = await scene.start_flow()
    (entry,) = await scene.queue.listed(scene.team.second)
    assert entry.session_status == "abandoned"
    ended = await scene.walks.open(scene.team.tech, begun.id)
    assert (ended.state_version, ended.changed_by.name) == (begun.state_version + 1, "tom")


# What is learned


async def test_what_a_call_becomes_keeps_what_it_was_about_and_where_it_came_from(scene: Scene) -> None:
    walk = await solved(scene, await scene.build("the label  printer by the door shows offline"))
    (proposal,) = await Proposals(scene.database, scene.clock, scene.library).whole(scene.team.owner)
    told = proposal.summary
    assert (told.type, told.source, told.status) == ("new_flow", "ai_realtime_l1", "pending")
    assert (told.title, told.category) == ("the label printer by the door shows offline", walk.category)
    assert walk.category == "printer"
    assert {"label", "printer", "offline"} <= set(told.keywords)
    assert (told.validated, told.session_id, proposal.ticket_id) == (True, walk.id, walk.ticket.id)
    assert (told.created_by, told.created_at) == ("tina", scene.clock())
    flow = proposal.flow
    assert (flow.title, flow.category, flow.keywords) == (told.title, told.category, told.keywords)
    assert flow.examples == (told.title,)


@pytest.mark.parametrize("in_between", [True, False])
async def test_a_call_becomes_a_proposal_once_however_often_it_is_resolved(scene: Scene, in_between: bool) -> None:
    walk = await solved(scene, await scene.build())
    walk = await scene.walks.resolve(scene.team.engineer, await escalated(scene, walk), helpful=in_between, notes="")
    walk = await scene.walks.resolve(scene.team.engineer, await escalated(scene, walk), helpful=True, notes="")
    assert [(each.session_id, each.worked) for each in await proposals(scene)] == [(walk.id, 1)]


async def test_a_call_speaks_for_its_proposal_once(scene: Scene) -> None:
    await solved(scene, await scene.build())
    (proposal,) = await proposals(scene)
    walk = await solved(scene, await walk_proposal(scene, proposal))
    await scene.walks.resolve(scene.team.engineer, await escalated(scene, walk), helpful=True, notes="")
    assert [each.worked for each in await proposals(scene)] == [2]


async def test_what_was_passed_on_after_all_speaks_for_no_proposal(scene: Scene) -> None:
    captured = await solved(scene, await scene.build())
    (proposal,) = await proposals(scene)
    walked = await solved(scene, await walk_proposal(scene, proposal))
    seen = [(proposal.validated, proposal.worked)]
    for walk in (walked, captured):
        await escalated(scene, walk)
        (proposal,) = await proposals(scene)
        seen.append((proposal.validated, proposal.worked))
    assert seen == [(True, 1), (True, 1), (False, 0)]
    matching = await scene.intake.match(scene.team.tech, captured.problem_text)
    assert proposal.id not in {each.proposal_id for each in matching.candidates}


async def test_deleting_a_call_lets_those_go_on_in_notes_that_walk_what_it_became(scene: Scene) -> None:
    captured = await solved(scene, await scene.build())
    (proposal,) = await proposals(scene)
    walking = await walk_proposal(scene, proposal)
    async with scene.database.session() as session:
        await session.execute(delete(tables.Session).where(tables.Session.id == captured.id))
    assert await proposals(scene) == ()
    walk = await scene.walks.open(scene.team.tech, walking.id)
    assert (walk.proposal_id, walk.free_notes, walk.state_version) == (None, True, walking.state_version + 1)
    with pytest.raises(NotFound, match="was deleted"):
        await scene.walks.back(scene.team.tech, walk)
    assert (await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="")).status == "resolved"


async def test_the_way_of_a_caller_who_was_not_proved_is_captured_as_that_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call ended well after a red flag: nothing of it speaks for a caller who is proved."""
    sensitive = Built(Instruction(text="Send the reset link.", needs_identity=True, next=""), "model")
    monkeypatch.setattr("services.builder.playbook.PlaybookBuilder.at_hand", lambda *_: sensitive)
    walk = await scene.answer(await scene.build(), RedFlag("wrong number"))
    await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="they hung up")
    (captured,) = await Proposals(scene.database, scene.clock, scene.library).whole(scene.team.owner)
    gate = captured.flow.nodes["step-1"]
    assert isinstance(gate, Verify)
    assert (gate.failed, captured.flow.nodes[gate.next].needs_review) == ("solved", True)
    assert {fault.rule for fault in lint(captured.flow)} == {"review"}


# Who is told, who may


async def test_whoever_escalates_with_nobody_else_there_is_warned(scene: Scene) -> None:
    await Accounts(scene.database, scene.clock).establish("Solo", "sol")
    sol = await Users(scene.database, scene.clock).actor("Solo/sol")
    outcome = await scene.intake.take(sol, Call(problem="x"), EscalateAtOnce("other", "r"))
    assert isinstance(outcome, EscalatedAtOnce)
    assert "Nobody else" in (outcome.walk.warning or "")


async def test_that_nobody_is_there_is_said_again_where_the_answer_was_lost(scene: Scene) -> None:
    begun = await scene.start_flow(by=scene.team.owner)

    async def again() -> Walk:
        return await scene.walks.escalate(scene.team.owner, begun, category="other", reason="no rights")

    assert [(await again()).warning for _ in range(2)] == [None, None]
    for name in ("ada", "emil", "cora"):
        await Users(scene.database, scene.clock).disable(scene.team.owner, name)
    repeated = await again()
    assert repeated.repeated
    assert "Nobody else" in (repeated.warning or "")


async def test_handing_back_to_somebody_who_has_left_is_a_warning(scene: Scene) -> None:
    walk = await escalated(scene)
    await Users(scene.database, scene.clock).disable(scene.team.owner, "tina")
    back = await scene.escalations.hand_back(scene.team.engineer, walk, "Ask for the build number")
    assert (back.status, back.warning) == ("active", "tina is not active any more: ask somebody to take the call over.")


@pytest.mark.parametrize("who", ["tech", "second", "covering"])
async def test_what_an_engineer_has_claimed_nobody_else_ends(scene: Scene, who: str) -> None:
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene))
    with pytest.raises(Refused, match="emil has claimed this call"):
        await scene.walks.resolve(getattr(scene.team, who), walk, helpful=True, notes="")
    assert (await scene.walks.resolve(scene.team.engineer, walk, helpful=True, notes="")).status == "resolved"


async def test_what_nobody_has_claimed_a_technician_may_still_resolve(scene: Scene) -> None:
    walk = await scene.walks.resolve(scene.team.second, await escalated(scene), helpful=True, notes="")
    assert walk.status == "resolved"


async def test_what_an_engineer_has_claimed_another_does_not_hand_back(scene: Scene) -> None:
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene))
    with pytest.raises(Refused, match="emil has claimed this call"):
        await scene.escalations.hand_back(scene.team.covering, walk, "Ask")
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


@pytest.mark.parametrize("who", ["admin", "owner"])
async def test_whoever_runs_the_account_hands_back_and_resolves_what_another_has_claimed(
    scene: Scene, who: str
) -> None:
    actor = getattr(scene.team, who)
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene))
    assert (await scene.walks.resolve(actor, walk, helpful=True, notes="")).status == "resolved"
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene))
    assert (await scene.escalations.hand_back(actor, walk, "Ask")).status == "active"


@pytest.mark.parametrize("doing", ["claim", "hand_back", "resolve"])
async def test_a_claim_of_somebody_who_has_left_holds_nobody_up(scene: Scene, doing: str) -> None:
    walk, other = await scene.escalations.claim(scene.team.engineer, await escalated(scene)), scene.team.covering
    await Users(scene.database, scene.clock).disable(scene.team.owner, "emil")
    if doing == "claim":
        claimed = await scene.escalations.claim(other, walk)
        assert (claimed.claim and claimed.claim.by.name, claimed.repeated) == ("cora", False)
    elif doing == "hand_back":
        assert (await scene.escalations.hand_back(other, walk, "Ask")).status == "active"
    else:
        assert (await scene.walks.resolve(other, walk, helpful=True, notes="")).status == "resolved"


async def test_what_an_engineer_may_resolve_is_asked_of_the_store(scene: Scene) -> None:
    begun = await scene.start_flow()
    with pytest.raises(NotAllowed, match="may not take calls"):
        await scene.walks.resolve(scene.team.engineer, replace(begun, status="escalated"), helpful=True, notes="")
    assert await scene.walks.open(scene.team.tech, begun.id) == begun


async def test_claiming_again_changes_nothing_at_all(scene: Scene) -> None:
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene))
    scene.clock.forward(seconds=60)
    again = await scene.escalations.claim(scene.team.engineer, walk)
    assert again.repeated
    assert again == walk == await scene.walks.open(scene.team.tech, walk.id)


# Where it was escalated


async def test_a_call_counts_at_the_node_it_was_escalated_from_wherever_it_is_today(scene: Scene) -> None:
    walk = await escalated(scene, await scene.answer(await scene.start_flow(), Choose(0)))
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, "Clear them all")
    await scene.answer(walk, Acknowledge())
    (counted,) = (await Stats(scene.database).account(scene.team.owner)).escalations_by_node
    assert (counted.flow, counted.node, counted.count) == ("life", "cached", 1)


async def test_where_the_next_node_was_not_made_yet_the_one_answered_last_counts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = await scene.build()
    assert walk.pending is not None
    monkeypatch.setattr("services.builder.playbook.PlaybookBuilder.at_hand", lambda *_: None)
    waiting = await scene.answer(walk, Choose(0) if walk.pending.node.type == "question" else Acknowledge())
    assert waiting.awaits_node
    await escalated(scene, waiting)
    await escalated(scene, await call_on(scene, scene.team.tech))
    counted = (await Stats(scene.database).account(scene.team.owner)).escalations_by_node
    assert {(each.node, each.count) for each in counted} == {(walk.pending.origin, 1), (None, 1)}


async def test_whoever_is_disabled_while_they_wait_for_the_call_is_refused(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only Postgres lets the two happen at once."""
    scene, locked = await Scene.set(migrated_postgres_url), Sessions.locked
    begun = await scene.start_flow()

    async def waited(sessions: Sessions, session_id: UUID) -> tables.Session | None:
        await Users(scene.database, scene.clock).disable(scene.team.owner, "tina")
        return await locked(sessions, session_id)

    monkeypatch.setattr(Sessions, "locked", waited)
    with pytest.raises(NotAllowed, match="not an active user"):
        await scene.walks.resolve(scene.team.tech, begun, helpful=True, notes="")
    assert await scene.walks.open(scene.team.owner, begun.id) == begun
    await scene.database.dispose()


# What was said, each time


async def test_reasons_instructions_and_notes_of_every_time_are_kept_without_secrets(scene: Scene) -> None:
    team, walk = scene.team, await scene.start_flow()
    before = {"category": "other", "how": None, "kind": "flow", "ticket_id": str(walk.ticket.id)}
    ended = {"helpful": True, "kind": "flow", "ticket_id": str(walk.ticket.id)}
    for number in ("one", "two"):
        scene.clock.forward(seconds=1)
        walk = await scene.walks.escalate(team.tech, walk, category="other", reason=f"reason {number}, PIN 4711")
        walk = await scene.escalations.hand_back(team.engineer, walk, f"ask {number}, PIN 4711")
        walk = await scene.walks.resolve(team.tech, walk, helpful=True, notes=f"notes {number}, PIN 4711")
    told = {
        action: [row.details for row in await audited(scene.database, team.owner, f"l1.session.{action}")]
        for action in ("escalate", "hand_back", "resolve")
    }
    assert " 4711" not in repr(told)  # a ticket's id may hold the four digits
    assert walk.escalation is not None
    assert walk.resolution is not None
    assert told["escalate"][1] == {**before, "reason": walk.escalation.reason}
    assert told["hand_back"][1] == {"instruction": walk.instruction}
    assert told["resolve"][1] == {**ended, "notes": walk.resolution.notes}
    for action, word in (("escalate", "reason"), ("hand_back", "instruction"), ("resolve", "notes")):
        assert "one" in str(told[action][0][word])
        assert "two" in str(told[action][1][word])
