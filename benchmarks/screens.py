"""What the screens over an account's calls and flows take to open, after a year of 100,000 calls and 2,000 flows.

    python -m benchmarks.screens [--rounds N] [--calls N] [--flows N] [--only WORD] [STORE ...]

A STORE is a SQLite path or a Postgres URL, empty or filled by an earlier run of this; without one, SQLite in a
temporary folder. Filling takes some minutes. A Postgres store is also looked at by a login, held to its own account.

Two JSON lines a screen: what it reads (`part` is `service`), and from its key until all that it shows is on the screen
(`opening`; by Textual's own headless driver, so without the part of a terminal). The best, the median, and the best of
what this process took of the processor, in milliseconds. The floor of the service is the 200 newest calls, asked for by
the bare driver, that of the opening a bare list of 200 lines; both in turns with the rest, and `ratio` is best to best.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from benchmarks.history import History, people, remembered
from rfl1.app import Rfl1App
from rfl1.compose import Services, opened
from rfl1.pictures.hands import Hands
from rfl1.settings import load
from services.access import Actor
from services.clock import utc_now
from services.errors import Trouble
from services.flows.history import History as Versions
from services.team.users import Users
from services.walks.model import Walk
from storage.database import Database
from storage.location import PostgresServer

CALLS, FLOWS, LINES = 100_000, 2_000, 200
PASSWORD = "for a benchmark"  # noqa: S105
_NEWEST = """SELECT id, problem_text, customer, contact, status, created_at FROM sessions WHERE account_id = {}
             ORDER BY created_at DESC LIMIT 200"""

Look: TypeAlias = Callable[[], Awaitable[object]]
Spent: TypeAlias = dict[tuple[str, str], list[tuple[float, float]]]
"""By part and screen: milliseconds by the clock and of the processor."""


class Bare(Screen[None]):
    """The floor of a list: as many lines as ours have, and nothing else."""

    def compose(self) -> ComposeResult:
        yield OptionList(*(Option(Content(f"call {number:06}")) for number in range(LINES)), markup=False)


async def timed(spent: Spent, part: str, name: str, look: Look) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    await look()
    took = (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000
    spent[part, name].append(took)


async def bare(database: Database, actor: Actor) -> tuple[Look, Callable[[], Awaitable[None]]]:
    """The floor of what is read, and how to close it."""
    if isinstance(database.location, PostgresServer):
        import asyncpg

        server: Any = await asyncpg.connect(database.location.url)
        return lambda: server.fetch(_NEWEST.format("$1"), actor.account_id), server.close
    import aiosqlite

    file = await aiosqlite.connect(str(database.location), isolation_level=None)
    return lambda: file.execute_fetchall(_NEWEST.format("?"), [actor.account_id.hex]), file.close


def looks(services: Services, actor: Actor, walk: Walk, slug: str) -> dict[str, Look]:
    """What each screen reads."""
    past, library, stats = services.past.listed, services.library, services.stats.lately
    versions = Versions(services.database, services.clock, library)
    return {
        "queue": lambda: services.queue.listed(actor),
        "escalations": lambda: services.escalations.listed(actor),
        "desk": lambda: services.cases.open(actor, walk.id),
        "drafts": lambda: services.drafting.draft(actor, walk, "resolution_note"),
        "calls alike": lambda: services.similar.of(actor, walk),
        "scripts": lambda: services.scripts.listed(actor),
        "proposals": lambda: services.proposals.waiting(actor),
        "all proposals": lambda: services.proposals.whole(actor),
        "flows": lambda: library.listed(actor),
        "flow": lambda: library.show(actor, slug),
        "versions": lambda: versions.of(actor, slug),
        "figures, 12 weeks": lambda: stats(actor, 12),
        "figures, 52 weeks": lambda: stats(actor, 52),
        "past calls": lambda: past(actor),
        "past calls by words": lambda: past(actor, words="customer 4"),
        "past calls by a name": lambda: past(actor, words="tina"),
        "past calls by a rare name": lambda: past(actor, words="hugo"),
        "past calls by a name and words": lambda: past(actor, words="tina printer"),
        "past calls by a rare name and words": lambda: past(actor, words="hugo printer"),
        "past calls by words of none": lambda: past(actor, words="zzz qqq"),
        "escalated past calls by a name and words": lambda: past(actor, words="tina printer", status="escalated"),
    }


OPENINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "escalations": ((), ("app.escalations",)),
    "desk": (("app.escalations",), ("escalations.desk",)),
    "drafts": (("app.escalations", "escalations.desk"), ("case.drafts",)),
    "calls alike": (("app.escalations", "escalations.desk"), ("case.like",)),
    "scripts": (("app.escalations", "escalations.desk"), ("case.library",)),
    "proposals": ((), ("app.proposals",)),
    "flows": ((), ("app.flows",)),
    "flows, a letter": (("app.flows",), ("p",)),
    "flows, ten lines down": (("app.flows", "flows.list"), ("list.page_down",)),
    "flow": (("app.flows",), ("search.open",)),
    "versions": (("app.flows", "search.open"), ("flow.versions",)),
    "figures, 12 weeks": ((), ("app.stats",)),
    "figures, 52 weeks": (("app.stats", "stats.weeks"), ("stats.weeks",)),
    "past calls": ((), ("app.past",)),
    "past calls, a page down": (("app.past", "past.list"), ("list.page_down",)),
}
"""How to come to where the key is, and the key itself: ids of actions, or letters."""


async def openings(services: Services, actor: Actor, rounds: int, only: str, spent: Spent) -> None:
    """Each screen anew in every round, in one app, as somebody opens them all day."""
    app = Rfl1App(services, actor)
    async with app.run_test(size=(120, 36), notifications=True):
        hands = Hands(app)
        await hands.settle()
        keys = app._desk.keys  # as the person at it sees them

        async def press(actions: Iterable[str]) -> None:
            for action in actions:
                await hands.press(keys.press(action) if "." in action else action)

        async def home() -> None:
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await hands.settle()

        async def floor() -> None:
            app.push_screen(Bare())
            await hands.settle()

        async def opened_by(actions: tuple[str, ...]) -> None:
            await press(actions)

        for number in range(rounds + 1):
            seen: Spent = spent if number else defaultdict(list)  # the first warms up
            await home()
            await timed(seen, "opening", "floor", floor)
            for name, (way, actions) in OPENINGS.items():
                if only in name:
                    await home()
                    await press(way)
                    await timed(seen, "opening", name, lambda: opened_by(actions))  # noqa: B023  # at once
        await home()


async def measure(store: str, rounds: int, only: str, folder: Path) -> Spent:
    spent: Spent = defaultdict(list)
    settings = load({"database_url": store}, {"RFL1_HOME": str(folder), "RFL1_AI": "off"})
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(opened(settings))
        actor = (await Users(services.database, services.clock).actor()) if "@" in store else None
        actor = actor or (await people(services.database)).owner
        floor, close = await bare(services.database, actor)
        stack.push_async_callback(close)
        escalated = await services.escalations.listed(actor, limit=1)
        walk = await services.walks.open(actor, escalated[0].id)
        slug = (await services.library.listed(actor))[0].slug
        asked = {name: look for name, look in looks(services, actor, walk, slug).items() if only in name}
        for number in range(rounds + 1):
            seen: Spent = spent if number else defaultdict(list)
            for name, look in {"floor": floor, **asked}.items():
                await timed(seen, "service", name, look)
        await openings(services, actor, rounds, only, spent)
    return spent


def tell(store: str, spent: Spent) -> None:
    floors = {part: min(clock for clock, _ in spent[part, "floor"]) for part, _ in spent}
    for (part, name), took in spent.items():
        clocks = [clock for clock, _ in took]
        told = {
            "best_ms": round(min(clocks), 1),
            "median_ms": round(statistics.median(clocks), 1),
            "cpu_ms": round(min(processor for _, processor in took), 1),
            "ratio": round(min(clocks) / floors[part], 2),
        }
        print(json.dumps({"benchmark": "screens", "store": store, "part": part, "screen": name, **told}), flush=True)


async def ready(store: str, calls: int, flows: int) -> History:
    database = Database.open(store)
    try:
        return await people(database)
    except Trouble:
        pass
    finally:
        await database.dispose()
    return await remembered(store, calls, made_up=flows)


async def by_login(store: str, history: History) -> str | None:
    """The address at which the owner of the account is held to it; None where there are no logins."""
    database = Database.open(store)
    try:
        login = (await Users(database, utc_now).set_password(history.owner, "bench", PASSWORD)).login
    except Trouble:
        return None
    finally:
        await database.dispose()
    parts = urlsplit(store)
    return parts._replace(netloc=f"{login}:{quote(PASSWORD)}@{parts.netloc.rpartition('@')[2]}").geturl()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stores", nargs="*", help="SQLite paths or Postgres URLs, empty or filled by this")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--only", default="", help="screens with this in their name")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as written:
        folder = Path(written)
        for store in given.stores or [str(folder / "screens.db")]:
            history = asyncio.run(ready(store, given.calls, given.flows))
            named = {"postgres" if "://" in store else "sqlite": store}
            if "://" in store and (login := asyncio.run(by_login(store, history))) is not None:
                named["postgres, by a login"] = login
            for name, address in named.items():
                tell(name, asyncio.run(measure(address, given.rounds, given.only, folder / "home")))


if __name__ == "__main__":
    main()
