"""A step stored durably, over the same statements on the bare driver, in turns within one run.

    python -m benchmarks.steps [--rounds N] [STORE ...]

A STORE is an empty SQLite path or Postgres URL; without one, a SQLite file in a temporary folder. Prints a JSON line a
store: medians in milliseconds of the bare driver (`floor`), of the store's own write (`store`) and of a whole answered
step through the service (`service`), and the ratios of the two to the floor.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import migrations
from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.clock import utc_now
from services.documents.pieces import from_json
from services.flows.format import FlowFile
from services.flows.library import Library
from services.flows.nodes import Answer, Flow, Outcome, Question, flow_to_json
from services.intake.model import Call, Matched, TakeFlow
from services.intake.service import Intake
from services.team.accounts import Accounts
from services.walks.answering import Taking, step_write
from services.walks.engine import Position
from services.walks.model import Choose, Person, Step, Walk
from services.walks.service import Walks
from storage.database import Database
from storage.location import PostgresServer
from storage.walks import CHANGE, POSTGRES_STEP, SQLITE_INSERT, StepWrite, append_step, postgres_values, sqlite_values

STEPS = 8
"""Of one session, as in a usual call."""

LOOP = Flow(
    slug="loop",
    title="Network light",
    category="network",
    start="ask",
    nodes={
        "ask": Question(
            text="Can the caller reach the gateway, and does the light at the port blink green?",
            answers=(Answer(label="Yes, it blinks", next="ask"), Answer(label="No, it is dark", next="done")),
        ),
        "done": Outcome(text="Solved", result="resolved"),
    },
)

Store = Callable[[StepWrite], Awaitable[object]]


async def bare(database: Database) -> tuple[Store, Callable[[], Awaitable[None]]]:
    """The statements of a step with nothing between them and the driver, and how to close it."""
    if isinstance(database.location, PostgresServer):
        import asyncpg

        server: Any = await asyncpg.connect(database.location.url)

        async def on_postgres(write: StepWrite) -> None:
            await server.fetchval(POSTGRES_STEP, *postgres_values(write))

        return on_postgres, server.close
    import aiosqlite

    file = await aiosqlite.connect(str(database.location), isolation_level=None)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        await file.execute(f"PRAGMA {pragma}")

    async def on_sqlite(write: StepWrite) -> None:
        values = sqlite_values(write)
        await file.execute("BEGIN IMMEDIATE")
        await file.execute(CHANGE, values)
        await file.execute(SQLITE_INSERT, values)
        await file.execute("COMMIT")

    return on_sqlite, file.close


def write_of(actor: Actor, walk: Walk) -> StepWrite:
    """What answering the walk's question stores."""
    assert walk.pending is not None
    step = Step(
        seq=len(walk.path) + 1,
        step_id=uuid4(),
        pending=walk.pending,
        answer="1",
        answer_label="Yes, it blinks",
        note=None,
        at=utc_now(),
        by=Person(actor.user_id, actor.name),
        seconds=3,
    )
    here = Position(walk.pending, walk.frames, walk.verified)
    return step_write(actor, walk, Taking(step, here, here))


async def measure(database: Database, rounds: int) -> dict[str, float]:
    await migrations.upgrade(database)
    actor = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
    library = Library(database, utc_now)
    await library.bring_in(actor, [FlowFile(LOOP, from_json(json.dumps(flow_to_json(LOOP)), "loop"))])
    walks = Walks(database, utc_now, library, PlaybookBuilder())
    intake = Intake(database, utc_now, library, walks)
    floor, close = await bare(database)
    spent: dict[str, list[float]] = {"floor": [], "store": [], "service": []}

    async def begin() -> Walk:
        outcome = await intake.take(actor, Call(problem="the light"), TakeFlow("loop"))
        assert isinstance(outcome, Matched)
        return outcome.walk

    async def timed(name: str, doing: Awaitable[object]) -> object:
        began = time.perf_counter()
        done = await doing
        spent[name].append((time.perf_counter() - began) * 1000)
        return done

    async def ours(write: StepWrite) -> object:
        return await append_step(database, write)

    for _ in range(rounds):
        for name, store in (("floor", floor), ("store", ours)):
            walk = await begin()
            for number in range(STEPS):
                write = write_of(actor, replace(walk, state_version=walk.state_version + number))
                await timed(name, store(replace(write, seq=number + 1)))
        walk = await begin()
        for _number in range(STEPS):
            answered = await timed("service", walks.answer(actor, walk, Choose(0)))
            assert isinstance(answered, Walk)
            walk = answered
    await close()
    median = {name: statistics.median(times) for name, times in spent.items()}
    return {
        **{f"{name}_ms": round(value, 3) for name, value in median.items()},
        "store_ratio": round(median["store"] / median["floor"], 2),
        "service_ratio": round(median["service"] / median["floor"], 2),
    }


async def run(stores: list[str], rounds: int) -> None:
    for written in stores:
        database = Database.open(written)
        try:
            figures = await measure(database, rounds)
        finally:
            await database.dispose()
        print(json.dumps({"benchmark": "step", "store": database.dialect, **figures}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stores", nargs="*", help="an empty SQLite path or Postgres URL")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(given.stores or [str(Path(folder) / "steps.db")], given.rounds))


if __name__ == "__main__":
    main()
