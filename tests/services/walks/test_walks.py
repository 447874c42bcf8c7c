"""What a call goes through, on both databases."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.builder.playbooks import playbook
from services.errors import Conflict, NotAllowed, NotFound, Refused
from services.flows.library import Library
from services.flows.lint import lint
from services.flows.nodes import Outcome, Question, flow_from_json, leads_to
from services.flows.proposals import Proposals as FlowProposals
from services.flows.words import FlowWords
from services.intake.model import AdHoc, AdHocStarted, Call, Matched, TakeProposal
from services.intake.service import Intake
from services.team.users import Users
from services.walks import closing
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Verified, Walk
from services.walks.records import position_from_json
from services.walks.service import NOTES_LIMIT, Walks
from storage import tables
from storage.accounts import bump_library
from storage.database import Transaction
from storage.errors import StoreDamaged
from storage.repository import Proposals
from storage.written import Unreadable
from tests.services.people import HOSTILE, audited, past
from tests.services.walks.scene import Scene

YES, NO = Choose(0), Choose(1)
PASS = Verified("callback_number_on_record", "rang back")


async def steps_stored(scene: Scene, walk: Walk) -> int:
    async with past(scene.database, scene.team.owner) as read:
        counted = select(func.count()).select_from(tables.Step).where(tables.Step.session_id == walk.id)
        return (await read.session.scalars(counted)).one()


async def solved(scene: Scene, walk: Walk, *, helpful: bool = True) -> Walk:
    """Presses the first answer until an outcome, then resolves."""
    while walk.pending is not None and not isinstance(walk.pending.node, Outcome):
        reply = YES if isinstance(walk.pending.node, Question) else Acknowledge()
        walk = await scene.answer(walk, reply)
    return await scene.walks.resolve(scene.team.tech, walk, helpful=helpful, notes="solved")


# Answers


async def test_an_answer_is_kept_with_its_label_and_the_next_node_is_pending(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES)
    stored = await scene.walks.open(scene.team.tech, walk.id)
    assert stored == walk
    (step,) = stored.steps
    assert (step.answer, step.answer_label, step.by.name, step.seconds) == ("1", "Yes, at once", "tina", 5)
    assert stored.pending is not None
    assert stored.pending.id == "cached"


async def test_a_retry_with_the_same_step_id_adds_nothing_and_says_so(scene: Scene) -> None:
    begun, step_id = await scene.start_flow(), uuid4()
    first = await scene.walks.answer(scene.team.tech, begun, YES, step_id=step_id)
    again = await scene.walks.answer(scene.team.tech, begun, YES, step_id=step_id)
    assert not first.repeated
    assert again.repeated
    assert again == first
    assert await steps_stored(scene, begun) == 1


async def test_a_retry_after_reading_the_call_again_adds_nothing_either(scene: Scene) -> None:
    begun, step_id = await scene.start_flow(), uuid4()
    await scene.walks.answer(scene.team.tech, begun, YES, step_id=step_id)
    read_again = await scene.walks.open(scene.team.tech, begun.id)
    again = await scene.walks.answer(scene.team.tech, read_again, Acknowledge(), step_id=step_id)
    assert again.repeated
    assert again == read_again


async def test_the_id_of_another_calls_step_is_told_as_such(scene: Scene) -> None:
    step_id = uuid4()
    await scene.walks.answer(scene.team.tech, await scene.start_flow(), YES, step_id=step_id)
    walk = await scene.start_flow()
    with pytest.raises(Refused, match="a step of another call has this id"):
        await scene.walks.answer(scene.team.tech, walk, YES, step_id=step_id)
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("pending", '{"id": "web"}'),
        ("pending", '{"id": "web", "node": {"type": "riddle"}}'),
        ("pending", '{"id": "web", "node": {"type": "instruction", "loud": true}}'),
        ("pending", "[1]"),
        ("frames", "[[1, 2, 3]]"),
        ("frames", "7"),
    ],
)
async def test_a_call_that_something_else_has_written_to_is_damage(scene: Scene, column: str, written: str) -> None:
    walk = await scene.answer(await scene.start_flow(), YES)
    async with scene.database.session() as session:
        await session.execute(text(f"UPDATE sessions SET {column} = :written"), {"written": written})
    with pytest.raises(StoreDamaged, match="cannot be read"):
        await scene.walks.open(scene.team.tech, walk.id)


async def test_a_flow_that_something_else_has_written_is_damage_by_its_name(scene: Scene) -> None:
    before = await scene.start_flow()
    async with scene.database.session() as session:
        if scene.database.dialect == "postgresql":
            await session.execute(text("ALTER TABLE flow_versions DISABLE TRIGGER USER"))
        else:
            of_versions = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'flow_versions'")
            for name in (await session.scalars(of_versions)).all():
                await session.execute(text(f"DROP TRIGGER {name}"))
        spoiled = {"written": '{"slug": "life", "title": "t", "category": "c", "start": "web", "nodes": []}'}
        await session.execute(text("UPDATE flow_versions SET content = :written"), spoiled)
    library = Library(scene.database, scene.clock)
    walks = Walks(scene.database, scene.clock, library, PlaybookBuilder())
    for doing in (
        library.show(scene.team.owner, "life"),
        walks.open(scene.team.tech, before.id),
        Intake(scene.database, scene.clock, library, walks).match(scene.team.tech, "it asks again"),
    ):
        with pytest.raises(StoreDamaged, match="the flow 'life' in it cannot be read"):
            await doing
    listed = await library.listed(scene.team.owner)
    assert set((await FlowWords(scene.database).of(scene.team.owner, listed)).values()) == {""}


@pytest.mark.parametrize("written", [{}, {"pending": None}, [], None, {"pending": 7, "frames": [], "verified": True}])
def test_what_stood_before_a_step_is_damage_where_something_else_has_written_it(written: Any) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        position_from_json(written)


async def test_a_double_press_answers_once(scene: Scene) -> None:
    begun, step_id = await scene.start_flow(), uuid4()
    both = await asyncio.gather(
        *(scene.walks.answer(scene.team.tech, begun, YES, step_id=step_id) for _ in range(2)), return_exceptions=True
    )
    assert [isinstance(each, Walk) for each in both] == [True, True]
    assert await steps_stored(scene, begun) == 1


async def test_the_second_of_two_terminals_is_told_who_was_faster_and_overwrites_nothing(scene: Scene) -> None:
    begun = await scene.start_flow()
    await scene.walks.answer(scene.team.tech, begun, YES)
    with pytest.raises(Conflict, match="tina changed this call") as told:
        await scene.walks.answer(scene.team.tech, begun, NO)
    assert told.value.by == "tina"
    assert told.value.at is not None
    assert await steps_stored(scene, begun) == 1


async def test_an_answer_to_a_node_that_is_gone_is_refused(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES)
    with pytest.raises(Refused, match="no longer on the screen"):
        await scene.walks.answer(scene.team.tech, walk, Acknowledge(), node_id="web")


async def test_a_colleague_takes_the_call_over_before_walking_on(scene: Scene) -> None:
    begun, second = await scene.start_flow(), scene.team.second
    with pytest.raises(Refused, match="tina has this call"):
        await scene.walks.answer(second, begun, YES)
    taken = await scene.walks.take(second, begun)
    assert taken.technician.name == "tom"
    assert len((await scene.answer(taken, YES, by=second)).steps) == 1
    (row,) = await audited(scene.database, second, "l1.session.takeover")
    assert (row.session_id, row.details["from_name"]) == (begun.id, "tina")
    with pytest.raises(Conflict):
        await scene.walks.answer(scene.team.tech, begun, YES)


async def test_a_note_on_the_step_is_kept_before_and_with_the_answer(scene: Scene) -> None:
    noted = await scene.walks.note_step(scene.team.tech, await scene.start_flow(), "was upside down")
    assert (await scene.walks.open(scene.team.tech, noted.id)).pending_note == "was upside down"
    walk = await scene.walks.answer(scene.team.tech, noted, YES, note="twice")
    assert walk.steps[0].note == "was upside down\ntwice"
    assert (await scene.walks.open(scene.team.tech, walk.id)).pending_note is None


async def test_only_whoever_has_the_call_writes_on_its_step(scene: Scene) -> None:
    walk = await scene.walks.note_step(scene.team.tech, await scene.start_flow(), "was upside down")
    with pytest.raises(Refused, match="tina has this call"):
        await scene.walks.note_step(scene.team.second, walk, "")
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


async def test_an_input_becomes_part_of_the_record(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), CannotTell(), Enter(" AB1234 "))
    assert [step.answer_label for step in walk.steps] == ["Can't tell", "AB1234"]


async def test_the_gate_stands_until_somebody_proved_the_caller_and_evidence_is_kept(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), CannotTell(), Enter("AB1234"))
    assert walk.pending is not None
    assert walk.pending.id == "reset:identity"
    reopened = await scene.walks.open(scene.team.tech, walk.id)
    assert reopened.pending == walk.pending
    passed = await scene.answer(reopened, PASS)
    assert passed.verified
    assert passed.pending is not None
    assert passed.pending.id == "reset"
    assert passed.steps[-1].answer_label.endswith(": rang back")


async def test_taking_a_verification_back_takes_the_identity_with_it(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), NO, PASS)
    back = await scene.walks.back(scene.team.tech, walk)
    assert not back.verified
    assert not (await scene.walks.open(scene.team.tech, walk.id)).verified


async def test_what_looks_like_a_password_is_not_stored_in_evidence_or_notes(scene: Scene) -> None:
    walk = await scene.start_flow()
    walk = await scene.walks.save_note(scene.team.tech, walk, uuid4(), "her password is Hunter2!xyz")
    walk = await scene.answer(walk, NO)
    walk = await scene.answer(walk, Verified("callback_number_on_record", "password: Hunter2!xyz"))
    walk = await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="password: Hunter2!xyz")
    assert "Hunter2" not in repr(await scene.walks.open(scene.team.tech, walk.id))


async def test_a_link_is_walked_and_left_and_reopened_in_between(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES, Acknowledge(), YES, Acknowledge())
    reopened = await scene.walks.open(scene.team.tech, walk.id)
    assert reopened.pending is not None
    assert reopened.pending.id == "light"
    back_home = await scene.answer(reopened, YES)
    assert back_home.pending is not None
    assert back_home.pending.id == "done"


async def test_a_link_to_a_retired_flow_is_passed_over_and_the_record_says_so(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES, Acknowledge(), YES)
    for slug in ("life", "line"):
        await scene.library.retire(scene.team.owner, slug)
    walk = await scene.answer(walk, Acknowledge())
    assert walk.pending is not None
    assert (walk.pending.id, walk.steps[-1].answer_label) == ("done", "Skipped: the flow line is retired")
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


# Back, notes, pause


async def test_back_keeps_the_step_on_record_and_restores_its_node_and_note(scene: Scene) -> None:
    walk = await scene.walks.answer(scene.team.tech, await scene.start_flow(), YES, note="sure")
    back = await scene.walks.back(scene.team.tech, walk)
    assert [step.taken_back for step in back.path] == [True]
    assert back.steps == ()
    assert back.pending is not None
    assert back.pending.id == "web"
    assert back.pending_note == "sure"
    again = await scene.answer(back, NO)
    assert [(step.seq, step.answer_label) for step in again.path] == [(1, "Yes, at once"), (2, "No")]


async def test_what_back_gives_is_what_the_store_has(scene: Scene) -> None:
    """Into a link that was left, out of it, and out of notes; also where the walk was opened anew meanwhile."""
    tech, walk = scene.team.tech, await scene.start_flow()
    walk = await scene.walks.answer(
        tech, await scene.answer(walk, YES, Acknowledge(), YES, Acknowledge()), YES, note="a"
    )
    while walk.steps:
        await scene.walks.to_notes(tech, walk)
        for _ in range(2):
            walk = await scene.walks.back(tech, await scene.walks.open(tech, walk.id))
            assert walk == await scene.walks.open(tech, walk.id)
            assert {frame.tree for frame in walk.frames} <= walk.trees.keys()


async def test_what_was_typed_is_not_lost_where_a_step_taken_back_said_the_same(scene: Scene) -> None:
    tech, walk = scene.team.tech, await scene.start_flow()
    walk = await scene.walks.back(tech, await scene.walks.answer(tech, walk, YES, note="no"))
    walk = await scene.answer(await scene.walks.note_step(tech, walk, ""), YES)
    walk = await scene.walks.back(tech, await scene.walks.note_step(tech, walk, "no"))
    assert walk.pending_note == "no"


async def test_notes_that_came_back_are_not_doubled_on_the_way_back(scene: Scene) -> None:
    tech, walk = scene.team.tech, await scene.start_flow()
    for reply, note in ((YES, "first"), (Acknowledge(), "second"), (NO, "third")):
        walk = await scene.walks.answer(tech, walk, reply, note=note)
    for note in ("third", "second", "first"):
        walk = await scene.walks.back(tech, walk)
        assert walk.pending_note == note


async def test_free_notes_beside_the_walk_leave_the_pending_node(scene: Scene) -> None:
    begun, note_id = await scene.start_flow(), uuid4()
    walk = await scene.walks.save_note(scene.team.tech, begun, note_id, "caller is angry")
    walk = await scene.walks.save_note(scene.team.tech, walk, note_id, "caller is calm again")
    assert [note.text for note in walk.notes] == ["caller is calm again"]
    assert walk.pending == begun.pending
    assert walk.notes[0].by.name == "tina"


async def test_too_many_notes_are_refused_and_what_was_there_stays(scene: Scene) -> None:
    walk = await scene.walks.save_note(scene.team.tech, await scene.start_flow(), uuid4(), "é" * (NOTES_LIMIT // 4))
    walk = await scene.walks.save_note(scene.team.tech, walk, uuid4(), "x" * (NOTES_LIMIT // 2 - 100))
    with pytest.raises(Refused, match="256 KiB"):
        await scene.walks.save_note(scene.team.tech, walk, uuid4(), "y" * 200)
    assert len((await scene.walks.open(scene.team.tech, walk.id)).notes) == 2


async def test_turning_to_notes_keeps_the_path_and_back_returns_to_the_node(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), YES)
    notes = await scene.walks.to_notes(scene.team.tech, walk)
    assert notes.pending is None
    assert len(notes.steps) == 1
    with pytest.raises(Refused, match="free notes"):
        await scene.walks.answer(scene.team.tech, notes, Acknowledge())
    assert (await scene.walks.back(scene.team.tech, notes)).pending == walk.pending


async def test_a_paused_call_takes_no_steps_or_notes_until_it_is_resumed(scene: Scene) -> None:
    paused = await scene.walks.pause(scene.team.tech, await scene.start_flow())
    with pytest.raises(Refused, match="Resume it first"):
        await scene.walks.answer(scene.team.tech, paused, YES)
    with pytest.raises(Refused, match="Resume it first"):
        await scene.walks.save_note(scene.team.tech, paused, uuid4(), "x")
    assert len((await scene.answer(await scene.walks.take(scene.team.tech, paused), YES)).steps) == 1


async def test_an_ad_hoc_call_has_notes_and_no_steps(scene: Scene) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem="something odd"), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    with pytest.raises(Refused, match="ad hoc"):
        await scene.walks.answer(scene.team.tech, outcome.walk, YES)
    with pytest.raises(Refused, match="ad hoc"):
        await scene.walks.note_step(scene.team.tech, outcome.walk, "on no step")
    walk = await scene.walks.save_note(scene.team.tech, outcome.walk, uuid4(), HOSTILE)
    assert (await scene.walks.open(scene.team.tech, walk.id)).notes[0].text == HOSTILE


# AI-built walks (playbooks)


async def test_a_built_walk_has_fresh_ids_and_reopening_shows_the_same_node(scene: Scene) -> None:
    one, other = await scene.build(), await scene.build()
    assert one.pending is not None
    assert other.pending is not None
    assert one.pending.node == other.pending.node
    assert one.pending.id != other.pending.id
    assert (await scene.walks.open(scene.team.tech, one.id)).pending == one.pending


async def test_cannot_tell_is_always_an_answer_in_a_built_walk(scene: Scene) -> None:
    walk = await scene.build()
    while walk.pending is not None and not isinstance(walk.pending.node, Question):
        walk = await scene.answer(walk, Acknowledge())
    assert (await scene.answer(walk, CannotTell())).steps[-1].answer == "unsure"


async def test_a_built_walk_goes_on_from_the_answers_label_through_the_playbook(scene: Scene) -> None:
    book, walk = playbook("printer"), await scene.build()
    here = book.start
    while not isinstance(book.nodes[here], Outcome):
        assert walk.pending is not None
        assert walk.pending.node == book.nodes[here]
        node = book.nodes[here]
        walk = await scene.answer(walk, NO if isinstance(node, Question) else Acknowledge())
        here = leads_to(node)[1 if isinstance(node, Question) else 0]
    assert walk.pending is not None
    assert walk.pending.node == book.nodes[here]


async def test_at_the_depth_cap_a_built_walk_is_passed_on(scene: Scene) -> None:
    walk = replace(await scene.build(), depth_cap=1)
    reply = YES if walk.pending and isinstance(walk.pending.node, Question) else Acknowledge()
    capped = await scene.answer(walk, reply)
    assert capped.pending is not None
    assert isinstance(capped.pending.node, Outcome)
    assert capped.pending.node.result == "escalate"


async def test_a_helpful_built_call_becomes_a_proposal_that_lints_but_for_its_stubs(scene: Scene) -> None:
    walk = await solved(scene, await scene.build("label printer shows offline"))
    async with past(scene.database, scene.team.owner) as read:
        (proposal,) = await Proposals(read).all()
    assert (proposal.status, proposal.type, proposal.source) == ("pending", "new_flow", "ai_realtime_l1")
    assert (proposal.title, proposal.category) == ("label printer shows offline", "printer")
    assert proposal.validated_by_outcome
    assert (proposal.session_id, proposal.ticket_id) == (walk.id, walk.ticket.id)
    assert "offline" in proposal.keywords
    tree = flow_from_json(proposal.tree)
    assert {fault.rule for fault in lint(tree)} == {"review"}
    questions = [step.pending.node for step in walk.steps if isinstance(step.pending.node, Question)]
    kept = [node for node in tree.nodes.values() if isinstance(node, Question)]
    assert [[each.label for each in node.answers] for node in kept] == [
        [each.label for each in node.answers] for node in questions
    ]
    stubs = [node for node in tree.nodes.values() if node.needs_review]
    assert len(stubs) == sum(len(node.answers) - 1 for node in questions)


async def test_an_unhelpful_built_call_becomes_none(scene: Scene) -> None:
    await solved(scene, await scene.build(), helpful=False)
    async with past(scene.database, scene.team.owner) as read:
        assert list(await Proposals(read).all()) == []


async def test_walking_a_proposal_that_helps_speaks_for_it(scene: Scene) -> None:
    await solved(scene, await scene.build())
    async with past(scene.database, scene.team.owner) as read:
        (proposal,) = await Proposals(read).all()
    outcome = await scene.intake.take(scene.team.tech, Call(problem="printer again"), TakeProposal(proposal.id))
    walk = getattr(outcome, "walk")  # noqa: B009
    assert (walk.kind, walk.proposal_id) == ("proposal", proposal.id)
    await solved(scene, walk)
    async with past(scene.database, scene.team.owner) as read:
        (proposal,) = await Proposals(read).all()
    assert (proposal.validated_by_outcome, proposal.worked) == (True, 2)


async def test_a_call_that_ends_while_its_proposal_is_reviewed_waits_its_turn(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both change the account and the proposal: in one order, or Postgres ends one of them as a deadlock."""
    await solved(scene, await scene.build())
    proposals = FlowProposals(scene.database, scene.clock, scene.library)
    (proposal,) = await proposals.listed(scene.team.owner)
    outcome = await scene.intake.take(scene.team.tech, Call(problem="printer again"), TakeProposal(proposal.id))
    assert isinstance(outcome, Matched)
    halfway = asyncio.Event()

    async def slowly(tx: Transaction) -> None:
        halfway.set()
        await asyncio.sleep(0.2)
        await bump_library(tx)

    monkeypatch.setattr(closing, "bump_library", slowly)
    ending = asyncio.create_task(scene.walks.resolve(scene.team.tech, outcome.walk, helpful=True, notes=""))
    await asyncio.wait_for(halfway.wait(), 30)
    await proposals.reject(scene.team.owner, proposal.id, "too short")
    assert (await ending).status == "resolved"


