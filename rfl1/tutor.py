"""The tutor: the real app on a store of its own, which goes when the app goes."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual import on
from textual.worker import Worker

import screens
from rfl1.app import Rfl1App
from rfl1.beginning import begin
from rfl1.compose import Services, opened
from rfl1.settings import DEFAULT, KEYS, Settings, Value
from screens.coach import Coach
from screens.learnt import LearntScreen
from screens.page import SAVES
from services.access import Actor
from services.tutor.course import course
from services.tutor.tutor import Tutor


class TutorApp(Rfl1App):
    TITLE = "rfl1 tutor"

    def __init__(self, services: Services, actor: Actor, tutor: Tutor) -> None:
        super().__init__(services, actor)
        self.css_path.append(Path(screens.__file__).parent / "coach.tcss")
        self._tutor = tutor
        self._told = False
        keys = self._desk.keys
        self._desk = replace(self._desk, coach=lambda: Coach(keys, tutor))

    @on(Coach.Finished)
    def _finished(self) -> None:
        if not self._told:
            self._told = True
            self.push_screen(LearntScreen(self._desk, self._tutor))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.is_finished and event.worker.group.startswith(SAVES):
            self._tutor.stored()

    async def _quit(self) -> None:
        """Nothing typed here is worth a question."""
        self.exit()


async def practise(settings: Settings) -> tuple[int, bool]:
    """Runs the tutor until it is left. Gives the exit status, and whether it was gone through to its end."""
    with tempfile.TemporaryDirectory(prefix="rfl1-tutor-") as folder:
        async with practice(settings, Path(folder)) as (services, actor):
            tutor = Tutor(services.walks, actor, course())
            app = TutorApp(services, actor, tutor)
            await app.run_async()
            return app.return_code or 0, tutor.finished


@asynccontextmanager
async def practice(settings: Settings, folder: Path) -> AsyncIterator[tuple[Services, Actor]]:
    """A store in `folder` with the starter flows, a technician, and somebody to pass calls on to."""
    apart = _apart(settings, folder / "practice.db")
    owner = (await begin(apart, account="Practice", user="the practice desk", starter=True)).owner
    async with opened(apart) as services:
        await services.users.add(owner, "Emil", "engineer")
        await services.users.add(owner, "you", "l1_tech")
        yield services, await services.users.actor("you")


def _apart(settings: Settings, store: Path) -> Settings:
    """The person's own keys and matcher, and nothing else: no store of theirs, no model, no PSA, no secret."""
    values = {key.name: Value(key.default, DEFAULT) for key in KEYS}
    values |= {"database_url": Value(str(store), "rfl1 tutor"), "ai": Value("off", "rfl1 tutor")}
    values["match_embedder"] = settings.values["match_embedder"]
    return replace(settings, values=values)
