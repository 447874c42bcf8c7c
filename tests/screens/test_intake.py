"""A call comes in: what follows the typing, what starts, and what is never started by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rfl1.compose import Services
from screens.intake import IntakeScreen
from screens.queue import QueueScreen
from screens.rows import Rows
from screens.walk import WalkScreen
from services.intake.model import PROBLEM_LIMIT, AdHoc, AdHocStarted, Call
from services.walks.model import SessionSummary
from storage.errors import StoreBusy, StoreUnreachable
from tests.services.people import Team
from tests.stage import SMALL, Stage, stage


async def sessions(services: Services, team: Team) -> tuple[SessionSummary, ...]:
    return await services.walks.listed(team.owner)


def rows(on: Stage) -> int:
    return on.app.screen.query_one(Rows).option_count


async def test_matches_follow_the_typing_with_words_and_record(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"vpn dro")
        await on.sees("1 VPN does not connect", "vpn", "never used")
        await on.press("ctrl+u")
        await on.press(*"teams sound")
        await on.sees("1 No sound in Teams", "sound")
        assert "VPN" not in on.words
        await on.press("ctrl+u")
        await on.until(lambda: rows(on) == 0, "no matches")


async def test_in_each_field_the_foot_says_what_enter_does(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"vpn does not connect")
        for _ in range(3):
            await on.sees("enter start")
            assert "enter confirm" not in on.words
            await on.press("tab")
        await on.press("shift+tab", *"555-0100", "enter")
        await on.sees("Choose one")


async def test_at_most_five_are_offered_and_alt_takes_one(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("printer outlook vpn teams page dock password locked account sound mail")
        await on.until(lambda: rows(on) > 1, "matches")
        assert rows(on) <= 5
        titles = [line for line in on.text.splitlines() if "never used" in line]
        await on.press("alt+2")
        on.page(WalkScreen)
    session = (await sessions(services, team))[0]
    assert session.flow_title is not None
    assert session.flow_title in titles[1]


async def test_a_digit_is_a_letter_in_the_fields_and_takes_a_match_among_them(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", *"vpn does not connect 2")
        await on.sees("These could fit", "connect 2")
        await on.press("down", "1")
        on.page(WalkScreen)
    [session] = await sessions(services, team)
    assert (session.problem_text, session.flow_title) == ("vpn does not connect 2", "VPN does not connect")


async def test_a_suggestion_is_never_started_by_itself(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("vpn does not connect")
        await on.sees("These could fit")
        await on.press("enter")
        await on.sees("Choose one: its digit, or ↑ ↓ and enter; f8 if none fits.")
        assert await sessions(services, team) == ()
        await on.press("enter")
        await on.sees("Does any web page open?")
    assert [each.flow_title for each in await sessions(services, team)] == ["VPN does not connect"]


async def test_a_confident_match_starts_where_the_account_allows_it(services: Services, team: Team) -> None:
    await services.account_settings.set(team.owner, "match.auto_start", "on")
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("vpn does not connect from home")
        await on.sees("enter starts the first one")
        await on.press("enter")
        await on.sees("Does any web page open?")


async def test_enter_twice_at_once_starts_one_call(services: Services, team: Team) -> None:
    await services.account_settings.set(team.owner, "match.auto_start", "on")
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("vpn does not connect from home")
        on.strike("enter")
        on.strike("enter")
        await on.settle()
        await on.sees("Does any web page open?")
    assert len(await sessions(services, team)) == 1


async def test_a_problem_that_is_too_long_is_told_of_before_it_is_sent(services: Services, team: Team) -> None:
    text = "x" * (PROBLEM_LIMIT + 12)
    async with stage(services, team.tech, SMALL) as on:
        await on.press("n")
        await on.paste(text)
        await on.sees("12 characters too many: 4,000 is the most")
        await on.press("enter")
        await on.sees("the problem is 4,012 characters long")
        assert on.page(IntakeScreen).call.problem == text
        await on.press("f6")
        await on.sees("the problem is 4,012 characters long")
        await on.press(*["backspace"] * 12)
        await on.press("f6")
        await on.sees("Free notes")
    assert [len(each.problem_text) for each in await sessions(services, team)] == [PROBLEM_LIMIT]


async def test_what_is_out_of_scope_offers_notes_and_escalation(services: Services, team: Team) -> None:
    await services.categories.disable(team.owner, "wifi_network_basics")
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("the wifi is gone since this morning")
        await on.sees("no steps may be built for this", "f6 ad hoc", "f7 escalate at once")
        await on.press("enter")
        await on.sees("no steps may be built for this")
        assert await sessions(services, team) == ()
        await on.press("f7")
        await on.sees("Why?", "Out of scope")
        await on.paste("No network at all.")
        await on.press("ctrl+g")
        await on.sees("Escalated.")
    session = (await sessions(services, team))[0]
    assert session.escalation is not None
    assert (session.kind, session.escalation.category) == ("adhoc", "out_of_scope")


async def test_what_was_typed_waits_until_the_call_is_started(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("the wifi sings")
        await on.press("tab")
        await on.paste("Acme")
        await on.press("escape")
        on.page(QueueScreen)
        await on.press("f3")
        await on.sees("the wifi sings", "Acme")
        await on.press("f6")
        await on.sees("Free notes", "Acme")
        await on.press("f3")
        assert on.page(IntakeScreen).call == Call(problem="")


async def test_a_ticket_from_the_queue_gets_a_call_and_no_second_ticket(services: Services, team: Team) -> None:
    begun = await services.intake.take(team.second, Call(problem="vpn does not connect", customer="Acme"), AdHoc())
    assert isinstance(begun, AdHocStarted)
    await services.walks.abandon(team.second, begun.walk)
    async with stage(services, team.tech) as on:
        await on.sees("vpn does not connect", "○ waiting")
        await on.press("n")
        await on.paste("another caller")
        await on.press("escape", "enter")
        await on.sees("vpn does not connect", "Acme")
        await on.press("down", "enter")
        await on.sees("Does any web page open?")
        await on.press("f3")
        await on.sees("another caller")
    tickets = {each.ticket.id for each in await sessions(services, team)}
    assert tickets == {begun.walk.ticket.id}


async def test_trouble_with_the_store_leaves_everything_typed(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object, **__: object) -> None:
        raise StoreBusy("somebody is copying it", "Try again in a moment.")

    async with stage(services, team.tech) as on:
        await on.press("n")
        with monkeypatch.context() as patch:
            patch.setattr(services.intake, "match", busy)
            patch.setattr(services.intake, "take", busy)
            await on.paste("the wifi sings")
            await on.sees("The store is locked by somebody else", "Try again in a moment.")
            assert "What fits could not be looked up: enter tries again" in on.words
            await on.press("f6")
            await on.sees("The store is locked by somebody else", "the wifi sings")
        await on.press("f6")
        await on.sees("Free notes")


async def test_while_nothing_was_found_yet_it_says_so_and_what_comes_too_late_is_not_shown(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    match, may = services.intake.match, asyncio.Event()

    async def slowly(*given: Any, **named: Any) -> Any:
        await may.wait()
        return await match(*given, **named)

    async with stage(services, team.tech) as on:
        await on.press("n")
        monkeypatch.setattr(services.intake, "match", slowly)
        for key in "the printer is offline":
            on.strike("space" if key == " " else key)
        while "Looking up what fits." not in on.words:
            await on.pilot.pause(0.01)
        for _ in range(40):
            on.strike("backspace")
        while "What fits appears here" not in on.words:
            await on.pilot.pause(0.01)
        may.set()
        await on.settle()
        assert rows(on) == 0
        assert "What fits appears here" in on.words
        await on.paste("the printer is offline")
        await on.sees("Printer")


def unconfirmed(take: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[None]]:
    """The call is stored, and the connection lost before anybody hears of it."""

    async def lost(*given: Any) -> None:
        await take(*given)
        raise StoreUnreachable("the connection was lost", "Try again.")

    return lost


async def test_a_call_whose_start_was_not_confirmed_starts_once_however_often_it_is_tried(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("the wifi sings")
        with monkeypatch.context() as patch:
            patch.setattr(services.intake, "take", unconfirmed(services.intake.take))
            await on.press("f6")
            await on.sees("The store cannot be reached", "the wifi sings")
            await on.press("escape")
        await on.press("f3", "f6")
        await on.sees("Free notes")
        assert len(await sessions(services, team)) == 1
        await on.press("f3")
        await on.paste("the wifi sings")
        await on.press("f6")
        await on.sees("Free notes")
    assert len(await sessions(services, team)) == 2


async def test_another_call_under_the_same_id_is_refused_once_and_starts_then(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("the wifi sings")
        with monkeypatch.context() as patch:
            patch.setattr(services.intake, "take", unconfirmed(services.intake.take))
            await on.press("f6")
            await on.sees("The store cannot be reached")
        await on.paste(" and dances")
        await on.press("f6")
        await on.sees("This call has begun already", "Open it from the queue, or start another one.")
        assert len(await sessions(services, team)) == 1
        await on.press("f6")
        await on.sees("Free notes", "the wifi sings and dances")
    assert len(await sessions(services, team)) == 2


async def test_escalating_at_once_wants_to_know_what_the_caller_says(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n", "f7")
        await on.sees("Write first what the caller says")
        on.page(IntakeScreen)


async def test_down_stays_in_the_problem_until_its_last_line(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("vpn\ndoes not connect")
        await on.sees("VPN does not connect")
        await on.press("up", "down")
        assert on.app.focused is on.app.screen.query_one("#problem")
        await on.press("down")
        assert on.app.focused is on.app.screen.query_one(Rows)
