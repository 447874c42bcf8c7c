"""What is quieter than the rest for a moment can be read all the same, in every theme."""

import pytest

from rfl1.compose import Services
from rfl1.pictures.look import look
from rfl1.settings import load
from screens.answers import Answers
from screens.themes import THEMES
from services.intake.model import Call, TakeFlow
from tests.screens.looks import LEAST, contrast
from tests.services.people import Team
from tests.stage import USUAL, Stage, stage


def holds(on: Stage, theme: str, *words: str) -> None:
    runs = [run for row in look(on.app).rows for run in row]
    for word in words:
        found = [run for run in runs if word in run.text]
        assert found, f"{word} is not to be seen:\n{on.text}"
        assert min(map(contrast, found)) >= LEAST[theme], word


@pytest.mark.parametrize("theme", THEMES)
async def test_what_was_taken_back_and_the_answers_not_given(services: Services, team: Team, theme: str) -> None:
    settings = load(
        {"database_url": services.settings.database_url}, {"RFL1_THEME": theme, "RFL1_MATCH_EMBEDDER": "off"}
    )
    themed = Services(settings, services.database, services.clock)
    await services.intake.take(team.tech, Call(problem="printer"), TakeFlow("printer-offline"))
    async with stage(themed, team.tech, USUAL) as on:
        await on.press("enter", "y", "b")
        await on.sees("taken back")
        holds(on, theme, "taken back", "Yes")
        answers = on.app.screen.query_one(Answers)
        answers.put(answers._offers, given=0)
        await on.settle()
        holds(on, theme, "No")
