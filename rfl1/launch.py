"""Opening the app."""

import asyncio
import sys
from difflib import get_close_matches

from rfl1.compose import opened
from rfl1.settings import REMAPPED, Settings, mistake
from services.errors import Trouble
from services.walks.glance import first_look
from storage.errors import StoreMissing

SILENCE = 10.0
"""Seconds for which a server may say nothing while somebody is at the screen."""


class NoTerminal(Trouble):
    title = "The app needs a terminal"
    exit_status = 3


def launch(settings: Settings) -> int:
    """Runs the app until it is left; on a bare machine the store in the usual place is made first."""
    check_ready(settings)
    return asyncio.run(_launch(settings))


def check_ready(settings: Settings) -> None:
    """Raises NoTerminal, and BadSetting for a key of an action that is not there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal(hint="`rfl1 --help` lists the commands that work without one.")
    check_keys(settings)


def check_keys(settings: Settings) -> None:
    """Raises BadSetting for the first one that a person has moved wrongly."""
    from screens.actions import ACTIONS, conflicts, known, typed, unsent

    for action in settings.remapped:
        if known(action) is None:
            near = get_close_matches(action, [each.id for each in ACTIONS], n=1)
            mend = f"Did you mean {near[0]!r}?" if near else "`rfl1 config keys` lists what there is."
            raise mistake(settings, f"{REMAPPED}.{action}", f"there is no action {action!r}", mend)
    for action, key in unsent(settings.remapped):
        mend = "Write it like one of these: f9, x, ctrl+x, alt+1, shift+f9."
        raise mistake(settings, f"{REMAPPED}.{action}", f"no terminal has a key {key!r}", mend)
    for action, other, key in conflicts(settings.remapped):
        raise mistake(settings, f"{REMAPPED}.{action}", f"{key!r} is the key of {other!r} too", "Choose another key.")
    for action, key in typed(settings.remapped):
        raise mistake(settings, f"{REMAPPED}.{action}", f"{key!r} could not be typed any more", "Add ctrl+ to it.")


async def _launch(settings: Settings) -> int:
    try:
        return await _open(settings)
    except StoreMissing:
        if not settings.database_is_default:
            raise
        from rfl1.beginning import begin

        await begin(settings, account=None, user=None, starter=True)
        return await _open(settings)


async def _open(settings: Settings) -> int:
    from rfl1.app import Rfl1App
    from screens.queue import LIMIT

    seen = await first_look(settings.database_url, settings.user, LIMIT, settings.psa_lists)
    async with opened(settings, seen=seen is not None, silence=SILENCE) as services:
        actor = seen.actor if seen else await services.users.actor(settings.user)
        app = Rfl1App(services, actor, seen)
        await app.run_async()
        return app.return_code or 0
