"""Resolving a call with a suggested fix that is still open asks what became of it."""

import pytest

from rfl1.compose import Services
from services.fixes.model import Case, Suggestion
from services.intake.model import Call, EscalateAtOnce, EscalatedAtOnce
from tests.services.people import Team
from tests.stage import SMALL, USUAL, stage


async def with_fix(services: Services, team: Team, title: str = "Restart the spooler") -> Case:
    begun = await services.intake.take(team.tech, Call(problem="printer"), EscalateAtOnce("other", "look", None))
    assert isinstance(begun, EscalatedAtOnce)
    return await services.fixes.suggest(team.engineer, begun.walk, Suggestion(title=title))


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=str)
async def test_an_open_fix_is_settled_with_the_call(services: Services, team: Team, size: tuple[int, int]) -> None:
    case = await with_fix(services, team, "Restart [red]it[/] \x1b[31m")
    async with stage(services, team.engineer, size) as on:
        await on.press("r")
        await on.sees("What became of the suggested fix: Restart [red]it[/] ␛[31m?", "○ worked")
        await on.press(*"It prints")
        await on.press("ctrl+g")
        await on.sees("what became of the suggested fix is not said", "○ worked")
        await on.press("w")
        await on.sees("● worked")
        await on.press("shift+tab", "shift+tab")
        await on.press("tab", "tab", "p")
        await on.sees("● partly")
        await on.press("ctrl+g")
        await on.sees("Resolved.")
    found = await services.cases.open(team.owner, case.walk.id)
    assert found.walk.status == "resolved"
    assert [(fix.status, fix.said) for fix in found.found.fixes] == [("applied_partial", "It prints")]


async def test_what_became_of_it_may_need_words_and_the_form_stays(services: Services, team: Team) -> None:
    await with_fix(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("r")
        await on.sees("What became of the suggested fix")
        await on.press("tab", "tab", "s", "ctrl+g")
        await on.sees("what is waited for is missing")
        await on.press(*"new part")  # as words, not as the letters of what became of it
        await on.sees("● still waiting", "new part")


async def test_nothing_is_asked_where_no_fix_is_open(services: Services, team: Team) -> None:
    case = await with_fix(services, team)
    await services.fixes.record(team.engineer, case.walk, case.found.fixes[0].id, "applied_success")
    async with stage(services, team.engineer) as on:
        await on.press("r")
        await on.sees("What solved it?")
        assert "What became of" not in on.words
        await on.press("ctrl+g")
        await on.sees("Resolved.")
