"""Opening, resting and leaving the app in a terminal, over the smallest Textual app, in turns within one run.

    python -m benchmarks.opening [--rounds N] [STORE ...]

A STORE is an empty SQLite path or Postgres URL; without one, SQLite in a temporary folder. Of every store two are made
up, with 50 and with 100,000 tickets. Prints a JSON line for the floor and for each of them: milliseconds from the start
of the process to the first frame and to the queue, from ctrl+q to the end of the process (medians), what the processor
took until the queue was there, memory then; and the ratios of these to the floor. `idle` is what two seconds without a
key take: milliseconds of the processor, and bytes drawn.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks.stores import FIRST, filled
from benchmarks.terminal import Terminal

SIZES = (50, 100_000)
_IDLE_SECONDS = 2.0
_SETTLED_SECONDS = 3.0
"""After so long nothing of the start goes on any more."""

_COMPARED = ("first_frame_ms", "queue_ms", "queue_cpu_ms", "quit_ms")


def once(arguments: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    with Terminal(arguments, environment) as terminal:
        first = terminal.until()
        queue = terminal.until(FIRST)
        terminal.idle(_SETTLED_SECONDS)
        memory = terminal.memory
        spent, drawn = terminal.idle(_IDLE_SECONDS)
        terminal.press("quit")
        quit_ = terminal.ended()
    return {
        "first_frame_ms": first.ms,
        "queue_ms": queue.ms,
        "queue_cpu_ms": queue.cpu,
        "quit_ms": quit_.ms,
        "memory_mb": memory,
        "idle_cpu_ms": spent,
        "idle_bytes": drawn,
    }


def measure(stores: Mapping[str, str], folder: Path, rounds: int) -> None:
    """`stores` by what they are called."""
    apps = {"floor": ["-m", "benchmarks.floor"]}
    apps |= {name: ["-m", "rfl1", "--db", store] for name, store in stores.items()}
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, arguments in apps.items():
            result = once(arguments, {"RFL1_HOME": str(folder), "RFL1_AI": "off"})
            if number:  # the first warms up
                found[name].append(result)
    middle = {
        name: {key: statistics.median(each[key] for each in all_) for key in all_[0]} for name, all_ in found.items()
    }
    for name, figures in middle.items():
        ratios = {
            f"{key.removesuffix('_ms')}_ratio": round(figures[key] / middle["floor"][key], 2) for key in _COMPARED
        }
        shown = {key: round(value, 1) for key, value in figures.items()}
        print(json.dumps({"benchmark": "opening", "app": name, **shown, **ratios}), flush=True)


async def _filled(stores: list[str]) -> dict[str, str]:
    made = {}
    for store, size in zip(stores, SIZES * (len(stores) // len(SIZES)), strict=True):
        await filled(store, size)
        made[f"{'postgres' if '://' in store else 'sqlite'}, {size} tickets"] = store
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stores", nargs="*", help="empty SQLite paths or Postgres URLs, two of each")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stores = given.stores or [str(Path(folder) / f"{size}.db") for size in SIZES]
        measure(asyncio.run(_filled(stores)), Path(folder), given.rounds)


if __name__ == "__main__":
    main()