async def test_deleting_a_call_takes_its_captured_proposals_with_it(scene: Scene) -> None:
    walk = await solved(scene, await scene.build())
    async with scene.database.session() as session:
        await session.execute(tables.Base.metadata.tables["sessions"].delete().where(tables.Session.id == walk.id))
    async with past(scene.database, scene.team.owner) as read:
        assert list(await Proposals(read).all()) == []


# Resolve and escalate


async def test_resolving_closes_the_ticket_and_is_in_the_audit_log(scene: Scene) -> None:
    walk = await scene.walks.resolve(scene.team.tech, await scene.start_flow(), helpful=True, notes="Cleared it.")
    assert (walk.status, walk.ticket.status, walk.pending) == ("resolved", "resolved", None)
    assert walk.resolution is not None
    assert (walk.resolution.helpful, walk.resolution.notes) == (True, "Cleared it.")
    (row,) = await audited(scene.database, scene.team.owner, "l1.session.resolve")
    assert (row.user_id, row.session_id, row.acting_as) == (scene.team.tech.user_id, walk.id, None)


async def test_escalating_tells_every_active_engineer_admin_and_owner_of_the_account(scene: Scene) -> None:
    walk = await scene.walks.escalate(
        scene.team.tech, await scene.start_flow(), category="needs_access", reason="no rights", how="warm"
    )
    assert (walk.status, walk.ticket.status, walk.warning) == ("escalated", "escalated", None)
    async with past(scene.database, scene.team.owner) as read:
        told = {row.user_id for row in await read.session.scalars(select(tables.Notification))}
    people = scene.team
    assert told == {each.user_id for each in (people.owner, people.admin, people.engineer, people.covering)}
    (row,) = await audited(scene.database, people.owner, "l1.session.escalate")
    assert row.details["category"] == "needs_access"


