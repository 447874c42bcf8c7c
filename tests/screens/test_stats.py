"""What works: the line beside a node during a call, and the screen of figures."""

import asyncio

import pytest

from rfl1 import counting_watch
from rfl1.cli.stats import _lines
from rfl1.compose import Services
from rfl1.counting_watch import CountingWatch
from rfl1.idle import Idle
from screens.actions import Keys
from screens.beside import BesideNode
from screens.plots import bar, curve
from screens.stats import StatsScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.intake.model import Call, Matched, TakeFlow
from services.walks.model import Choose, Walk
from tests.screens.test_hostile import NO_FILE_HOLDS, STRINGS, flow, whole
from tests.services.making import Files
from tests.services.people import Team
from tests.stage import LARGE, SMALL, Stage, stage


async def begin(services: Services, actor: Actor, contact: str = "", slug: str = "printer-offline") -> Walk:
    outcome = await services.intake.take(actor, Call(problem="printer", contact=contact), TakeFlow(slug))
    assert isinstance(outcome, Matched)
    return outcome.walk


async def ended(services: Services, team: Team, slug: str = "printer-offline") -> None:
    """One call solved, one passed on, one lost, all at the first node, and counted."""
    walks, tech = services.walks, team.second
    await walks.resolve(tech, await begin(services, tech, "555-0100", slug), helpful=True, notes="")
    await walks.escalate(tech, await begin(services, tech, "555-0100", slug), category="needs_access", reason="Locked")
    await walks.abandon(tech, await begin(services, tech, "555-0100", slug))
    await services.counting.up_to_date(tech)


def subtitle(on: Stage) -> str:
    return on.page(WalkScreen).query_one("#now").border_subtitle or ""


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_how_calls_fared_at_a_node_stands_beside_it(
    size: tuple[int, int], services: Services, team: Team
) -> None:
    await ended(services, team)
    await begin(services, team.tech)
    async with stage(services, team.tech, size) as on:
        await on.press("enter")
        await on.sees("resolved 1 of 3 times · 1 passed on here · 1 lost here")
        await on.press("1")
        await on.until(lambda: not subtitle(on), "the next node without a record")


async def test_many_callers_at_one_node_are_said_to_be_many(services: Services, team: Team) -> None:
    for number in range(2):
        walk = await begin(services, team.second, f"555-000{number}")
        await services.walks.answer(team.second, walk, Choose(0))
    await begin(services, team.tech, "555-0009")
    async with stage(services, team.tech, SMALL) as on:
        await on.press("enter")
        await on.sees("▲ 3 callers here in 30 min: a wider outage?")
        whole(on)
        await on.press("1")  # nothing stands in the way
        await on.sees("Does the queue print now?")


async def test_a_node_that_is_passed_by_is_not_asked_about(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("screens.beside.QUIET_SECONDS", 3600.0)
    monkeypatch.setattr(BesideNode, "_ask", lambda self: asked.append("asked"))
    await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await on.press("enter", "1")
        await on.sees("Does the queue print now?")
    assert asked == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_an_engineer_sees_how_the_account_is_doing(size: tuple[int, int], services: Services, team: Team) -> None:
    await ended(services, team)
    async with stage(services, team.engineer, size) as on:
        await on.press(Keys({}).press("app.stats"))
        on.page(StatsScreen)
        await on.sees("Resolved on first call", "33%", "Needs access that level 1", "12 weeks")
        await on.press("w")
        await on.sees("26 weeks")
        whole(on)
        await on.press("end")
        whole(on)


async def test_whoever_may_read_the_calls_sees_the_figures_in_the_words_of_the_command_line(
    services: Services, team: Team
) -> None:
    await ended(services, team)
    walk = await begin(services, team.second)
    walk = await services.walks.escalate(team.second, walk, category="needs_access", reason="Locked")
    await services.escalations.hand_back(team.engineer, walk, "Ask for the number")
    said = "scalated since the beginning: 2, 1 of them under way again"
    async with stage(services, team.tech) as on:
        await on.press(Keys({}).press("app.stats"))
        on.page(StatsScreen)
        await on.press("end")
        await on.sees(said)
    assert any(said in line for line in _lines(await services.stats.account(team.tech)))


@pytest.mark.parametrize("name", [name for name in STRINGS if name not in NO_FILE_HOLDS])
async def test_hostile_text_of_a_flow_does_nothing_in_the_figures(
    name: str, services: Services, team: Team, files: Files
) -> None:
    await services.library.bring_in(team.owner, files(flow(STRINGS[name])))
    await ended(services, team, "hostile")
    async with stage(services, team.owner, SMALL) as on:
        await on.press(Keys({}).press("app.stats"))
        await on.sees("Resolved on first call")
        await on.press("end")
        whole(on)


async def test_what_ends_is_counted_while_nobody_types(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting_watch, "LOOK_SECONDS", 0.01)
    await services.walks.abandon(team.tech, await begin(services, team.tech))
    watching = asyncio.create_task(CountingWatch(services, team.tech, Idle()).run())
    try:
        while not (await services.records.of_flow(team.tech, "printer-offline")).whole.reached:
            assert not watching.done()
            await asyncio.sleep(0.02)
    finally:
        watching.cancel()


def test_plots_are_plain_characters() -> None:
    assert curve([0, 1, 2, None, 4]) == "▁▃▅·█"
    assert curve([0.5, 1.0], highest=1) == "▅█"
    assert curve([]) == curve([0, 0]).replace("▁", "") == ""
    assert (bar(10, 10, 8), bar(1, 1000, 8), bar(0, 10, 8)) == ("█" * 8, "█", "")
