"""Past calls are found by whoever may read them, also by an engineer who takes none."""

import pytest

from rfl1.compose import Services
from screens.actions import Keys
from screens.case import CaseScreen
from screens.past import PastScreen
from screens.session import SessionScreen
from services.intake.model import AdHoc, AdHocStarted, Call
from tests.screens.test_hostile import STRINGS, whole
from tests.services.people import Team
from tests.stage import LARGE, SMALL, stage

FIND = Keys({}).press("app.past")


async def ended(services: Services, team: Team, problem: str, *, solved: bool = True) -> None:
    begun = await services.intake.take(team.tech, Call(problem=problem, customer="Acme"), AdHoc())
    assert isinstance(begun, AdHocStarted)
    if solved:
        await services.walks.resolve(team.tech, begun.walk, helpful=True, notes="Done")
    else:
        await services.walks.abandon(team.tech, begun.walk)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_an_engineer_finds_a_past_call_and_reads_it(
    size: tuple[int, int], services: Services, team: Team
) -> None:
    await ended(services, team, "the printer jams")
    await ended(services, team, "no sound in Teams")
    async with stage(services, team.engineer, size) as on:
        await on.press(FIND)
        await on.sees("the printer jams", "no sound in Teams", "2 calls")
        await on.press(*"jams")
        await on.until(lambda: "no sound" not in on.words, "only what was looked for")
        await on.press("enter", "enter")
        on.page(SessionScreen)
        await on.sees("the printer jams")
        await on.press("escape", "d")
        on.page(CaseScreen)


async def test_a_person_and_an_ending_narrow_what_is_found(services: Services, team: Team) -> None:
    await ended(services, team, "the printer jams")
    await ended(services, team, "they hung up", solved=False)
    async with stage(services, team.engineer) as on:
        await on.press(FIND, *"tin", "enter")
        await on.sees("2 calls")
        await on.press("s")
        await on.sees("✓ resolved", "1 calls", "the printer jams")
        await on.press("s", "s")
        await on.sees("× abandoned", "they hung up")
        await on.press("/", *"x")
        await on.sees("No past call has these words.")
        await on.press(*"/1")
        await on.sees("x/1")


@pytest.mark.parametrize("name", list(STRINGS))
async def test_hostile_text_of_past_calls_does_nothing(name: str, services: Services, team: Team) -> None:
    await ended(services, team, f"zebra {STRINGS[name]}")
    async with stage(services, team.engineer, SMALL) as on:
        await on.press(FIND)
        await on.sees("1 calls")
        whole(on)
        await on.paste(STRINGS[name])
        whole(on)
    assert PastScreen.PASSING is False
