"""Quitting and going elsewhere: nothing typed is lost, and nobody is asked without need."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from rfl1.compose import Services
from screens.confirm import ConfirmScreen
from screens.queue import QueueScreen
from screens.walk import WalkScreen
from services.intake.model import AdHoc, AdHocStarted, Call
from services.walks.model import Walk
from storage.errors import StoreUnreachable
from tests.services.people import Team
from tests.stage import stage

HEAVY = ("pydantic", "alembic", "anthropic", "yaml", "httpx", "sqlalchemy", "rapidfuzz", "typer")


async def notes(services: Services, team: Team, walk: Walk) -> list[str]:
    return [note.text for note in (await services.walks.open(team.tech, walk.id)).notes]


@pytest.fixture
async def walk(services: Services, team: Team) -> Walk:
    outcome = await services.intake.take(team.tech, Call(problem="the wifi sings"), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    return outcome.walk


async def test_quitting_stores_the_note_being_typed_and_asks_nothing(
    services: Services, team: Team, walk: Walk
) -> None:
    async with stage(services, team.tech) as on:
        await on.press("enter")
        await on.paste("half a thought")
        on.strike("ctrl+q")
        await on.ends()
    assert await notes(services, team, walk) == ["half a thought"]


async def test_leaving_a_call_stores_the_note_being_typed(services: Services, team: Team, walk: Walk) -> None:
    async with stage(services, team.tech) as on:
        for key, text in (("f2", "one"), ("f3", "two")):
            await on.press("enter")
            on.page(WalkScreen)
            await on.paste(text)
            await on.press(key)
            await on.until(lambda: not on.app.screen.query(WalkScreen), "another screen")
            await on.press("f2")
    assert await notes(services, team, walk) == ["one", "two"]


async def test_a_call_that_is_not_started_is_asked_about(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("caller is still talking")
        await on.press("f2")
        on.strike("ctrl+q")
        await on.sees("There is a new call that is not started. Quit all the same?")
        await on.press("escape")
        on.page(QueueScreen)
        on.strike("ctrl+q")
        await on.sees("Quit all the same?")
        on.strike("ctrl+q")
        await on.ends()


async def test_a_note_that_cannot_be_stored_is_asked_about(
    services: Services, team: Team, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: object) -> None:
        raise StoreUnreachable("the network is down", "Try again.")

    async with stage(services, team.tech) as on:
        await on.press("enter")
        with monkeypatch.context() as patch:
            patch.setattr(services.walks, "save_note", unreachable)
            await on.paste("half a thought")
            on.strike("ctrl+q")
            await on.sees("a note that could not be stored")
            assert isinstance(on.app.screen, ConfirmScreen)
            await on.press("n")
            await on.sees("half a thought")
        on.strike("ctrl+q")
        await on.ends()
    assert await notes(services, team, walk) == ["half a thought"]


async def test_a_change_that_fails_while_one_quits_is_told_first(
    services: Services, team: Team, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = asyncio.Event()

    async def unreachable(*_: object) -> None:
        await may.wait()
        raise StoreUnreachable("the network is down", "Try again.")

    async with stage(services, team.tech) as on:
        await on.press("enter")
        await on.press("escape")
        monkeypatch.setattr(services.walks, "pause", unreachable)
        on.strike("p")
        await on.pilot.pause(0.05)
        on.strike("ctrl+q")
        await on.pilot.pause(0.05)
        may.set()
        await on.sees("the network is down")
        assert not on.app._exit
        on.strike("ctrl+q")
        await on.ends()


async def test_ctrl_c_says_how_to_quit(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("ctrl+c")
        await on.sees("ctrl+q quits.")


def test_the_first_screen_loads_nothing_heavy_and_no_other_screen() -> None:
    look = "import sys, rfl1.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert "screens.queue" in loaded
    unwanted = {*HEAVY, "screens.walk", "screens.intake", "screens.help", "services.walks.service", "storage.database"}
    assert not unwanted & set(loaded)


def test_no_screen_loads_what_only_a_service_needs() -> None:
    import screens

    names = [path.stem for path in Path(screens.__file__).parent.glob("*.py")]
    look = f"import sys; [__import__('screens.' + name) for name in {names}]; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert not set(HEAVY) & set(loaded)
