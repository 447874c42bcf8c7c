"""Keys pressed in the app, over keys pressed in the smallest Textual app, in turns within one run.

    python -m benchmarks.keys [--rounds N] [STORE ...]

A STORE is an empty SQLite path or Postgres URL; without one, SQLite in a temporary folder. Prints a JSON line a key:
milliseconds from the key to the first change on the screen (`shown`) and to the last (`done`), and what the processor
took until then (`shown_cpu`, `cpu`), which a busy machine changes least; medians, and their ratios to a letter typed in
the floor. What a step takes in the store alone is in `benchmarks.steps`.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

import migrations
from benchmarks.steps import LOOP
from benchmarks.terminal import Moment, Terminal
from services.builder.playbook import PlaybookBuilder
from services.clock import utc_now
from services.documents.pieces import from_json
from services.flows.format import FlowFile
from services.flows.library import Library
from services.flows.nodes import flow_to_json
from services.intake.model import Call, TakeFlow
from services.intake.service import Intake
from services.team.accounts import Accounts
from services.walks.service import Walks
from storage.database import Database

FLOOR = "floor"
TYPED = "type a letter"
_SETTLED_SECONDS = 3.0
_REPEATS = 8

Times = dict[str, list[tuple[Moment, Moment]]]


async def with_a_call(store: str) -> None:
    """An empty store becomes one with a call that goes round and round."""
    database = Database.open(store)
    try:
        await migrations.upgrade(database)
        owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
        library = Library(database, utc_now)
        await library.bring_in(owner, [FlowFile(LOOP, from_json(json.dumps(flow_to_json(LOOP)), "loop"))])
        walks = Walks(database, utc_now, library, PlaybookBuilder())
        await Intake(database, utc_now, library, walks).take(owner, Call(problem="the light"), TakeFlow("loop"))
    finally:
        await database.dispose()


def pressed(terminal: Terminal, times: Times, what: str, *keys: str) -> None:
    """Each key once; they are told together."""
    for key in keys:
        terminal.press(key)
        shown = terminal.until()
        done, _ = terminal.quiet(0.15)
        times[what].append((shown, done))


def in_the_floor(times: Times) -> None:
    with Terminal(["-m", "benchmarks.floor"], {}) as terminal:
        terminal.until("call 000000")
        terminal.idle(_SETTLED_SECONDS)
        pressed(terminal, times, TYPED, *"abcdefgh")
        pressed(terminal, times, "another part", "tab")
        pressed(terminal, times, "another line", *("down", "up") * (_REPEATS // 2))
        terminal.press("quit")
        terminal.ended()


def in_the_app(store: str, folder: Path, times: Times) -> None:
    with Terminal(["-m", "rfl1", "--db", store], {"RFL1_HOME": str(folder), "RFL1_AI": "off"}) as terminal:
        terminal.until("the light")
        terminal.idle(_SETTLED_SECONDS)
        pressed(terminal, times, "the first new call", "n")
        terminal.press("escape")
        terminal.quiet()
        terminal.press("enter")
        terminal.until("gateway")
        terminal.idle(_SETTLED_SECONDS)
        pressed(terminal, times, "answer", *"1" * _REPEATS)
        pressed(terminal, times, "back", *"b" * _REPEATS)
        for _ in range(_REPEATS):
            pressed(terminal, times, "note", "o")
            pressed(terminal, times, "letter of a note", "x")
            pressed(terminal, times, "out of the note", "enter")
            pressed(terminal, times, "notes beside", "t")
            terminal.press("escape")
            terminal.quiet(0.15)
            terminal.press("t")
            terminal.quiet(0.15)
        terminal.press("quit")
        terminal.ended()


def medians(found: list[tuple[Moment, Moment]]) -> dict[str, float]:
    parts = {
        "shown": [shown.ms for shown, _ in found],
        "shown_cpu": [shown.cpu for shown, _ in found],
        "done": [done.ms for _, done in found],
        "cpu": [done.cpu for _, done in found],
    }
    return {part: statistics.median(each) for part, each in parts.items()}


def tell(app: str, times: Times, floor: dict[str, float]) -> None:
    for what, found in times.items():
        took = medians(found)
        row = {f"{part}_ms": round(value, 1) for part, value in took.items()}
        ratios = {f"{part}_ratio": round(value / floor[part], 2) for part, value in took.items()}
        print(json.dumps({"benchmark": "keys", "app": app, "key": what, **row, **ratios}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stores", nargs="*", help="empty SQLite paths or Postgres URLs")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stores = given.stores or [str(Path(folder) / "keys.db")]
        times = {app: defaultdict[str, list[tuple[Moment, Moment]]](list) for app in (FLOOR, *stores)}
        for store in stores:
            asyncio.run(with_a_call(store))
        for _ in range(given.rounds):
            in_the_floor(times[FLOOR])
            for store in stores:
                in_the_app(store, Path(folder), times[store])
        floor = medians(times[FLOOR][TYPED])
        for app, found in times.items():
            tell(app if app == FLOOR else "postgres" if "://" in app else "sqlite", found, floor)


if __name__ == "__main__":
    main()
