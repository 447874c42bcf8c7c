"""The pictures of the documentation: calls on a store of their own, at an hour that is always the same.

`make pictures` makes them anew; a test makes them too and compares.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from rfl1.beginning import begin
from rfl1.compose import Services
from rfl1.pictures.album import Album
from rfl1.pictures.call import on_screen
from rfl1.pictures.sitting import Sitting
from rfl1.settings import load
from services.replay.desk import AtTheDesk
from services.replay.runner import Replay
from services.replay.script import After, Script, scripts_of
from services.replay.through import Through
from storage.database import Database

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "examples"
SIZE = 100, 30
A_STEP = timedelta(seconds=23)

CALLS = (EXAMPLES / "outlook-password-solved.yaml", PICTURES / "passed-on.yaml")
"""Each has a folder of its name."""

OTHERS = ("vpn-cannot-tell", "phishing-at-once", "printer-code-escalated", "wifi-back")
"""Examples that a colleague has on the desk by then; what was not passed on is still under way."""


class Hour:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self) -> None:
        self.now += A_STEP


async def make(folder: Path) -> None:
    """Every picture of the documentation, below `folder`."""
    with tempfile.TemporaryDirectory() as home, _in_greenwich():
        settings = load({"database_url": str(Path(home, "store.db")), "user": None}, {"RFL1_HOME": home})
        await begin(settings, account="Northgate IT", user="olga", starter=True)
        hour = Hour()
        services = Services(settings, Database.open(settings.database_url), hour)
        try:
            await _people(services, hour)
            for call in CALLS:
                await _shown(services, hour, _script(call), folder / call.stem)
            begun = replace(_script(CALLS[0]), steps=_script(CALLS[0]).steps[:1], resolve=None, after=After())
            for theme in ("light", "high-contrast"):
                await _shown(services, hour, begun, folder / theme, theme)
        finally:
            await services.close()


async def _people(services: Services, hour: Hour) -> None:
    """A technician and an engineer for the calls, and a colleague who has calls already."""
    owner = await services.users.actor(None)
    await services.users.add(owner, "tina", "l1_tech")
    await services.users.add(owner, "emil", "engineer")
    await services.users.add(owner, "tom", "l1_tech")
    tom = await services.users.actor("tom")
    through = Through(
        intake=services.intake,
        walks=services.walks,
        escalations=services.escalations,
        users=services.users,
        drafting=services.drafting,
        desk=AtTheDesk(services.facts, services.fixes, services.missing),
    )
    for name in OTHERS:
        hour.now += timedelta(minutes=17)
        script = replace(_script(EXAMPLES / f"{name}.yaml"), resolve=None, then=(), after=After())
        result = await Replay(through).run(tom, script, lambda change: None)
        assert result.ok, result.failures


def _script(path: Path) -> Script:
    [script] = scripts_of(path)
    assert isinstance(script, Script), script
    return script


async def _shown(services: Services, hour: Hour, script: Script, folder: Path, theme: str | None = None) -> None:
    """The whole call; in another theme its last picture alone."""
    hour.now += timedelta(minutes=9)
    without: list[str] = []
    seen = folder if theme is None else folder / "all"
    sitting = Sitting(services, Album(seen), say=without.append, size=SIZE, theme=theme, pass_time=hour.pass_on)
    result = await on_screen(sitting, await services.users.actor("tina"), script, lambda change: None)
    assert (result.failures, without) == ((), [])
    if theme is not None:
        shutil.move(sorted(seen.iterdir())[-1], folder.with_suffix(".svg"))
        shutil.rmtree(folder)


def words(picture: Path) -> str:
    """What can be read in it, from left to right and from top to bottom."""
    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314  # our own
    return " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))


@contextmanager
def _in_greenwich() -> Iterator[None]:
    """The hours in the pictures are those of the clock, wherever they are made."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


if __name__ == "__main__":
    for old in PICTURES.rglob("*.svg"):
        old.unlink()
    asyncio.run(make(PICTURES))
