"""Facts: in an engineer's words or out of a step, once each, edited, taken off, and never by whoever may not."""

from uuid import uuid4

import pytest

from services.access import Actor
from services.errors import Conflict, NotAllowed, NotFound, Refused
from services.walks.model import Choose
from tests.services.fixes.conftest import Desk
from tests.services.people import HOSTILE, audited


async def test_a_fact_is_kept_edited_and_taken_off(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    case = await desk.facts.add(team.engineer, walk, " The spooler hangs. ", source="check")
    fact = case.found.facts[0]
    assert (fact.text, fact.source, fact.kind, fact.edited_at) == ("The spooler hangs.", "check", "known", None)
    assert case.walk.state_version == walk.state_version + 1
    desk.scene.clock.forward(seconds=5)
    case = await desk.facts.edit(team.engineer, case.walk, fact.id, "The spooler hangs on SRV1.")
    (edited,) = case.found.facts
    assert (edited.text, edited.edited_by and edited.edited_by.name) == ("The spooler hangs on SRV1.", "emil")
    case = await desk.facts.remove(team.engineer, case.walk, fact.id)
    assert (case.found.facts, case.walk.state_version) == ((), walk.state_version + 3)
    assert await desk.cases.open(team.tech, walk.id) == case
    (log,) = await audited(desk.scene.database, team.owner, "l1.session.fact_edit")
    assert log.details == {"before": "The spooler hangs.", "after": "The spooler hangs on SRV1."}
    (log,) = await audited(desk.scene.database, team.owner, "l1.session.fact_remove")
    assert (log.details, log.session_id) == ({"text": "The spooler hangs on SRV1."}, walk.id)


async def test_steps_turn_into_facts_and_what_was_tried(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    asked, done = walk.steps
    case = await desk.facts.from_step(engineer, walk, asked.step_id)
    desk.scene.clock.forward(seconds=1)
    case = await desk.facts.from_step(engineer, case.walk, done.step_id)
    assert [(fact.kind, fact.source, fact.text) for fact in case.found.facts] == [
        ("known", "question", "Can they sign in to webmail? Yes, at once"),
        ("tried", "check", "Clear the saved credentials."),
    ]
    with pytest.raises(Refused, match="on record already"):
        await desk.facts.from_step(engineer, case.walk, done.step_id)
    case = await desk.facts.remove(engineer, case.walk, case.found.facts[1].id)
    assert len((await desk.facts.from_step(engineer, case.walk, done.step_id)).found.facts) == 2


async def test_what_was_tried_says_what_came_of_it(desk: Desk) -> None:
    scene, walk = desk.scene, await desk.escalated()
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, "Ask again.")
    walk = await scene.answer(walk, Choose(0))
    case = await desk.facts.from_step(scene.team.covering, walk, walk.steps[1].step_id)
    assert case.found.tried[0].text == "Clear the saved credentials. Afterwards: Does Outlook still ask? Yes"
    assert case.walk.acting_as == "l1_coverage"


async def test_a_step_taken_back_or_of_another_call_is_no_fact(desk: Desk) -> None:
    scene, team = desk.scene, desk.scene.team
    walk = await scene.answer(await scene.start_flow(by=team.covering), Choose(0), by=team.covering)
    step_id = walk.steps[0].step_id
    walk = await desk.walks.back(team.covering, walk)
    with pytest.raises(Refused, match="taken back"):
        await desk.facts.from_step(team.covering, walk, step_id)
    other = await desk.escalated()
    with pytest.raises(NotFound):
        await desk.facts.from_step(team.engineer, other, step_id)
    case = await desk.facts.add(team.engineer, other, "It is warm.")
    with pytest.raises(NotFound):
        await desk.facts.edit(team.covering, walk, case.found.facts[0].id, "It is cold.")


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "x" * 4001])
async def test_a_fact_says_something_and_not_too_much(desk: Desk, text: str) -> None:
    with pytest.raises(Refused):
        await desk.facts.add(desk.scene.team.engineer, await desk.escalated(), text)


async def test_secrets_are_not_kept_and_hostile_text_comes_back_as_given(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    case = await desk.facts.add(engineer, walk, "The password is Hunter2!x")
    desk.scene.clock.forward(seconds=1)
    case = await desk.facts.add(engineer, case.walk, HOSTILE)
    assert [fact.text for fact in case.found.facts] == ["The password is [removed]", HOSTILE.strip()]


async def test_who_may_not_cannot(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated(claimed=False)
    for actor in (team.tech, team.second):
        with pytest.raises(NotAllowed):
            await desk.facts.add(actor, walk, "It is warm.")
    with pytest.raises(NotFound):
        await desk.facts.add(team.their_owner, walk, "It is warm.")
    walk = await desk.scene.escalations.claim(team.engineer, walk)
    with pytest.raises(Refused, match="emil has claimed"):
        await desk.facts.add(team.covering, walk, "It is warm.")
    case = await desk.facts.add(team.admin, walk, "It is warm.")
    assert (case.walk.acting_as, case.found.facts[0].by.name) == (None, "ada")


@pytest.mark.parametrize(("who", "may"), [("engineer", False), ("covering", True), ("owner", True)])
async def test_before_a_call_is_passed_on_only_those_who_take_calls_work_on_it(desk: Desk, who: str, may: bool) -> None:
    actor: Actor = getattr(desk.scene.team, who)
    walk = await desk.scene.start_flow()
    if may:
        assert (await desk.facts.add(actor, walk, "It is warm.")).walk.acting_as == "l1_coverage"
    else:
        with pytest.raises(NotAllowed):
            await desk.facts.add(actor, walk, "It is warm.")


async def test_an_old_state_is_refused_and_a_lost_answer_adds_nothing(desk: Desk) -> None:
    engineer, walk, given = desk.scene.team.engineer, await desk.escalated(), uuid4()
    case = await desk.facts.add(engineer, walk, "It is warm.", fact_id=given)
    again = await desk.facts.add(engineer, walk, "It is warm.", fact_id=given)
    assert (again, again.repeated) == (case, True)
    with pytest.raises(Conflict, match="emil changed this call"):
        await desk.facts.add(engineer, walk, "It is cold.")


async def test_a_call_that_is_over_gets_no_facts(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    walk = await desk.walks.resolve(engineer, walk, helpful=True, notes="Done.")
    with pytest.raises(Refused, match="resolved"):
        await desk.facts.add(engineer, walk, "It is warm.")
