"""Session scripts on the real app: the same calls as without a screen, and an album of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from rfl1.compose import Services
from rfl1.pictures.album import Album
from rfl1.pictures.sitting import Sitting
from rfl1.pictures.taking import IntakeByKeys
from rfl1.pictures.walking import EscalationsByKeys, WalksByKeys
from services.access import Actor
from services.replay.call import Tell
from services.replay.desk import AtTheDesk
from services.replay.result import Result
from services.replay.runner import Replay
from services.replay.script import Broken, Script
from services.replay.through import Through


async def run_on_screen(
    services: Services,
    actor: Actor,
    scripts: Sequence[Script | Broken],
    folder: Path,
    *,
    tell: Tell,
    done: Callable[[Result], None],
    say: Callable[[str], None],
) -> None:
    """The pictures of a single script lie in `folder`, those of several each in one of their own below it.

    `say` hears what the screens have no key for and was done without them.
    """
    used: Counter[str] = Counter()
    for script in scripts:
        name = Path(script.source).stem
        used[name] += 1
        own = folder / (name if used[name] == 1 else f"{name}-{used[name]}") if len(scripts) > 1 else folder
        without: list[str] = []
        sitting = Sitting(services, Album(own), say=without.append)
        result = await on_screen(sitting, actor, script, tell)
        for what in without:
            say(f"{script.source}: {what}")
        done(result)


async def on_screen(sitting: Sitting, actor: Actor, script: Script | Broken, tell: Tell) -> Result:
    by_keys = Through(
        intake=IntakeByKeys(sitting),
        walks=WalksByKeys(sitting),
        escalations=EscalationsByKeys(sitting),
        users=sitting.services.users,
        drafting=sitting.services.drafting,
        desk=AtTheDesk(sitting.services.facts, sitting.services.fixes, sitting.services.missing),
        journal=sitting.services.outbox.journal,
    )
    try:
        return await Replay(by_keys).run(actor, script, tell)
    finally:
        await sitting.leave()
