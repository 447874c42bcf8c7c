"""What should have been asked: kept with the flow and the node, for whoever edits the flow."""

import pytest
from sqlalchemy import select

from services.errors import NotAllowed, NotFound, Refused
from services.team.live import Live
from services.walks.model import Choose
from storage.tables import Notification
from tests.services.fixes.conftest import Desk
from tests.services.people import audited


async def test_it_is_kept_where_the_call_stood_and_the_technician_is_told(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    assert walk.pending is not None
    case = await desk.missing.ask(team.engineer, walk, " Which build of Outlook? ")
    (missed,) = case.found.missed
    assert (missed.flow_slug, missed.node_id, missed.node_text, missed.text) == (
        "life",
        "check",
        "Does Outlook still ask?",
        "Which build of Outlook?",
    )
    assert case.walk.state_version == walk.state_version + 1
    assert await desk.missing.of_flow(team.tech, "life") == (missed,)
    assert await desk.missing.of_flow(team.tech, "line") == await desk.missing.of_flow(team.their_tech, "life") == ()
    async with desk.scene.database.reading(team.tech) as read:
        told = (
            await read.session.scalars(select(Notification).where(Notification.event == "l1.session.missing"))
        ).all()
    assert [(row.user_id, row.details["text"]) for row in told] == [(team.tech.user_id, "Which build of Outlook?")]
    *_, news = await Live(desk.scene.database, desk.scene.clock).news(team.tech)
    assert news.line == f"emil would have asked in “{walk.problem_text}”: Which build of Outlook?"


async def test_it_may_belong_to_an_earlier_step(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    case = await desk.missing.ask(team.engineer, walk, "With which browser?", step_id=walk.steps[0].step_id)
    assert [(missed.flow_slug, missed.node_id) for missed in case.found.missed] == [("life", "web")]


async def test_a_gate_stands_for_the_node_behind_it(desk: Desk) -> None:
    scene, team = desk.scene, desk.scene.team
    walk = await scene.answer(await scene.start_flow(), Choose(1))
    assert walk.pending is not None
    walk = await desk.walks.escalate(team.tech, walk, category="other", reason="Stuck.")
    (missed,) = (await desk.missing.ask(team.engineer, walk, "Who is it?")).found.missed
    assert missed.node_id == "who"


async def test_a_call_without_a_flow_keeps_it_too(desk: Desk) -> None:
    scene, team = desk.scene, desk.scene.team
    walk = await desk.walks.escalate(team.tech, await scene.build(), category="other", reason="Stuck.")
    (missed,) = (await desk.missing.ask(team.engineer, walk, "Which driver?")).found.missed
    assert (missed.flow_slug, missed.text) == (None, "Which driver?")


async def test_whoever_edits_the_flow_sees_to_it(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    (missed,) = (await desk.missing.ask(team.engineer, walk, "Which build?")).found.missed
    with pytest.raises(NotAllowed):
        await desk.missing.seen_to(team.tech, missed.id)
    with pytest.raises(NotFound):
        await desk.missing.seen_to(team.their_owner, missed.id)
    await desk.missing.seen_to(team.admin, missed.id)
    await desk.missing.seen_to(team.engineer, missed.id)
    assert await desk.missing.of_flow(team.tech, "life") == ()
    assert len(await audited(desk.scene.database, team.owner, "flow.missing_seen_to")) == 1
    assert (await desk.cases.open(team.tech, walk.id)).found.missed[0].settled_at is not None


async def test_it_has_to_say_something_and_be_of_this_call(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    other = await desk.escalated()
    with pytest.raises(Refused):
        await desk.missing.ask(team.engineer, walk, " ")
    with pytest.raises(NotFound):
        await desk.missing.ask(team.engineer, walk, "Which?", step_id=other.steps[0].step_id)
    with pytest.raises(NotAllowed):
        await desk.missing.ask(team.tech, walk, "Which?")
