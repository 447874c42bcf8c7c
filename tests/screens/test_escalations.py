"""What an engineer sees first of a call that was passed on."""

import pytest

from rfl1.compose import Services
from screens.escalations import EscalationsScreen
from screens.session import SessionScreen
from services.intake.model import AdHoc, AdHocStarted, Call, Matched, TakeFlow
from services.walks.model import Choose
from tests.services.people import Team
from tests.stage import LARGE, SMALL, USUAL, stage


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
async def test_the_story_of_the_chosen_call_is_seen_without_opening_it(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    begun = await services.intake.take(team.tech, Call(problem="printer", contact="Kim"), TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    walk = await services.walks.answer(team.tech, begun.walk, Choose(1))
    await services.walks.escalate(team.tech, walk, category="needs_onsite", reason="The fuse is out")
    async with stage(services, team.engineer, size) as on:
        on.page(EscalationsScreen)
        await on.sees(
            "○ nobody", "Kim", "The fuse is out", "Somebody has to be on site", "Is the green light on?", "› No"
        )
        await on.sees("Is the green light on?", "› No", "Stopped at Switch the printer on.")


async def test_a_call_without_a_step_says_so(services: Services, team: Team) -> None:
    outcome = await services.intake.take(team.tech, Call(problem="ransom note"), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    await services.walks.escalate(team.tech, outcome.walk, category="other", reason="look")
    async with stage(services, team.engineer, SMALL) as on:
        await on.sees("What was tried", "No step was taken, nothing was noted.")
        await on.press("enter")
        on.page(SessionScreen)
        await on.sees("Path and notes", "No step was taken, nothing was noted.")


async def test_the_list_says_for_whom_why_and_how_much_of_it_was_told(services: Services, team: Team) -> None:
    call = Call(problem="printer", contact="Kim", customer="Acme")
    begun = await services.intake.take(team.tech, call, TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    await services.walks.escalate(team.tech, begun.walk, category="needs_onsite", reason="The fuse is out")
    async with stage(services, team.engineer, LARGE) as on:
        await on.sees("printer Printer Acme Somebody has to be on site ●○○○○○ ○ nobody")
        await on.sees("Hand-over ●○○○○○ not told: what is wrong, how many, since when, what was tried, what to check")


async def test_whoever_passes_a_call_on_sees_what_is_not_told_yet(services: Services, team: Team) -> None:
    call = Call(problem="the printer is dead", contact="Kim")
    begun = await services.intake.take(team.tech, call, TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    async with stage(services, team.tech, SMALL) as on:
        await on.press("enter", "e")
        await on.sees("not told yet: how many, since when")
        await on.press(*"Only she since 9:05, rebooted. Please come")
        await on.sees("What should the engineer know? Only she since 9:05")
        assert "not told yet" not in on.words


async def test_who_calls_is_asked_for_before_there_is_a_call_too(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"dead", "f7")
        await on.sees("not told yet: what is wrong, who calls")
        await on.press("escape", "tab", "tab", *"Kim", "f7")
        await on.sees("not told yet: what is wrong, how many")
