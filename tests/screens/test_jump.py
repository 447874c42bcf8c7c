"""Any part of a screen is one key and one digit away."""

import pytest

from rfl1.compose import Services
from screens.jump import parts
from services.intake.model import Call, TakeFlow
from tests.services.people import Team
from tests.stage import stage


async def test_a_digit_goes_to_its_part_and_escape_nowhere(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"smoke", "ctrl+n")
        await on.sees("1 what the caller says", "2 the customer", "3 the contact")
        await on.sees("smoke")  # behind it
        await on.press("3", *"555")
        call = on.app.screen.query_one("#contact")
        assert on.app.screen.focused is call
        await on.press("ctrl+n", "escape")
        assert on.app.screen.focused is call
        await on.press("ctrl+n", "8", "x", "escape")
        assert on.app.screen.focused is call


@pytest.mark.parametrize("keys", ["n", "f4", "enter", "enter t", "enter o", "enter r", "enter e", "f1"])
async def test_every_part_of_every_screen_has_a_name_of_its_own(services: Services, team: Team, keys: str) -> None:
    await services.intake.take(team.owner, Call(problem="printer"), TakeFlow("printer-offline"))
    async with stage(services, team.owner) as on:
        await on.press(*keys.split())
        names = [name for name, _ in parts(on.app.screen)]
        assert len(set(names)) == len(names)
        assert not {f"the {kind}" for kind in ("static", "line", "writing", "verticalscroll", "horizontal")} & set(
            names
        )
