"""A technician types ahead of the screen: every key lands where it was meant."""

from textual import events

from rfl1.compose import Services
from screens.intake import IntakeScreen
from tests.services.people import Team
from tests.stage import stage


async def test_what_is_typed_right_after_tab_is_in_the_next_field(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        for key in (*"no sound", "tab", *"Acme", "tab", *"555"):
            on.app.post_message(events.Key("space" if key == " " else key, key if len(key) == 1 else None))
        screen = on.app.screen
        assert isinstance(screen, IntakeScreen)
        await on.until(lambda: screen.call.contact == "555", "the contact")
        assert (screen.call.problem, screen.call.customer) == ("no sound", "Acme")
