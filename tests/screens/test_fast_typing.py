"""A technician types ahead of the screen: every key lands where it was meant."""

from rfl1.compose import Services
from screens.escalate import EscalateScreen
from screens.intake import IntakeScreen
from screens.notes import StepNote
from screens.walk import WalkScreen
from screens.writing import Writing
from services.intake.model import Call, TakeFlow
from tests.services.people import Team
from tests.stage import Stage, stage


async def burst(on: Stage, *keys: str) -> None:
    """All at once, with nothing waited for in between."""
    for key in keys:
        on.strike(key)
    await on.settle()


async def test_what_is_typed_right_after_tab_is_in_the_next_field(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await burst(on, *"no sound", "tab", *"Acme", "tab", *"555")
        call = on.page(IntakeScreen).call
    assert (call.problem, call.customer, call.contact) == ("no sound", "Acme", "555")


async def test_what_is_typed_right_after_the_key_for_a_new_call_is_its_problem(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await burst(on, *"nno sound", "tab", *"Acme")
        call = on.page(IntakeScreen).call
    assert (call.problem, call.customer) == ("no sound", "Acme")


async def test_what_is_typed_right_after_the_key_for_a_note_is_the_note_and_no_command(
    services: Services, team: Team
) -> None:
    await services.intake.take(team.tech, Call(problem="printer"), TakeFlow("printer-offline"))
    async with stage(services, team.tech) as on:
        await on.press("enter")
        await burst(on, *"opaper tray bent")
        assert on.page(WalkScreen).query_one(StepNote).value == "paper tray bent"
        await burst(on, "enter", "n")
        await on.sees("Switch the printer on.", "“paper tray bent”")
        await burst(on, *"tby the door")
        assert on.page(WalkScreen).query_one("#entry", Writing).text == "by the door"
        await burst(on, "escape", *"ebroken")
        assert on.page(EscalateScreen).query_one(Writing).text == "broken"


async def test_enter_in_a_note_ends_the_note_and_acknowledges_nothing(services: Services, team: Team) -> None:
    await services.intake.take(team.tech, Call(problem="printer"), TakeFlow("printer-offline"))
    async with stage(services, team.tech) as on:
        await on.press("enter", "n")
        await on.sees("Switch the printer on.")
        await burst(on, *"owarm", "enter")
        await on.sees("Switch the printer on.", "warm")
        await burst(on, "t", *"one", "enter", *"two")
        assert on.page(WalkScreen).query_one("#entry", Writing).text == "one\ntwo"
        await on.sees("Switch the printer on.")


async def test_an_action_key_in_a_burst_comes_after_what_was_typed_before_it(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await burst(on, *"nransom note", "tab", *"Acme", "f7", *"all files locked")
        assert on.page(EscalateScreen).query_one("#text", Writing).text == "all files locked"
        await burst(on, "escape")
        call = on.page(IntakeScreen).call
        assert (call.problem, call.customer) == ("ransom note", "Acme")


async def test_two_hundred_characters_at_once_lose_none(services: Services, team: Team) -> None:
    words = "the printer on the second floor shows offline and nobody there can print anything since this morning, " * 2
    async with stage(services, team.tech) as on:
        await burst(on, "n", *words)
        assert on.page(IntakeScreen).call.problem == words
