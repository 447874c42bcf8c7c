"""What somebody presses who was told nothing: it does what they meant, or says what to press."""

from uuid import uuid4

import pytest

from rfl1.compose import Services
from screens.escalate import EscalateScreen
from screens.fields import Choice
from screens.intake import IntakeScreen
from screens.node import NodePane
from screens.notes import StepNote
from screens.queue import QueueScreen
from screens.rows import Rows
from screens.session import SessionScreen
from screens.walk import WalkScreen
from screens.writing import Writing
from services.access import Actor
from services.flows.nodes import Flow, Instruction, Outcome
from services.intake.model import AdHoc, AdHocStarted, Call, Matched, TakeFlow
from services.walks.model import Acknowledge, Walk
from tests.services.making import Files
from tests.services.people import Team
from tests.stage import LARGE, SMALL, USUAL, Stage, stage


async def call(services: Services, actor: Actor, problem: str, contact: str = "") -> Walk:
    outcome = await services.intake.take(actor, Call(problem=problem, contact=contact), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    return outcome.walk


async def printer(services: Services, actor: Actor) -> None:
    await services.intake.take(actor, Call(problem="printer"), TakeFlow("printer-offline"))


async def typed(on: Stage, text: str) -> None:
    for key in text:
        on.strike(key)
    await on.settle()


async def test_what_is_typed_after_escalating_at_once_is_for_the_engineer(services: Services, team: Team) -> None:
    async with stage(services, team.tech, SMALL) as on:
        await on.press("n")
        await typed(on, "ransom note")
        await on.press("f7")
        await on.sees("Escalate: ransom note")
        await typed(on, "just unplugged")
        assert on.page(EscalateScreen).query_one(Writing).text == "just unplugged"
        await on.press("ctrl+g")
        await on.sees("no reason is chosen. ↑ ↓ choose why, then ctrl+g again.")
        assert on.app.focused is on.app.screen.query_one(Rows)
        await on.press("down", "down", "down", "down")
        assert "no reason is chosen" not in on.words
        await on.press("enter")
        assert on.app.screen.query_one(Choice).has_focus
        await on.press("ctrl+g")
        await on.sees("Escalated. Engineers are told.")


async def test_a_long_draft_is_seen_whole_where_there_is_room(services: Services, team: Team) -> None:
    walk = await call(services, team.tech, "no sound")
    for size, lines in ((SMALL, 40), (USUAL, 40), (LARGE, 24)):
        async with stage(services, team.tech, size) as on:
            await on.press("enter", "escape", "r")
            writing = on.app.screen.query_one(Writing)
            assert writing.size.height <= 12
            await on.paste("\n".join(f"line {n}" for n in range(lines)))
            await on.sees(f"line {lines - 1}", "Is the caller helped?", "● yes", "ctrl+g confirm")
            assert ("line 0" in on.text) == (size == LARGE)
            await on.press("escape", "e")
            await on.paste("\n".join(f"line {n}" for n in range(lines)))
            await on.sees(f"line {lines - 1}", "Something else", "● not said", "ctrl+g confirm")
            await on.press("escape", "f2")
    assert (await services.walks.open(team.tech, walk.id)).status == "active"


async def test_a_first_letter_chooses(services: Services, team: Team) -> None:
    walk = await call(services, team.tech, "no sound")
    async with stage(services, team.tech) as on:
        await on.press("enter", "escape", "r")
        await on.sees("Is the caller helped?")
        await on.press("tab", "n")
        await on.sees("● no", "→ change")
        await on.press("ctrl+g")
        await on.sees("Resolved.")
    resolution = (await services.walks.open(team.tech, walk.id)).resolution
    assert resolution is not None
    assert not resolution.helpful


async def test_news_of_one_call_is_gone_after_the_next(services: Services, team: Team) -> None:
    await call(services, team.tech, "first")
    await call(services, team.tech, "second")
    async with stage(services, team.tech) as on:
        await on.press("enter", "escape", "p")
        await on.sees("Paused.")
        await on.press("enter", "escape", "escape")
        on.page(QueueScreen)
        assert "Paused." not in on.words


async def test_a_call_that_is_over_is_read_whole_and_left_by_a_key_that_is_shown(
    services: Services, team: Team, files: Files
) -> None:
    long = "Take the cable out, look at both of its ends, put it back in until it clicks, and wait for the light. " * 2
    do, end = Instruction(text=long.strip(), next="end"), Outcome(text="It prints.", result="resolved")
    cable = Flow(slug="cable", title="Cable", category="printer", start="do", nodes={"do": do, "end": end})
    await services.library.bring_in(team.owner, files(cable))
    begun = await services.intake.take(team.tech, Call(problem="printer"), TakeFlow("cable"))
    assert isinstance(begun, Matched)
    walk = await services.walks.answer(team.tech, begun.walk, Acknowledge())
    await services.walks.resolve(team.tech, walk, helpful=True, notes="The light came.")
    async with stage(services, team.tech) as on:
        await on.press("slash", *"printer")
        await on.sees("1 past")
        await on.press("enter")
        on.page(SessionScreen)
        await on.sees("Began 20", long.strip(), "Done", "esc back")
        await on.press("escape")
        on.page(QueueScreen)


async def test_free_notes_and_what_was_done_begin_on_one_line(services: Services, team: Team) -> None:
    walk = await call(services, team.tech, "no sound")
    await services.walks.save_note(team.tech, walk, uuid4(), "rang back")
    async with stage(services, team.tech, LARGE) as on:
        await on.press("enter")
        await on.sees("Free notes", "So far", "rang back")
        assert any("Free notes" in line and "So far" in line for line in on.text.splitlines())
        assert "step 1" not in on.words, "there are none"
        walk = await services.walks.open(team.tech, walk.id)
        walk = await services.walks.escalate(team.tech, walk, category="other", reason="Nothing helps.")
    async with stage(services, team.engineer, LARGE) as on:
        await on.press("f4")
        await on.sees("Tried no step, 1 note")


async def test_over_another_call_it_is_said_which_one_has_ended(services: Services, team: Team) -> None:
    await call(services, team.tech, "the wifi sings")
    async with stage(services, team.tech) as on:
        await on.press("enter", "escape", "f3")
        await typed(on, "no sound")
        await on.press("f6", "escape", "p")
        on.page(WalkScreen)
        await on.sees("“no sound”: Paused. It waits under In progress.")


async def test_a_key_that_does_nothing_says_which_do(services: Services, team: Team) -> None:
    await printer(services, team.tech)
    async with stage(services, team.tech, SMALL) as on:
        for key in ("enter", "x"):
            await on.press("enter", key)
            await on.sees("Press one of these: 1 y · 2 n")
            await on.press("f2")
        await on.press("enter", "x", "n")
        await on.sees("Switch the printer on.")
        assert "Press one of these" not in on.words


async def test_lines_stay_lines_however_the_terminal_pastes_them(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("no sound\rsince Monday\r\rin Teams")
        await on.press("tab")
        await on.paste("Acme\rBerlin\r")
        await on.press("f6")
    walk = (await services.walks.listed(team.tech))[0]
    opened = await services.walks.open(team.tech, walk.id)
    assert (opened.problem_text, opened.customer) == ("no sound\nsince Monday\n\nin Teams", "Acme Berlin")


async def test_out_of_the_free_notes_and_in_again(services: Services, team: Team) -> None:
    await call(services, team.tech, "no sound")
    async with stage(services, team.tech) as on:
        await on.press("enter")
        await on.sees("esc done typing")
        await typed(on, "one")
        await on.press("escape")
        await on.sees("t free notes", "r resolve")
        await on.press("t")
        await typed(on, " two")
        assert on.page(WalkScreen).query_one("#entry", Writing).text == "one two"


async def test_the_filter_finds_calls_that_are_over(services: Services, team: Team) -> None:
    done = await call(services, team.second, "no sound at Acme")
    await services.walks.resolve(team.second, done, helpful=True, notes="It was muted.")
    await call(services, team.second, "sound crackles")
    async with stage(services, team.tech) as on:
        assert "no sound at Acme" not in on.words
        await on.press("slash")
        await typed(on, "sound")
        await on.sees("Queue", "sound crackles", "Past calls", "no sound at Acme", "✓ resolved", "1 past")
        await on.press("down", "down", "enter")
        on.page(SessionScreen)
        await on.sees("It was muted.")
        await on.press("escape", "escape")
        await on.until(lambda: "Past calls" not in on.words, "the queue alone")


async def test_the_cursor_stands_on_the_call_that_one_comes_from(services: Services, team: Team) -> None:
    await call(services, team.second, "of tom")
    async with stage(services, team.tech) as on:
        await on.press("n")
        await typed(on, "mine")
        await on.press("f6", "escape", "p")
        await on.sees("Paused.")
        await on.press("enter")
        on.page(WalkScreen)


async def test_taking_a_call_over_is_said_before_and_after(services: Services, team: Team) -> None:
    await call(services, team.second, "of tom")
    async with stage(services, team.tech) as on:
        await on.press("enter")
        await on.sees("tom has this call; enter takes it over.")
        await on.press("enter")
        on.page(WalkScreen)
        await on.sees("The call is yours now, and no longer tom's.")


async def test_what_an_earlier_caller_said_is_told_and_emptied(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.sees("What fits appears here while you type.")
        await typed(on, "no sound")
        await on.press("tab")
        await typed(on, "Acme")
        await on.press("f2", "n")
        await on.sees("no sound", "Kept from before; f9 empties it")
        await on.press("f9")
        await typed(on, "printer")
        assert on.page(IntakeScreen).call == Call(problem="printer")


async def test_the_list_stays_when_the_technician_has_to_choose(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await typed(on, "no sound and no web page")
        await on.sees("These could fit")
        rows = on.app.screen.query_one(Rows)
        before = [option.id for option in rows.options]
        assert len(before) > 1
        await on.press("enter")
        await on.sees("Choose one")
        assert [option.id for option in rows.options] == before
        assert rows.highlighted == 0


@pytest.mark.parametrize("size", [SMALL, USUAL])
async def test_frames_end_at_the_same_column(services: Services, team: Team, size: tuple[int, int]) -> None:
    await printer(services, team.tech)
    async with stage(services, team.tech, size) as on:
        await on.press("enter")
        before = on.app.screen.query_one(NodePane).region.width
        await on.press("o")
        assert on.app.focused is on.app.screen.query_one(StepNote)
        assert on.app.screen.query_one(NodePane).region.width == before
        await on.press("f3")
        page = on.page(IntakeScreen)
        assert page.query_one("#problem").region.right == page.query_one("#matches").region.right


async def test_the_foot_keeps_its_height_while_matches_come(services: Services, team: Team) -> None:
    async with stage(services, team.tech, SMALL) as on:
        await on.press("n")
        before = on.app.screen.query_one("KeyBar").region
        await typed(on, "vpn does not connect")
        await on.sees("f8 none fits", "tab next")
        assert on.app.screen.query_one("KeyBar").region == before


async def test_the_help_says_how_to_leave_it_and_names_tab_once(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", "f1")
        await on.sees("Help", "esc back")
        assert " next part " not in on.words
        await on.press("escape")
        on.page(IntakeScreen)


async def test_a_match_that_comes_late_does_not_write_over_the_choice(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        page = on.page(IntakeScreen)
        await typed(on, "vpn does not connect")
        await on.press("enter")
        await on.sees("Choose one")
        page._show(("vpn", await services.intake.match(team.tech, "no sound")))
        await on.settle()
        assert "These could fit" not in on.words
        await on.sees("1 VPN does not connect")
