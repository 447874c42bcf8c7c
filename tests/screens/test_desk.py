"""The engineer's desk, by keys: the story, steps put on record, a fix suggested, decided and settled, its script."""

import pytest

from rfl1.compose import Services
from screens.case import CaseScreen
from services.fixes.model import Case, Suggestion
from services.fixes.scripts.model import Script
from services.intake.model import Call, Matched, TakeFlow
from services.walks.model import Choose, Walk
from tests.services.people import HOSTILE, Team
from tests.stage import LARGE, SMALL, USUAL, stage

SCRIPT = Script("# Look first\nGet-Printer\nRestart-Service Spooler\n")


async def escalated(services: Services, team: Team) -> Walk:
    begun = await services.intake.take(
        team.tech, Call(problem="printer is dead", contact="Kim", customer="Acme"), TakeFlow("printer-offline")
    )
    assert isinstance(begun, Matched)
    walk = await services.walks.answer(team.tech, begun.walk, Choose(1))
    return await services.walks.escalate(team.tech, walk, category="needs_onsite", reason="The fuse is out")


async def case_of(services: Services, team: Team, walk: Walk) -> Case:
    return await services.cases.open(team.engineer, walk.id)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
async def test_problem_tried_and_next_step_are_seen_at_once(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    await escalated(services, team)
    async with stage(services, team.engineer, size) as on:
        await on.press("d")
        on.page(CaseScreen)
        await on.sees("printer is dead", "Kim, Acme", "Is the green light on?", "The fuse is out", "level 1 stopped at")


async def test_a_step_goes_on_record_by_one_key_and_comes_off_again(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "enter")
        await on.sees("On record.", "step 1 ✓", "known", "Is the green light on? No")
        await on.press("a")
        await on.press(*"Warm", "ctrl+g")
        await on.sees("Warm")
        await on.press("end", "x")
        await on.sees("Taken off the record.")
    assert [fact.text for fact in (await case_of(services, team, walk)).found.facts] == ["Is the green light on? No"]


async def test_a_fix_is_suggested_decided_and_settled_by_keys(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "s")
        await on.press(*"Swap", "tab", *"Old", "tab", *"Look", "tab", *"hostname", "ctrl+g")
        await on.sees("Swap not applied yet", "Check first Swap")
        await on.press("g")
        await on.sees("You run the script as it is")
        await on.press("ctrl+g")
        await on.sees("run as it is")
        await on.press("o", "p", "tab", *"Half", "ctrl+g")
        await on.sees("worked in part")
    (fix,) = (await case_of(services, team, walk)).found.fixes
    assert (fix.title, fix.rationale, fix.steps, fix.script) == ("Swap", "Old", ("Look",), Script("hostname"))
    assert (fix.decision, fix.status, fix.said) == ("one_off", "applied_partial", "Half")


async def test_a_refusal_stands_where_the_eye_is(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Swap it"))
    async with stage(services, team.engineer) as on:
        await on.press("d", "g", "ctrl+g")
        await on.sees("this fix has no drafted script")


async def test_a_script_is_read_with_its_risks_and_copied(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    async with stage(services, team.engineer) as on:
        await on.press("d", "v")
        await on.sees("Get-Printer", "▲ 3 Restart-Service Spooler ‹stops or changes services›", "1 line is marked")
        await on.press("y")
        await on.sees("Copied")
        assert on.app.clipboard == SCRIPT.body


async def test_a_script_comes_back_from_the_editor_as_a_new_fix(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    monkeypatch.setenv("EDITOR", "sed -i s/Get-Printer/Get-PrintJob/")
    async with stage(services, team.engineer) as on:
        monkeypatch.setattr(on.app, "suspend", nullcontext)
        await on.press("d", "v", "e")
        await on.sees("Suggest a fix", "Get-PrintJob")
        await on.press("ctrl+g")
        await on.sees("fix 2")
    fixes = (await case_of(services, team, walk)).found.fixes
    assert [(fix.active, fix.script and "Get-PrintJob" in fix.script.body) for fix in fixes] == [
        (False, False),
        (True, True),
    ]


async def test_what_helped_before_begins_a_fix(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.walks.resolve(team.engineer, walk, helpful=True, notes="Replaced the fuse.")
    await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "l")
        await on.sees("Replaced the fuse.", "how a similar call was resolved")
        await on.press("enter")
        await on.sees("Suggest a fix", "Replaced the fuse.")


async def test_what_was_missing_is_kept(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "w")
        await on.press(*"Fuse", "ctrl+g")
        await on.sees("Check first")
    assert [missed.text for missed in (await case_of(services, team, walk)).found.missed] == ["Fuse"]


async def test_hostile_text_is_only_text(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    case = await services.facts.add(team.engineer, walk, HOSTILE)
    given = Suggestion(title=HOSTILE, rationale=HOSTILE, steps=(HOSTILE,), script=Script(HOSTILE))
    await services.fixes.suggest(team.engineer, case.walk, given)
    async with stage(services, team.engineer) as on:
        await on.press("d")
        await on.sees("[red]x[/] ␀ ␛[31m")
        await on.press("end", "v")
        await on.sees("[red]x[/]")
        await on.press("escape", "s")
        await on.sees("Suggest a fix")


async def test_level_1_has_no_desk(services: Services, team: Team) -> None:
    await escalated(services, team)
    async with stage(services, team.tech) as on:
        assert not on.app.check_action("escalations", ())
