"""Opening the app."""

import asyncio
import sys

from rfl1.compose import opened
from rfl1.settings import Settings
from services.errors import Trouble
from storage.errors import StoreMissing


class NoTerminal(Trouble):
    title = "The app needs a terminal"
    exit_status = 3


def launch(settings: Settings) -> int:
    """Runs the app until it is left; on a bare machine the store in the usual place is made first."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal(hint="`rfl1 --help` lists the commands that work without one.")
    asyncio.run(_launch(settings))
    return 0


async def _launch(settings: Settings) -> None:
    try:
        await _open(settings)
    except StoreMissing:
        if not settings.database_is_default:
            raise
        from rfl1.beginning import begin

        await begin(settings, account=None, user=None, starter=True)
        await _open(settings)


async def _open(settings: Settings) -> None:
    async with opened(settings) as services:
        actor = await services.users.actor(settings.user)
        from rfl1.app import Rfl1App

        await Rfl1App(services, actor).run_async()
