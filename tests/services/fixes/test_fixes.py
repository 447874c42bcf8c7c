"""Suggested fixes in the store: one active a call, all kept, each write made against the version that was seen."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.fixes.fixes import Fixes
from services.fixes.model import FINAL, OUTCOMES, FixStatus, Suggestion
from services.fixes.risks import risks
from services.fixes.scripts.model import Parameter, Script, Template
from services.walks.service import Walks
from services.walks.settling import Settlement
from storage.tables import Session
from tests.services.fixes.conftest import FIX, SCRIPT, Desk
from tests.services.people import HOSTILE, audited


async def test_a_newer_fix_supersedes_and_all_stay_on_record(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    first = case.found.fixes[0]
    assert (first.title, first.status, first.decision, first.script, first.number) == (
        "Restart the spooler",
        "proposed",
        None,
        SCRIPT,
        1,
    )
    desk.scene.clock.forward(seconds=1)
    case = await desk.fixes.suggest(engineer, case.walk, Suggestion(title="Replace the driver", confidence=80))
    assert [(fix.number, fix.title, fix.active) for fix in case.found.fixes] == [
        (1, "Restart the spooler", False),
        (2, "Replace the driver", True),
    ]
    assert case.found.fix == case.found.newest
    logged = await audited(desk.scene.database, desk.scene.team.owner, "l1.session.fix")
    assert [row.details["title"] for row in logged] == ["Restart the spooler", "Replace the driver"]


async def test_each_write_counts_the_version_up_and_an_old_one_is_refused(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    fix_id, before = case.found.fixes[0].id, case.walk
    case = await desk.fixes.decide(engineer, case.walk, fix_id, "one_off")
    case = await desk.fixes.record(engineer, case.walk, fix_id, "applied_partial", "One of two.")
    case = await desk.fixes.record(engineer, case.walk, fix_id, "applied_success", "Both now.")
    assert case.walk.state_version == before.state_version + 3
    for change in (
        desk.fixes.suggest(engineer, before, FIX),
        desk.fixes.decide(engineer, before, fix_id, "dismissed"),
        desk.fixes.record(engineer, before, fix_id, "applied_failed"),
        desk.fixes.ran(engineer, before, fix_id),
    ):
        with pytest.raises(Conflict):
            await change
    assert await desk.fixes.open(engineer, before.id) == case
    (logged,) = await audited(desk.scene.database, desk.scene.team.owner, "l1.session.fix_decision")
    assert (logged.details["decision"], logged.acting_as) == ("one_off", None)
    logged = (await audited(desk.scene.database, desk.scene.team.owner, "l1.session.fix_outcome"))[-1]
    assert (logged.details["status"], logged.details["notes"]) == ("applied_success", "Both now.")


async def test_a_lost_answer_stores_nothing_twice(desk: Desk) -> None:
    engineer, walk, given = desk.scene.team.engineer, await desk.escalated(), uuid4()
    case = await desk.fixes.suggest(engineer, walk, FIX, fix_id=given)
    again = await desk.fixes.suggest(engineer, walk, FIX, fix_id=given)
    assert (again, again.repeated) == (case, True)
    stored = await desk.fixes.decide(engineer, case.walk, given, "draft_template")
    again = await desk.fixes.decide(engineer, case.walk, given, "draft_template")
    assert (again, again.repeated) == (stored, True)
    assert len(await desk.scripts.listed(engineer)) == 1
    done = await desk.fixes.record(engineer, stored.walk, given, "applied_success")
    again = await desk.fixes.record(engineer, stored.walk, given, "applied_success")
    assert (again, again.repeated) == (done, True)


async def test_of_two_at_once_one_is_told_who_was_first(desk: Desk) -> None:
    team, walk = desk.scene.team, await desk.escalated()
    suggestions = (desk.fixes.suggest(actor, walk, FIX) for actor in (team.engineer, team.admin))
    found = await asyncio.gather(*suggestions, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["Case", "Conflict"]
    assert len((await desk.fixes.open(team.engineer, walk.id)).found.fixes) == 1


async def test_dismissed_supersedes_and_again_is_refused(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    fix_id = case.found.fixes[0].id
    case = await desk.fixes.decide(engineer, case.walk, fix_id, "dismissed")
    assert case.found.fix is None
    assert [(fix.decision, fix.status, fix.applied_at) for fix in case.found.fixes] == [("dismissed", "proposed", None)]
    with pytest.raises(Refused, match="dismissed"):
        await desk.fixes.decide(engineer, case.walk, fix_id, "dismissed")


async def test_a_decision_on_a_superseded_fix_is_kept(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    first = case.found.fixes[0].id
    case = await desk.fixes.decide(engineer, case.walk, first, "build_template")
    case = await desk.fixes.suggest(engineer, case.walk, Suggestion(title="Replace the driver"))
    assert case.found.fixes[0].decision == "build_template"
    case = await desk.fixes.decide(engineer, case.walk, first, "one_off")
    assert [(fix.decision, fix.active) for fix in case.found.fixes] == [("one_off", False), (None, True)]


async def test_a_draft_template_is_stored_with_the_decision(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    case = await desk.fixes.decide(engineer, case.walk, case.found.fixes[0].id, "draft_template")
    (fix,) = case.found.fixes
    assert (fix.decision, fix.status, fix.applied_at) == ("draft_template", "proposed", desk.scene.clock())
    (stored,) = await desk.scripts.listed(engineer)
    assert (stored.id, stored.title, stored.status) == (fix.draft_id, "Restart the spooler", "draft")
    assert [(each.name, each.type) for each in stored.template.parameters] == [("server", "host")]
    assert '$server = "{{server}}"' in stored.template.script.body


async def test_a_template_that_cannot_be_stored_takes_the_decision_with_it(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()

    async def broken(_actor: Actor, script: Script, _session_id: UUID | None) -> Template:
        return Template(Script("{{other}}", "bash"), (Parameter(name="server"),))

    with pytest.raises(Invalid, match="other, which is not declared"):
        await Fixes(desk.cases, broken).decide(engineer, case.walk, case.found.fixes[0].id, "draft_template")
    assert await desk.fixes.open(engineer, case.walk.id) == case
    assert await desk.scripts.listed(engineer) == ()
    assert await audited(desk.scene.database, desk.scene.team.owner, "l1.session.fix_decision") == []


async def test_what_is_no_fix_is_refused(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    accepted = await desk.scripts.add(engineer, "Restart", Template(Script("Restart-Service Spooler")))
    retired = await desk.scripts.retire(engineer, accepted)
    for given, says in (
        (Suggestion(title=" \u200b"), "no title"),
        (replace(FIX, confidence=101), "0 to 100"),
        (replace(FIX, confidence=-1), "0 to 100"),
        (replace(FIX, template_id=uuid4()), "not both"),
        (replace(FIX, script=None, template_id=retired.id), "retired"),
        (replace(FIX, script=Script(" \n")), "empty"),
        (replace(FIX, script=Script("x" * 70_000)), "long"),
        (replace(FIX, script=Script("x", "perl")), "language"),  # type: ignore[arg-type]
        (replace(FIX, steps=("x",) * 31), "too many"),
        (replace(FIX, title="x" * 201), "201"),
    ):
        with pytest.raises(Refused, match=says):
            await desk.fixes.suggest(engineer, walk, given)
    with pytest.raises(NotFound):
        await desk.fixes.suggest(engineer, walk, replace(FIX, script=None, template_id=uuid4()))
    with pytest.raises(NotFound):
        await desk.fixes.record(engineer, walk, uuid4(), "applied_success")


async def test_who_may_not_cannot(desk: Desk) -> None:
    team, case = desk.scene.team, await desk.with_fix()
    fix_id = case.found.fixes[0].id
    for change in (
        desk.fixes.suggest(team.tech, case.walk, FIX),
        desk.fixes.decide(team.tech, case.walk, fix_id, "one_off"),
        desk.fixes.decide(team.tech, case.walk, fix_id, "draft_template"),
        desk.fixes.record(team.tech, case.walk, fix_id, "applied_success"),
        desk.fixes.ran(team.tech, case.walk, fix_id),
    ):
        with pytest.raises(NotAllowed):
            await change
    for theirs in (
        desk.fixes.suggest(team.their_owner, case.walk, FIX),
        desk.fixes.decide(team.their_owner, case.walk, fix_id, "draft_template"),
        desk.fixes.open(team.their_owner, case.walk.id),
    ):
        with pytest.raises(NotFound):
            await theirs
    with pytest.raises(Refused, match="emil has claimed"):
        await desk.fixes.record(team.covering, case.walk, fix_id, "applied_success")
    other = await desk.escalated()
    with pytest.raises(NotFound):
        await desk.fixes.record(team.engineer, other, fix_id, "applied_success")


async def test_hostile_text_comes_back_as_given_and_secrets_do_not(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    script = Script('# \x1b[31m\u202e hidden\r\n$password = "Hunter2!x"\r\n$pw2 = Read-Host -AsSecureString\n')
    given = Suggestion(title=HOSTILE, rationale="Password: Hunter2!x", steps=(HOSTILE,), script=script)
    (fix,) = (await desk.fixes.suggest(engineer, walk, given)).found.fixes
    assert (fix.title, fix.steps) == (HOSTILE.strip(), (HOSTILE.strip(),))
    assert fix.rationale == "Password: [removed]"
    assert fix.script == Script('# [31m hidden\n$password = "[removed]"\n$pw2 = Read-Host -AsSecureString\n')


async def test_engineers_may_do_what_level_1_may_not_and_see_it_marked(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    given = Suggestion(
        title="Turn off the firewall",
        steps=("Look at it.", "Edit the registry."),
        script=Script("Get-Printer\nRemove-Item C:\\Temp -Recurse\n"),
    )
    (fix,) = (await desk.fixes.suggest(engineer, walk, given)).found.fixes
    assert [(risk.part, risk.number, risk.what) for risk in risks(fix)] == [
        ("title", 0, "security or av or firewall change"),
        ("step", 2, "registry edit"),
        ("script", 2, "deletes"),
    ]


# Resolving settles an open fix first


async def test_a_call_with_an_open_fix_is_not_resolved_before_it_is_settled(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    with pytest.raises(Refused, match=r"still open: Restart the spooler.*worked partly"):
        await desk.walks.resolve(engineer, case.walk, helpful=True, notes="Done.")
    bare = Walks(desk.scene.database, desk.scene.clock, desk.scene.library, PlaybookBuilder())
    with pytest.raises(Refused, match="cannot be settled here"):
        await bare.resolve(engineer, case.walk, helpful=True, notes="Done.")
    assert await desk.fixes.open(engineer, case.walk.id) == case


@pytest.mark.parametrize("status", OUTCOMES)
async def test_every_outcome_settles_it(desk: Desk, status: FixStatus) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    said = Settlement(status, "The queue is empty again.")
    walk = await desk.walks.resolve(engineer, case.walk, helpful=True, notes="Done.", fix=said)
    case = await desk.fixes.open(engineer, walk.id)
    assert (walk.status, case.found.fixes[0].status) == ("resolved", status)
    assert walk.state_version == case.walk.state_version
    (logged,) = await audited(desk.scene.database, desk.scene.team.owner, "l1.session.fix_outcome")
    assert logged.details["status"] == status


async def test_a_refused_settlement_leaves_the_call_as_it_was(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    for said in (
        Settlement("applied_partial"),
        Settlement("applied_pending"),
        Settlement("proposed"),
        Settlement("no"),
    ):
        with pytest.raises(Refused):
            await desk.walks.resolve(engineer, case.walk, helpful=True, notes="Done.", fix=said)
    assert await desk.fixes.open(engineer, case.walk.id) == case
    walk = await desk.escalated()
    with pytest.raises(Refused, match="no suggested fix"):
        await desk.walks.resolve(engineer, walk, helpful=True, notes="Done.", fix=Settlement("applied_success"))


@pytest.mark.parametrize("status", [each for each in OUTCOMES if each not in FINAL])
async def test_what_is_partly_done_or_waited_for_may_be_known_after_the_call(desk: Desk, status: FixStatus) -> None:
    engineer, case = desk.scene.team.engineer, await desk.with_fix()
    fix_id = case.found.fixes[0].id
    case = await desk.fixes.record(engineer, case.walk, fix_id, status, "Until the restart tonight.")
    walk = await desk.walks.resolve(engineer, case.walk, helpful=True, notes="Done.")
    case = await desk.fixes.record(engineer, walk, fix_id, "applied_failed", "It is back.")
    assert (case.walk.status, case.found.fixes[0].status) == ("resolved", "applied_failed")
    assert case.walk.acting_as is None
    with pytest.raises(Refused, match="resolved"):
        await desk.fixes.suggest(engineer, case.walk, FIX)


async def test_level_1_settles_what_an_engineer_left_open_when_a_call_came_back(desk: Desk) -> None:
    team, case = desk.scene.team, await desk.with_fix()
    walk = await desk.scene.escalations.hand_back(team.engineer, case.walk, "Restart it with them.")
    with pytest.raises(Refused, match="still open"):
        await desk.walks.resolve(team.tech, walk, helpful=True, notes="Done.")
    said = Settlement("applied_success", "It prints.")
    walk = await desk.walks.resolve(team.tech, walk, helpful=True, notes="Done.", fix=said)
    assert (await desk.fixes.open(team.tech, walk.id)).found.fixes[0].status == "applied_success"


async def test_deleting_a_session_takes_its_findings_with_it_and_leaves_the_library(desk: Desk) -> None:
    team, case = desk.scene.team, await desk.with_fix()
    case = await desk.facts.from_step(team.engineer, case.walk, case.walk.steps[0].step_id)
    case = await desk.missing.ask(team.engineer, case.walk, "Which printer?")
    await desk.fixes.decide(team.engineer, case.walk, case.found.fixes[0].id, "draft_template")
    async with desk.scene.database.session() as session:
        await session.execute(delete(Session).where(Session.id == case.walk.id))
    assert len(await desk.scripts.listed(team.engineer)) == 1
    async with desk.scene.database.reading(team.owner) as read:
        assert (await read.session.scalars(select(Session))).all() == []