@pytest.mark.parametrize(
    ("category", "reason", "words"),
    [("bored", "x", "no reason category"), ("other", "  ", "needs a reason")],
)
async def test_an_escalation_needs_a_known_category_and_a_reason(
    scene: Scene, category: str, reason: str, words: str
) -> None:
    begun = await scene.start_flow()
    with pytest.raises(Refused, match=words):
        await scene.walks.escalate(scene.team.tech, begun, category=category, reason=reason)
    assert (await scene.walks.open(scene.team.tech, begun.id)) == begun


async def test_of_two_engineers_one_claims_and_the_other_is_told_who(scene: Scene) -> None:
    walk = await scene.walks.escalate(scene.team.tech, await scene.start_flow(), category="other", reason="x")
    both = await asyncio.gather(
        *(scene.escalations.claim(actor, walk) for actor in (scene.team.engineer, scene.team.admin)),
        return_exceptions=True,
    )
    won = [each for each in both if isinstance(each, Walk)]
    lost = [each for each in both if isinstance(each, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert won[0].claim is not None
    assert lost[0].by == won[0].claim.by.name


async def test_nobody_claims_what_they_escalated(scene: Scene) -> None:
    begun = await scene.start_flow(by=scene.team.covering)
    walk = await scene.walks.escalate(scene.team.covering, begun, category="other", reason="x")
    with pytest.raises(Refused, match="what they escalated"):
        await scene.escalations.claim(scene.team.covering, walk)


async def test_a_call_handed_back_is_active_at_its_node_with_the_instruction(scene: Scene) -> None:
    begun = await scene.answer(await scene.start_flow(), YES)
    walk = await scene.walks.escalate(scene.team.tech, begun, category="other", reason="x")
    walk = await scene.escalations.claim(scene.team.engineer, walk)
    back = await scene.escalations.hand_back(scene.team.engineer, walk, "Ask for the build number")
    assert (back.status, back.instruction, back.claim) == ("active", "Ask for the build number", None)
    assert back.pending == begun.pending
    assert len((await scene.answer(back, Acknowledge())).steps) == 2
    async with past(scene.database, scene.team.owner) as read:
        events = [(row.user_id, row.event) for row in await read.session.scalars(select(tables.Notification))]
    assert (scene.team.tech.user_id, "l1.session.handed_back") in events


async def test_a_forgotten_call_is_abandoned_when_a_queue_is_read(scene: Scene) -> None:
    begun = await scene.start_flow()
    scene.clock.forward(hours=23.9)
    assert [entry.session_status for entry in await scene.queue.listed(scene.team.tech)] == ["active"]
    scene.clock.forward(hours=0.2)
    (entry,) = await scene.queue.listed(scene.team.second)
    assert (entry.session_status, entry.ticket.status) == ("abandoned", "open")
    assert (await scene.walks.open(scene.team.tech, begun.id)).status == "abandoned"
    assert await scene.walks.resumable(scene.team.tech) == ()
    assert len(await audited(scene.database, scene.team.owner, "l1.session.abandon")) == 1


# Who


@pytest.mark.parametrize(("who", "tag"), [("tech", None), ("covering", "l1_coverage"), ("owner", "l1_coverage")])
async def test_whoever_is_no_technician_is_recorded_as_covering(scene: Scene, who: str, tag: str | None) -> None:
    actor: Actor = getattr(scene.team, who)
    walk = await scene.start_flow(by=actor)
    assert walk.acting_as == tag
    await scene.walks.resolve(actor, walk, helpful=True, notes="")
    for action in ("l1.session.start", "l1.session.resolve"):
        (row,) = await audited(scene.database, scene.team.owner, action)
        assert row.acting_as == tag


@pytest.mark.parametrize("doing", ["note", "pause", "escalate", "resolve", "abandon"])
async def test_whoever_covers_without_taking_the_call_over_is_recorded_on_it_too(scene: Scene, doing: str) -> None:
    walk, cora = await scene.start_flow(), scene.team.covering
    if doing == "note":
        worked = await scene.walks.save_note(cora, walk, uuid4(), "rang again")
    elif doing == "pause":
        worked = await scene.walks.pause(cora, walk)
    elif doing == "escalate":
        worked = await scene.walks.escalate(cora, walk, category="other", reason="x")
    elif doing == "resolve":
        worked = await scene.walks.resolve(cora, walk, helpful=True, notes="")
    else:
        worked = await scene.walks.abandon(cora, walk)
    assert (worked.acting_as, worked.technician.name) == ("l1_coverage", "tina")
    assert await scene.walks.open(scene.team.tech, walk.id) == worked


async def test_an_engineer_at_their_own_work_covers_nothing(scene: Scene) -> None:
    walk = await scene.walks.escalate(scene.team.tech, await scene.start_flow(), category="other", reason="x")
    walk = await scene.escalations.claim(scene.team.covering, walk)
    walk = await scene.escalations.hand_back(scene.team.covering, walk, "Ask for the build number")
    walk = await scene.walks.escalate(scene.team.tech, walk, category="other", reason="x")
    assert (await scene.walks.resolve(scene.team.covering, walk, helpful=True, notes="")).acting_as is None
    for action in ("l1.session.claim", "l1.session.hand_back", "l1.session.resolve"):
        assert [row.acting_as for row in await audited(scene.database, scene.team.owner, action)] == [None]


async def test_an_engineer_without_coverage_reads_calls_and_takes_none(scene: Scene) -> None:
    begun, engineer = await scene.start_flow(), scene.team.engineer
    assert await scene.walks.open(engineer, begun.id) == begun
    for doing in (
        scene.start_flow(by=engineer),
        scene.walks.answer(engineer, begun, YES),
        scene.walks.take(engineer, begun),
        scene.walks.resolve(engineer, begun, helpful=True, notes=""),
        scene.walks.escalate(engineer, begun, category="other", reason="x"),
    ):
        with pytest.raises(NotAllowed):
            await doing


async def test_a_technician_does_not_work_escalations(scene: Scene) -> None:
    walk = await scene.walks.escalate(scene.team.tech, await scene.start_flow(), category="other", reason="x")
    for doing in (
        scene.escalations.listed(scene.team.tech),
        scene.escalations.claim(scene.team.tech, walk),
        scene.escalations.hand_back(scene.team.tech, walk, "x"),
    ):
        with pytest.raises(NotAllowed):
            await doing


async def test_another_accounts_call_is_not_found_in_the_words_of_a_missing_one(scene: Scene) -> None:
    begun, stranger = await scene.start_flow(), scene.team.their_owner
    missing = replace(begun, id=uuid4())

    async def told(walk: Walk) -> str:
        with pytest.raises(NotFound) as refused:
            await scene.walks.open(stranger, walk.id)
        return str(refused.value).replace(str(walk.id), "ID")

    assert await told(begun) == await told(missing)
    for doing in (
        scene.walks.take(stranger, replace(begun, status="paused")),
        scene.walks.resolve(stranger, begun, helpful=True, notes=""),
        scene.walks.save_note(stranger, begun, uuid4(), "x"),
        scene.escalations.hand_back(stranger, begun, "x"),
    ):
        with pytest.raises(NotFound):
            await doing
    with pytest.raises(NotFound):
        await scene.walks.answer(
            stranger, replace(begun, technician=replace(begun.technician, id=stranger.user_id)), YES
        )
    assert await scene.queue.listed(stranger) == ()
    assert await scene.walks.open(scene.team.tech, begun.id) == begun


async def test_the_id_of_a_note_that_another_account_has_is_told_like_a_missing_one(scene: Scene) -> None:
    note_id = uuid4()
    await scene.walks.save_note(scene.team.tech, await scene.start_flow(), note_id, "ours")
    theirs = await scene.intake.take(scene.team.their_tech, Call(problem="x"), AdHoc())
    assert isinstance(theirs, AdHocStarted)
    with pytest.raises(NotFound, match="there is no such id"):
        await scene.walks.save_note(scene.team.their_tech, theirs.walk, note_id, "theirs")
    assert await scene.walks.open(scene.team.their_tech, theirs.walk.id) == theirs.walk


@pytest.mark.parametrize(
    ("name", "role", "covers"), [("tina", "engineer", False), ("tina", "admin", False), ("cora", "engineer", False)]
)
async def test_a_step_by_whoever_has_another_role_now_is_not_stored(
    scene: Scene, name: str, role: str, covers: bool
) -> None:
    actor = scene.team.tech if name == "tina" else scene.team.covering
    walk = await scene.start_flow(by=actor)
    await Users(scene.database, scene.clock).change_role(scene.team.owner, name, role, covers_l1=covers)
    with pytest.raises(NotAllowed, match="has changed"):
        await scene.walks.answer(actor, walk, YES)
    assert await steps_stored(scene, walk) == 0
    assert await scene.walks.open(scene.team.owner, walk.id) == walk


async def test_a_disabled_user_can_do_nothing_from_that_moment(scene: Scene) -> None:
    begun = await scene.start_flow()
    async with scene.database.session() as session:
        user = await session.get(tables.User, scene.team.tech.user_id)
        assert user is not None
        user.active = False
    for doing in (
        scene.walks.answer(scene.team.tech, begun, YES),
        scene.walks.back(scene.team.tech, begun),
        scene.walks.resolve(scene.team.tech, begun, helpful=True, notes=""),
        scene.start_flow(),
    ):
        with pytest.raises(NotAllowed):
            await doing
    assert await steps_stored(scene, begun) == 0
