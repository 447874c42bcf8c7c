"""The tutorial from the first ring to its end, as it is told; and what the coach says to whoever takes a wrong turn."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rfl1.compose import Services
from rfl1.settings import load
from rfl1.tutor import TutorApp, practice
from screens.actions import Keys
from screens.available import available
from screens.coach import Coach, with_keys
from screens.help import HelpScreen
from screens.intake import IntakeScreen
from screens.keybar import KeyBar
from screens.learnt import LearntScreen
from screens.queue import QueueScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.tutor.course import Line, course
from services.tutor.tutor import Tutor
from services.walks.model import Walk
from tests.stage import LARGE, SMALL, USUAL, Stage

COURSE = course()
SOLVED, PASSED_ON = COURSE.calls
ASIDES = COURSE.asides


class Lesson(Stage):
    """A stage with a coach on it."""

    tutor: Tutor
    services: Services
    actor: Actor

    async def hears(self, line: Line | str, *, later: str = "") -> None:
        """The coach says this, whole; and every key that it names, but for `later`, would do something now."""
        said = Line(coach=line) if isinstance(line, str) else line
        caller = [f"CALLER “{said.caller}”"] if said.caller else []
        coach = with_keys(said.coach, Keys({})).plain
        await self.sees(*caller, f"TUTOR {coach}")
        named = set(re.findall(r"\{(.*?)\}", said.coach))
        assert named - {later} <= {each.action.id for each in available(self.app.screen)}

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def take(self, lesson_text: str) -> None:
        """A call with these words, by its first match."""
        await self.press("f3")
        await self.paste(lesson_text)
        await self.sees("1 Account locked out")
        await self.press("down", "enter")
        self.page(WalkScreen)

    async def stored(self) -> Walk:
        newest = (await self.services.walks.listed(self.actor, limit=1))[0]
        return await self.services.walks.open(self.actor, newest.id)


@asynccontextmanager
async def lesson(folder: Path, size: tuple[int, int] = USUAL, embedder: str = "off") -> AsyncIterator[Lesson]:
    async with practice(load({}, {"RFL1_MATCH_EMBEDDER": embedder}), folder) as (services, actor):
        tutor = Tutor(services.walks, actor, COURSE)
        app = TutorApp(services, actor, tutor)
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            on = Lesson(app, pilot)
            on.tutor, on.services, on.actor = tutor, services, actor
            yield on


async def first_call(on: Lesson) -> None:
    """Solved, with everything that there is to practise on the way."""
    await on.hears(SOLVED.ring)
    await on.press("n")
    await on.hears(SOLVED.typing)
    await on.type(SOLVED.typing.caller)
    await on.hears(SOLVED.taking)
    await on.press("down", "enter")

    steps = SOLVED.steps
    await on.hears(steps["how_many"][0])
    await on.press("y")
    await on.hears(steps["message"][0])
    await on.press("u")
    await on.hears(steps["who"][0])
    await on.press("b")
    await on.hears(steps["message"][1])
    await on.press("1")
    prove = steps["who"][1]
    await on.hears(prove)
    await on.press("1")
    await on.hears(Line(coach=prove.writing, caller=prove.caller))
    await on.type("rang 555-0100, she answered")
    await on.press("enter")
    await on.hears(steps["unlock"][0])
    await on.press("enter", "enter")
    note = steps["source"][0]
    await on.hears(note)
    await on.press("o")
    await on.hears(Line(coach=note.writing, caller=note.caller))
    await on.type("changed on Monday")
    await on.hears(ASIDES.field)
    await on.press("enter")
    await on.hears(steps["source"][1])
    await on.press("1")
    await on.hears(steps["phone"][1])
    await on.press("enter")
    await on.hears(steps["holds"][0])
    await on.press("y")
    await on.hears(steps["done"][0])
    await on.press("r")
    await on.hears(SOLVED.closing)
    await on.press("ctrl+g")
    await on.hears(PASSED_ON.ring)
    first = await on.stored()
    assert (first.status, first.verified) == ("resolved", True)


async def second_call(on: Lesson) -> None:
    """Passed on, found again and read."""
    await on.press("n")
    await on.hears(PASSED_ON.typing)
    await on.type(PASSED_ON.typing.caller)
    await on.hears(PASSED_ON.taking)
    await on.press("down", "enter")
    await on.hears(PASSED_ON.steps["how_many"][0])
    await on.press("n")
    await on.hears(PASSED_ON.steps["many"][0])
    await on.press("e")
    await on.hears(PASSED_ON.closing)
    await on.type("Maya, Tom and Li, since nine. ")
    await on.sees("Maya, Tom and Li, since nine.")
    await on.press("ctrl+g")
    story = PASSED_ON.story
    assert story is not None
    await on.hears(story.find)
    second = await on.stored()
    assert second.escalation is not None
    assert second.escalation.category == "outage_or_many_users"
    assert second.escalation.reason.endswith("Maya, Tom and Li, since nine.")
    assert second.warning is None
    await on.press("/")
    await on.hears(story.filter)
    await on.type("accounting")
    await on.hears(story.open)
    await on.press("down", "enter")
    await on.hears(story.read)
    await on.sees("Escalated", "Reason")


@pytest.mark.parametrize(("size", "embedder"), [(SMALL, "on"), (LARGE, "off")], ids=str)
async def test_the_whole_tutorial_as_it_is_told(tmp_path: Path, size: tuple[int, int], embedder: str) -> None:
    async with lesson(tmp_path, size, embedder) as on:
        await first_call(on)
        await second_call(on)
        assert not on.tutor.finished
        await on.press("escape")

        await on.sees("What you can do now", "To begin for real, leave the tutor with ctrl+q and type rfl1.")
        on.page(LearntScreen)
        assert all(met for _, met in await on.tutor.learnt())
        assert "Not tried yet" not in on.words
        await on.press("escape")
        on.page(QueueScreen)
        await on.hears(COURSE.end)
        assert on.tutor.finished


async def test_wrong_turns_before_the_call_is_taken(tmp_path: Path) -> None:
    async with lesson(tmp_path) as on:
        await on.hears(SOLVED.ring)
        assert "rfl1 tutor" not in on.words
        await on.press("/")
        await on.hears(ASIDES.field)
        await on.press("escape")
        await on.hears(SOLVED.ring)
        await on.press("f1")
        await on.hears(ASIDES.help)
        on.page(HelpScreen)
        await on.press("escape", "n", "escape")
        await on.hears(SOLVED.ring)

        await on.press("n")
        await on.paste("the printer is offline")
        await on.sees("1 Printer offline")
        await on.press("down", "enter")
        await on.hears(ASIDES.other_steps)
        await on.press("f3")
        await on.paste("nothing works")
        await on.press("f6")
        await on.hears(ASIDES.other_steps)
        await on.press("escape", "escape", "p")
        await on.take(SOLVED.typing.caller)
        await on.hears(SOLVED.steps["how_many"][0])


async def test_wrong_turns_on_the_way_do_no_harm(tmp_path: Path) -> None:
    async with lesson(tmp_path) as on:
        await on.take(SOLVED.typing.caller)
        here = SOLVED.steps["how_many"][0]
        await on.press("n")
        await on.hears(ASIDES.off_the_way)
        await on.press("b")
        await on.hears(here)
        await on.press("f2")
        await on.hears(ASIDES.resume)
        await on.press("enter")
        await on.hears(here)
        await on.press("p")
        await on.hears(ASIDES.resume)
        await on.press("enter")
        await on.hears(here)
        await on.press("r")
        await on.hears(ASIDES.too_early)
        await on.press("escape")
        await on.hears(here)
        await on.press("t")
        await on.hears(ASIDES.field)
        await on.press("escape", "f6")
        await on.hears(ASIDES.only_notes)
        await on.press("escape", "b")
        await on.hears(here)
        await on.press("f3")
        on.page(IntakeScreen)
        await on.hears(ASIDES.away, later="queue.open")
        await on.press("f2", "enter")
        await on.hears(here)

        await on.press("e")
        await on.hears(ASIDES.too_early)
        await on.paste("I cannot")
        await on.press("tab", "home", "ctrl+g")
        await on.hears(ASIDES.again)
        await on.take(SOLVED.typing.caller)
        await on.hears(here)


@pytest.mark.parametrize("on_top", ["f1", "f3", "f7", "ctrl+p"])
async def test_one_key_leaves_from_anywhere_and_nobody_is_asked(tmp_path: Path, on_top: str) -> None:
    async with lesson(tmp_path) as on:
        await on.press("n")
        await on.paste("half a call, never started")
        await on.press(on_top)
        on.strike("ctrl+q")
        await on.ends()
        assert not on.tutor.finished


async def test_what_was_left_out_is_said_at_the_end(tmp_path: Path) -> None:
    async with lesson(tmp_path, SMALL) as on:
        await on.take(SOLVED.typing.caller)
        await on.press("r", "ctrl+g")
        await on.hears(PASSED_ON.ring)
        await on.take(PASSED_ON.typing.caller)
        await on.press("n", "e")
        await on.paste("Three are locked.")
        await on.press("ctrl+g", "/")
        await on.type("accounting")
        await on.sees("Past calls")
        await on.press("down", "enter")
        await on.sees("Escalated", "Reason")
        await on.press("escape")
        await on.sees("What you can do now", "Not tried yet", "○ take a step back", "✓ resolve a call with its note")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
async def test_the_bar_stands_above_the_keys_and_hides_no_answer(tmp_path: Path, size: tuple[int, int]) -> None:
    async with lesson(tmp_path, size) as on:
        await on.take(SOLVED.typing.caller)
        await on.press("y", "1")
        await on.sees("1 Call back on the number on record", "f Red flag: cannot be proved, or something is wrong")
        coach, keys = on.app.screen.query_one(Coach), on.app.screen.query_one(KeyBar)
        assert coach.region.bottom == keys.region.y
        assert coach.size.height == (3 if size == SMALL else 2)
