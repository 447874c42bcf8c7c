"""The first screen: what waits, what is under way, and a cursor that stays on its call."""

from rfl1.compose import Services
from screens.escalations import EscalationsScreen
from screens.intake import IntakeScreen
from screens.queue import LIMIT, QueueScreen
from screens.rows import Rows
from screens.session import SessionScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.intake.model import AdHoc, AdHocStarted, Call
from services.walks.glance import first_look
from services.walks.model import Walk
from tests.services.people import ManualClock, Team
from tests.stage import LARGE, SMALL, USUAL, stage


async def call(services: Services, actor: Actor, problem: str, customer: str = "Acme") -> Walk:
    outcome = await services.intake.take(actor, Call(problem=problem, customer=customer), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    return outcome.walk


async def test_an_empty_store_welcomes_and_names_the_key(services: Services, team: Team) -> None:
    async with stage(services, team.owner, SMALL) as on:
        await on.sees("Welcome.", "Not alone? rfl1 users add")
    async with stage(services, team.tech, SMALL) as on:
        on.page(QueueScreen)
        await on.sees("Welcome.", "press n", "f1 shows every key", "New here? rfl1 tutor")
        assert "rfl1 users add" not in on.words
        await on.press("n")
        on.page(IntakeScreen)
        await on.press("escape")
        walk = await call(services, team.tech, "the wifi sings")
        await services.walks.resolve(team.tech, walk, helpful=True, notes="")
        await on.press("f5")
        await on.sees("Nothing waits. n starts a new call.")


async def test_what_was_seen_before_all_is_loaded_is_shown_works_and_is_read_again(
    services: Services, team: Team
) -> None:
    await call(services, team.second, "of tom")
    await call(services, team.tech, "mine")
    settings = services.settings
    seen = await first_look(settings.database_url, team.tech.name, LIMIT)
    assert seen is not None
    await call(services, team.second, "meanwhile")
    behind = Services(settings, clock=services.clock)
    try:
        async with stage(behind, seen.actor, seen=seen) as on:
            await on.sees("In progress now mine", "Queue now meanwhile", "now of tom")
        async with stage(behind, seen.actor, seen=seen) as on:
            await on.press("enter")
            on.page(WalkScreen)
    finally:
        await behind.close()


async def test_a_call_that_came_back_says_so_until_it_is_over(services: Services, team: Team) -> None:
    walk = await call(services, team.tech, "labels stay blank")
    await call(services, team.tech, "no sound")
    walk = await services.walks.escalate(team.tech, walk, category="other", reason="no idea")
    walk = await services.escalations.hand_back(team.engineer, walk, "Which ribbon?")
    for person in (team.tech, team.second):
        async with stage(services, person, SMALL) as on:
            await on.sees("labels stay blank", "↩ handed back", "no sound")
            assert on.text.count("▶ under way") == 1
    await services.walks.pause(team.tech, walk)
    async with stage(services, team.tech, SMALL) as on:
        await on.sees("‖ paused")
        assert "handed back" not in on.text


async def test_own_calls_stand_above_the_others_newest_first(
    services: Services, team: Team, clock: ManualClock
) -> None:
    await call(services, team.second, "older of tom")
    await call(services, team.tech, "mine")
    clock.forward(hours=3)
    await call(services, team.second, "newer of tom")
    for size in (SMALL, USUAL, LARGE):
        async with stage(services, team.tech, size) as on:
            await on.sees("In progress 3 h mine", "you ▶ under way", "Queue now newer of tom", "3 h older of tom")
            assert on.app.focused is on.app.screen.query_one(Rows)


async def test_the_cursor_stays_on_its_call_when_the_list_is_read_again(services: Services, team: Team) -> None:
    for number in range(4):
        await call(services, team.second, f"call {number}")
    async with stage(services, team.tech) as on:
        rows = on.app.screen.query_one(Rows)
        await on.press("j", "j")
        chosen = rows.chosen
        await call(services, team.second, "a new one")
        await on.press("f5")
        assert (rows.chosen, rows.highlighted) == (chosen, 3)
        await on.press("k", "up", "down")
        assert rows.highlighted == 2


async def test_where_the_chosen_call_is_gone_the_cursor_stays_near(services: Services, team: Team) -> None:
    walks = [await call(services, team.second, f"call {number}") for number in range(3)]
    async with stage(services, team.tech) as on:
        rows = on.app.screen.query_one(Rows)
        await on.press("end")
        await services.walks.resolve(team.second, walks[0], helpful=True, notes="")
        await on.press("f5")
        assert (rows.highlighted, rows.option_count) == (1, 2)


async def test_the_filter_shows_calls_with_its_words_until_it_is_left(services: Services, team: Team) -> None:
    await call(services, team.tech, "printer is [on] fire", "Globex")
    await call(services, team.second, "printer offline", "Initech")
    await call(services, team.second, "no sound", "Globex")
    async with stage(services, team.tech) as on:
        await on.press("/", *"a/b")
        await on.sees("a/b", "No call has these words. esc shows all.")
        await on.press("ctrl+u")
        await on.paste("printer glob")
        await on.until(lambda: "offline" not in on.words, "the filter")
        await on.sees("printer is [on] fire")
        await on.press("ctrl+u")
        await on.paste("nothing like it")
        await on.sees("No call has these words. esc shows all.")
        await on.press("ctrl+u")
        await on.paste("sound")
        await on.until(lambda: "printer" not in on.words, "the filter")
        await on.press("down", "escape")
        await on.sees("printer offline", "no sound", "printer is [on] fire")


async def test_no_more_than_a_page_is_read_and_that_is_said(services: Services, team: Team, clock: ManualClock) -> None:
    from tests.services.making import make_call

    for _ in range(LIMIT + 3):
        clock.forward(seconds=1)
        await make_call(services.database, clock, team.second)
    async with stage(services, team.tech) as on:
        assert on.app.screen.query_one(Rows).option_count == LIMIT
        await on.sees("(the newest are shown)")


async def test_a_call_of_somebody_else_is_read_and_ones_own_goes_on(services: Services, team: Team) -> None:
    mine = await call(services, team.tech, "mine")
    await services.walks.pause(team.tech, mine)
    await call(services, team.second, "of tom")
    async with stage(services, team.tech) as on:
        await on.press("enter")
        on.page(WalkScreen)
        await on.press("f2", "down", "enter")
        on.page(SessionScreen)
        await on.sees("Technician tom")
    assert (await services.walks.open(team.tech, mine.id)).status == "active"


async def test_an_engineer_begins_with_the_escalations_and_takes_no_calls(services: Services, team: Team) -> None:
    async with stage(services, team.engineer) as on:
        on.page(EscalationsScreen)
        await on.sees("Nothing waits for an engineer.")
        assert "new call" not in on.words
        await on.press("n", "f2", "f3", "escape")
        on.page(EscalationsScreen)
    async with stage(services, team.tech) as on:
        assert "escalations" not in on.words
        await on.press("f4")
        on.page(QueueScreen)
