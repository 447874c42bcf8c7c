"""Whatever a caller, a colleague or a flow writes is shown, and does nothing: on every screen, at every size."""

import re
from dataclasses import replace
from typing import Any

import pytest

from rfl1.compose import Services
from screens.notice import told
from screens.queue import QueueScreen
from services.errors import Refused
from services.flows.nodes import Answer, Flow, Input, Instruction, Outcome, Question
from services.intake.model import Call, EscalateAtOnce, TakeFlow
from tests.services.making import Files
from tests.services.people import HOSTILE, Team
from tests.stage import LARGE, SMALL, USUAL, Stage, stage

STRINGS = {
    "closing": "[/] [/red] [/home/u/log]",
    "unfinished": "[link='",
    "style": "[red]x[/red] user[admin] said",
    "action": "[@click=app.quit]press me[/]",
    "control": "\x1b]0;taken\x07 \x1b[2J\x9b31m \x08\x7f",
    "unseen": "\u202eabc\u2066 \u200b \ufeff",
    "half": "\ud800 \udfff",
    "long": "W" * 300,
    "wide": "日本語の長い文字列" * 12,
    "stacked": "e" + "\u0301" * 60,
    "lines": "one\r\ntwo\n\n\tthree",
    "everything": HOSTILE,
}


def flow(text: str) -> Flow:
    """A flow in which every text is hostile."""
    says: dict[str, Any] = {"say": text, "expect": text, "caution": text, "scope": text, "undo": text}
    label = f"{text} A"
    return Flow(
        slug="hostile",
        title=text,
        category="printer",
        keywords=("zebra",),
        examples=("the zebra is offline",),
        start="ask",
        nodes={
            "ask": Question(text=text, answers=(Answer(label=label, next="do"), Answer(label="B", next="do")), **says),
            "do": Instruction(text=text, risk="confirm", next="value", **says),
            "value": Input(text=text, name=text, next="end", **says),
            "end": Outcome(text=text, result="resolved", **says),
        },
    )


NO_FILE_HOLDS = ("half", "everything", "control")
"""What the reader of flow files refuses, so that it can only come from a caller or a colleague."""

EVERYWHERE = [(name, SMALL) for name in STRINGS] + [("style", USUAL), ("long", LARGE), ("everything", LARGE)]


def whole(on: Stage) -> None:
    """Every line of the screen is as wide as the screen, and holds nothing that a terminal would obey."""
    strips = on.app.screen._compositor.render_strips()
    assert {strip.cell_length for strip in strips} == {on.app.size.width}
    for strip in strips:
        assert not any(segment.control for segment in strip)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", strip.text), strip.text
    assert on.app.is_running


async def look(on: Stage, *keys: str) -> None:
    await on.press(*keys)
    whole(on)


@pytest.mark.parametrize(("name", "size"), EVERYWHERE, ids=str)
async def test_a_call_full_of_hostile_text_is_walked_to_its_end(
    name: str, size: tuple[int, int], services: Services, team: Team, files: Files
) -> None:
    hostile = STRINGS[name]
    if name not in NO_FILE_HOLDS:
        await services.library.bring_in(team.owner, files(flow(hostile)))
    async with stage(services, team.tech, size) as on:
        await on.press("n")
        await on.paste(f"zebra {hostile}")
        await look(on, "tab")
        await on.paste(hostile)
        await look(on, "tab")
        await on.paste(hostile)
        await look(on, "f1", "escape")
        if name in NO_FILE_HOLDS:
            await look(on, "f6")
            await on.sees("Free notes")
        else:
            await on.sees("never used")
            await look(on, "alt+1")
            await on.sees("SAY")
            await on.press("o")
            await on.paste(hostile)
            await look(on, "enter")
            await look(on, "1")
            await look(on, "enter")
            await look(on, "enter")
            await on.paste(hostile)
            await look(on, "enter")
            await on.press("escape", "t")
        await on.paste(hostile)
        await look(on, "ctrl+g")
        await look(on, "escape", "e")
        await on.paste(hostile)
        await look(on, "tab", "tab", "ctrl+g")


@pytest.mark.parametrize(("name", "size"), EVERYWHERE, ids=str)
async def test_an_engineer_reads_hostile_text(name: str, size: tuple[int, int], services: Services, team: Team) -> None:
    hostile = STRINGS[name]
    call = Call(problem=f"zebra {hostile}", customer=hostile, contact=hostile)
    await services.intake.take(team.tech, call, EscalateAtOnce("other", f"because {hostile}"))
    async with stage(services, team.engineer, size) as on:
        whole(on)
        await look(on, "c")
        await look(on, "enter")
        await on.press("h")
        await on.paste(f"ask {hostile}")
        await look(on, "ctrl+g")
    async with stage(services, team.tech, size) as on:
        await look(on, "/")
        await on.paste(hostile)
        await look(on, "escape")
        await look(on, "enter")


async def test_the_name_of_a_person_is_no_markup_either(services: Services, team: Team) -> None:
    async with stage(services, replace(team.tech, name=STRINGS["everything"])) as on:
        whole(on)


async def test_trouble_that_quotes_hostile_text_is_told_on_one_line(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        queue = on.page(QueueScreen)
        for text in STRINGS.values():
            assert "\n" not in told(Refused(text, text)).plain
            queue.tell(Refused(text, text))
            await on.settle()
            whole(on)


async def test_trouble_of_a_screen_that_is_covered_comes_as_a_toast(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        queue = on.page(QueueScreen)
        await on.press("f1")
        queue.tell(Refused(STRINGS["everything"], "Look again."))
        await on.sees("Refused", "Look again.", "[red]x[/]")
        whole(on)


OVERLONG = {"word": "W" * 2000, "emoji": "\U0001f9e8" * 4000, "joined": "\U0001f469\u200d\U0001f4bb" * 1300}


@pytest.mark.parametrize("name", OVERLONG)
async def test_what_is_far_too_long_for_any_line_is_gone_through_all_the_same(
    services: Services, team: Team, name: str
) -> None:
    text = OVERLONG[name]
    await services.intake.take(team.tech, Call(problem=text, customer=text, contact=text), TakeFlow("printer-offline"))
    async with stage(services, team.tech, size=SMALL) as on:
        await on.sees(text[:10])
        await on.press("enter", "o")
        await on.paste(text)
        await on.press("enter", "1", "t")
        await on.paste(text)
        await on.press("escape", "e")
        await on.paste(text)
        await on.press("tab", "down", "ctrl+g")
        await on.sees("Escalated.")
    async with stage(services, team.engineer, size=SMALL) as on:
        await on.press("enter", "pagedown", "c")
        await on.sees("You have it.")
        assert on.app.is_running
