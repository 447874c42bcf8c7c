"""How little is done for a key: what is wrapped, drawn and looked up again is counted, never timed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual._styles_cache import StylesCache
from textual.css.stylesheet import Stylesheet

from rfl1.compose import Services
from screens import scroll
from screens.notes import StepNote
from screens.story import Transcript
from services.flows.history import History
from services.flows.nodes import Answer, Flow, Outcome, Question
from services.intake.model import Call, TakeFlow
from services.walks.service import Walks
from tests.services.making import Files
from tests.services.people import Team
from tests.stage import Stage, stage

AGAIN = Question(
    text="Does it still print?", answers=(Answer(label="Yes", next="again"), Answer(label="No", next="end"))
)
ROUND = Flow(
    slug="round",
    title="Round",
    category="printer",
    start="again",
    nodes={"again": AGAIN, "end": Outcome(text="Done.", result="resolved")},
)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many lanes were `wrapped`, lines `drawn`, widgets and their parts `styled`, calls read whole (`opened`) and
    versions `compared`."""
    counted: Counter[str] = Counter()

    def count(what: str, owner: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            counted[what] += 1
            return real(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    count("wrapped", scroll, "wrapped")
    count("drawn", StylesCache, "render_line")
    count("styled", Stylesheet, "apply")
    count("opened", Walks, "open")
    count("compared", History, "compare")
    return counted


async def for_key(on: Stage, done: Counter[str], key: str) -> Counter[str]:
    await on.settle()
    done.clear()
    await on.press(key)
    return Counter(done)


async def begin(services: Services, team: Team, files: Files) -> None:
    await services.library.bring_in(team.owner, files(ROUND))
    await services.intake.take(team.tech, Call(problem="printer"), TakeFlow("round"))


async def test_an_answer_costs_the_same_after_many_steps_as_after_few(
    services: Services, team: Team, files: Files, done: Counter[str]
) -> None:
    await begin(services, team, files)
    async with stage(services, team.tech) as on:
        await on.press("enter", "1", "1")
        few = await for_key(on, done, "1")
        for _ in range(20):
            await on.press("1")
        many = await for_key(on, done, "1")
        back = await for_key(on, done, "b")
        assert len(on.app.screen.query_one(Transcript).lanes) == 24
    assert few["wrapped"] == many["wrapped"] == 1  # the step itself
    assert back["wrapped"] == 2  # as it goes, and when it is gone
    assert many["styled"] == back["styled"] == 0
    assert max(many["drawn"], back["drawn"]) < 72  # two times the lines of the screen


async def test_the_keys_for_notes_look_up_what_has_the_focus_and_not_all_around_it(
    services: Services, team: Team, files: Files, done: Counter[str]
) -> None:
    await begin(services, team, files)
    async with stage(services, team.tech) as on:
        await on.press("enter", "1", "1")
        note = await for_key(on, done, "o")
        assert on.app.screen.query_one(StepNote).has_focus
        letter = await for_key(on, done, "x")
        await on.press("enter")
        beside = await for_key(on, done, "t")
        assert "Free notes" in on.text
    assert note["styled"] < 15
    assert beside["styled"] < 30
    assert (note["wrapped"], letter["wrapped"], beside["wrapped"]) == (0, 0, 0)
    assert letter["drawn"] < 10
    assert note["drawn"] < 100


async def test_an_arrow_in_the_queue_draws_the_two_lines_that_change(
    services: Services, team: Team, done: Counter[str]
) -> None:
    for number in range(12):
        walk = await services.intake.take(team.tech, Call(problem=f"printer {number}"), TakeFlow("printer-offline"))
        assert walk is not None
    async with stage(services, team.tech) as on:
        await on.press("down")
        arrow = await for_key(on, done, "down")
    assert (arrow["drawn"], arrow["styled"]) == (2, 0)


async def test_what_stands_beside_a_list_is_read_once(
    services: Services, team: Team, files: Files, done: Counter[str]
) -> None:
    await begin(services, team, files)
    [call] = await services.walks.listed(team.tech)
    walk = await services.walks.open(team.tech, call.id)
    await services.walks.escalate(team.tech, walk, category="other", reason="Nothing helped")
    changed = replace(ROUND, nodes={**ROUND.nodes, "end": Outcome(text="It is done.", result="resolved")})
    await services.library.bring_in(team.owner, files(changed))
    async with stage(services, team.owner) as on:
        for key in ("f4", "f5"):
            assert (await for_key(on, done, key))["opened"] == 1
        await on.press("ctrl+l", *"round", "enter")
        assert (await for_key(on, done, "v"))["compared"] == 1
        assert "It is done." in on.text


async def test_a_theme_reaches_the_lines_that_were_drawn_before(services: Services, team: Team, files: Files) -> None:
    await begin(services, team, files)
    async with stage(services, team.tech) as on:
        await on.press("enter", "1")
        path = on.app.screen.query_one(Transcript)
        before = path.render_line(0)
        assert path.render_line(0) == before
        on.app.theme = next(
            name for name in on.app.available_themes if name.startswith("rfl1") and name != on.app.theme
        )
        await on.settle()
        assert path.render_line(0).text == before.text
        assert path.render_line(0) != before
