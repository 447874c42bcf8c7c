"""Calls that a model leads, in the app: how soon the next node is there, and whether anything holds up the event loop.

    python -m benchmarks.model [--rounds N] [--reads SECONDS] [STORE ...]

A STORE is an empty SQLite path or Postgres URL; without one, SQLite in a temporary folder. The model is a stand-in on
this machine: first byte after 600 ms, a node in 2.5 s. Prints JSON lines in milliseconds:

`look-ahead`: from the answer to the whole next node, for somebody who reads for 3 s; `in_time` are those within 100 ms.
`first words`: without look-ahead, from when they are written by the stand-in until they are on the screen.
Both beside `floor_ms`, a letter in the smallest Textual app, in turns within the run: it says how busy the machine was.
`event loop`: how late a turn of 5 ms came while the SDK and the rules were loaded, and while a call was led.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import migrations
from benchmarks.keys import TYPED, in_the_floor
from benchmarks.terminal import Moment, Terminal
from rfl1.assistant import assistant
from rfl1.settings import load
from services.builder.guardrails import read_rules
from services.builder.protocol import Built as MadeNode
from services.clock import utc_now
from services.flows.library import Library
from services.intake.model import BuildAnyway, Call
from services.intake.service import Intake
from services.team.accounts import Accounts
from services.walks.model import Choose, Walk
from services.walks.service import Walks
from storage.database import Database
from tests.model_server import Behaviour, ModelServer, Request, Say, model_server

FIRST, WHOLE, READS = 0.6, 2.5, 3.0
"""Seconds until the first byte of a node and until its last, and between two answers."""
IN_TIME_MS = 100
NODES = 11
"""Of one call: one more is its end."""
_TURN = 0.005
_SETTLED_SECONDS = 4.0

_THINGS = "lamp lid tray roll cable screen drawer button fan hatch panel socket".split()
_STATES = "green shut full straight plugged bright empty loose still locked warm dry".split()
PROBLEM = "the printer is offline " + "and again nothing comes out of it. " * 60


def node(number: int) -> str:
    question = {
        "kind": "question",
        "needs_identity": False,
        "text": f"Now {_THINGS[number]}: {_STATES[number]} or not?",
    }
    rest = {"answers": [f"{_STATES[number]} {number}", "neither", "odd"], "confirm": False, "reason": "other"}
    return json.dumps(question | rest | dict.fromkeys(("say", "expect", "caution", "scope", "undo"), ""))


def led(request: Request) -> Behaviour:
    return Say(node(str(request["messages"]).count(" -> ") % NODES), FIRST, WHOLE)


@contextmanager
def served() -> Iterator[ModelServer]:
    """In a thread of its own: what is measured shares no event loop with it."""
    there, over, models = threading.Event(), threading.Event(), list[ModelServer]()

    async def serve() -> None:
        async with model_server() as model:
            model.otherwise = led
            models.append(model)
            there.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    there.wait()
    try:
        yield models[0]
    finally:
        over.set()
        thread.join()


async def with_a_call(store: str) -> None:
    """A store whose only call waits for its first node; what was there before is ended."""
    database = Database.open(store)
    try:
        await migrations.upgrade(database)
        owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
        walks = Walks(database, utc_now, Library(database, utc_now), Nobody())
        for each in await walks.resumable(owner):
            await walks.abandon(owner, await walks.open(owner, each.id))
        await Intake(database, utc_now, Library(database, utc_now), walks).take(
            owner, Call(problem=PROBLEM), BuildAnyway()
        )
    finally:
        await database.dispose()


class Nobody:
    """A builder that leaves the first node to the app."""

    def at_hand(self, context: object) -> None:
        return None

    async def build(self, context: object, show: object) -> MadeNode:
        raise NotImplementedError


def answered(terminal: Terminal, reads: float) -> list[float]:
    """Milliseconds from each answer to the last thing of the node after it."""
    terminal.until(f"{_STATES[0]} 0")
    times = []
    for number in range(1, NODES):
        terminal.idle(reads)
        terminal.press("1")
        times.append(terminal.until(f"{_STATES[number]} {number}", seconds=20).ms)
    return times


def first_words(terminal: Terminal, model: ModelServer) -> list[float]:
    """Milliseconds from when the first word of each node is written until it can be read."""
    terminal.until(f"{_STATES[0]} 0")
    times, whole, word = [], "", ""
    told: float | None = None

    def hears(piece: str) -> None:
        nonlocal whole, told
        whole += piece
        if told is None and f"{word}: " in whole:
            told = time.perf_counter()

    for number in range(1, NODES):
        whole, word, told = "", _THINGS[number], None
        model.hears = hears
        terminal.press("1")
        terminal.until(f"{word}:", seconds=20)
        seen = time.perf_counter()
        times.append((seen - (told or seen)) * 1000)
        terminal.until(f"{_STATES[number]} {number}", seconds=20)
        terminal.quiet(0.3)
    return times


def in_the_app(store: str, folder: Path, model: ModelServer, *, ahead: bool, reads: float) -> list[float]:
    asyncio.run(with_a_call(store))
    with Terminal(["-m", "rfl1", "--db", store], environment(folder, model, ahead=ahead)) as terminal:
        terminal.until("the printer is offline")
        terminal.idle(_SETTLED_SECONDS)
        terminal.press("enter")
        times = answered(terminal, reads) if ahead else first_words(terminal, model)
        terminal.press("quit")
        terminal.quiet(1)
    return times


def environment(folder: Path, model: ModelServer, *, ahead: bool) -> Mapping[str, str]:
    return {
        "RFL1_HOME": str(folder),
        "RFL1_AI": "auto",
        "RFL1_AI_LOOKAHEAD": "on" if ahead else "off",
        "ANTHROPIC_API_KEY": "bench",
        "ANTHROPIC_BASE_URL": model.url,
        "NO_PROXY": "127.0.0.1",
    }


async def held_up(store: str, folder: Path, model: ModelServer, reads: float) -> dict[str, list[float]]:
    """How late the turns of the event loop came, in milliseconds, while things were loaded and while a call was led."""
    late: dict[str, list[float]] = {"loading": [], "leading": []}
    now = "loading"

    async def turn() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TURN)
            late[now].append((time.perf_counter() - begun - _TURN) * 1000)

    given = {**environment(folder, model, ahead=True), "RFL1_DATABASE_URL": store}
    database, settings = Database.open(store), load({}, given)
    helper = assistant(settings, database, utc_now)
    owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
    walks = Walks(database, utc_now, Library(database, utc_now), helper.builder, helper.ahead)
    walk: Walk = await walks.open(owner, (await walks.resumable(owner))[0].id)
    turning = asyncio.create_task(turn())
    await asyncio.to_thread(read_rules)
    await helper.warm()
    now = "leading"
    for _ in range(NODES - 1):
        walk = await walks.next_node(owner, walk, show=lambda _: None) if walk.awaits_node else walk
        await asyncio.sleep(reads)
        walk = await walks.answer(owner, walk, Choose(0), step_id=uuid4(), note="read on the phone " * 100)
    turning.cancel()
    await helper.close()
    await database.dispose()
    return late


def tell(what: str, store: str, times: list[float], **more: object) -> None:
    row = {"median_ms": round(statistics.median(times), 1), "worst_ms": round(max(times), 1), **more}
    name = "postgres" if "://" in store else "sqlite"
    print(json.dumps({"benchmark": "model", "what": what, "store": name, "of": len(times), **row}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stores", nargs="*", help="empty SQLite paths or Postgres URLs")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--reads", type=float, default=READS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as written, served() as model:
        folder = Path(written)
        for store in given.stores or [str(folder / "model.db")]:
            ahead, words, floor = list[float](), list[float](), defaultdict[str, list[tuple[Moment, Moment]]](list)
            for _ in range(given.rounds):
                in_the_floor(floor)
                ahead += in_the_app(store, folder, model, ahead=True, reads=given.reads)
                words += in_the_app(store, folder, model, ahead=False, reads=given.reads)
            letter = round(statistics.median(shown.ms for shown, _ in floor[TYPED]), 1)
            tell("look-ahead", store, ahead, in_time=sum(ms <= IN_TIME_MS for ms in ahead), floor_ms=letter)
            tell("first words", store, words, floor_ms=letter)
            asyncio.run(with_a_call(store))
            late = asyncio.run(held_up(store, folder, model, given.reads))
            for name, times in late.items():
                tell(f"event loop, {name}", store, times)


if __name__ == "__main__":
    main()
