"""A server that is killed again and again while calls are worked on: what was acknowledged is there, and there once.

    python -m benchmarks.kills [--sessions N] [--kills N] [--terminals N]

Terminals with logins of their own take scripted calls through the services that the app uses, walk them through
`services.away`, and end them. Each writes down what it was told is stored, or kept on this machine; afterwards the
store is compared with that, row by row. The server is one of our own, killed as `kill -9` does. Prints a JSON line;
ends with 1 where something was lost, doubled or not what was acknowledged.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg

import migrations
from rfl1.compose import Services
from rfl1.settings import load
from services.access import Actor
from services.errors import StoreTrouble
from services.flows.nodes import Input, Instruction, Link, Outcome, Question, Verify
from services.intake.model import Call, Matched, TakeFlow
from services.team.users import Login
from services.walks.model import Acknowledge, Choose, Enter, Pending, RedFlag, Reply, Verified, Walk
from storage.database import Database
from tests.logins import with_login
from tests.postgres import Mortal, mortal_server
from tests.services.walks.scene import LIFE, LINE, as_file

FLOWS = ("life", "line")
LONGEST = 12
"""Steps of a call."""
PASSWORD = "for a benchmark"  # noqa: S105
PAUSE = 0.1
"""Seconds until somebody tries again."""

T = TypeVar("T")


@dataclass
class Told:
    """What a terminal was told about one call."""

    steps: list[UUID] = field(default_factory=list)
    notes: dict[UUID, str] = field(default_factory=dict)
    status: str = "active"
    version: int = 0


@dataclass
class Ledger:
    calls: dict[UUID, Told] = field(default_factory=dict)
    ended: int = 0
    refused: int = 0
    """How often the store was away when it was asked."""
    aside: int = 0
    """Changes that were kept on a terminal meanwhile."""
    again: int = 0
    """Changes of which the first answer was lost, and which were found done."""


class Terminal:
    """One app, as far as calls go. `seed` decides what its person does."""

    def __init__(self, services: Services, actor: Actor, ledger: Ledger, seed: int) -> None:
        assert services.away is not None
        self.services, self.actor, self.ledger = services, actor, ledger
        self.away = services.away
        self.chance = random.Random(seed)  # noqa: S311

    async def work(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            await self.call(number)

    async def call(self, number: int) -> None:
        session_id, slug = uuid4(), self.chance.choice(FLOWS)
        call = Call(problem=f"call {number}", customer=f"customer {number % 7}", session_id=session_id)
        outcome = await self.patiently(lambda: self.services.intake.take(self.actor, call, TakeFlow(slug)))
        assert isinstance(outcome, Matched)
        walk, told = outcome.walk, Told()
        self.ledger.calls[session_id] = told
        await self.patiently(lambda: self.away.prepare(self.actor, walk))
        while len(told.steps) < LONGEST and walk.pending is not None and not isinstance(walk.pending.node, Outcome):
            walk = await self.step(walk, told, walk.pending)
        while walk.kept_here:
            walk = await self.patiently(lambda: self.away.catch_up(self.actor, session_id))
        walk = await self.end(walk)
        told.status, told.version = walk.status, walk.state_version
        self.ledger.ended += 1

    async def step(self, walk: Walk, told: Told, pending: Pending) -> Walk:
        if walk.kept_here and self.chance.random() < 0.3 and await self.away.back(self.actor, walk):
            walk = await self.patiently(lambda: self.away.catch_up(self.actor, walk.id))
        if self.chance.random() < 0.3:
            walk = await self.away.note_step(self.actor, walk, f"note {len(told.steps)}")
        if self.chance.random() < 0.2:
            note_id, text = uuid4(), f"free note {len(told.notes)}"
            walk = await self.away.save_note(self.actor, walk, note_id, text)
            told.notes[note_id] = text
        step_id, reply = uuid4(), self.reply(pending)
        walk = await self.away.answer(self.actor, walk, reply, node_id=pending.id, step_id=step_id)
        told.steps.append(step_id)
        self.ledger.aside += bool(walk.kept_here)
        self.ledger.again += walk.repeated
        await asyncio.sleep(self.chance.random() * 0.02)
        return walk

    def reply(self, pending: Pending) -> Reply:
        match pending.node:
            case Question(answers=answers):
                return Choose(self.chance.randrange(len(answers)))
            case Instruction() | Link():
                return Acknowledge()
            case Verify():
                proof = Verified("callback_number_on_record", "rang back, it was them")
                return proof if self.chance.random() < 0.8 else RedFlag("would not say")
            case Input():
                return Enter("AB1234")
            case other:
                raise AssertionError(other)

    async def end(self, walk: Walk) -> Walk:
        if self.chance.random() < 0.7:
            ended = await self.patiently(
                lambda: self.services.walks.resolve(self.actor, walk, helpful=True, notes="It works again.")
            )
        else:
            ended = await self.patiently(
                lambda: self.services.walks.escalate(self.actor, walk, category="other", reason="Stuck.")
            )
        self.ledger.again += ended.repeated
        return ended

    async def patiently(self, make: Callable[[], Awaitable[T]]) -> T:
        """As a person does who is told that the store is away: the same again."""
        while True:
            try:
                return await make()
            except StoreTrouble:
                self.ledger.refused += 1
                await asyncio.sleep(PAUSE)


async def team(url: str, folder: Path, terminals: int) -> list[tuple[Services, Actor]]:
    """An account with a technician for each terminal, and an engineer who is told of what they pass on."""
    owner = Services(load({"database_url": url}, {"RFL1_HOME": str(folder / "owner")}))
    await migrations.upgrade(owner.database)
    boss = (await owner.accounts.establish("Bench", "olga")).owner
    await owner.library.bring_in(boss, [as_file(flow) for flow in (LINE, LIFE)])
    await owner.users.add(boss, "emil", "engineer")
    people = []
    for number in range(terminals):
        made = await owner.users.add(boss, f"tech {number}", "l1_tech", login=Login(PASSWORD))
        address = with_login(url, made.login or "", PASSWORD)
        settings = load({"database_url": address}, {"RFL1_HOME": str(folder / f"terminal {number}")})
        services = Services(settings, Database.open(address))
        people.append((services, await services.users.actor()))
    await owner.database.dispose()
    return people


async def killed(server: Mortal, ledger: Ledger, sessions: int, kills: int) -> None:
    """Now and then, evenly over the calls."""
    chance = random.Random(kills)  # noqa: S311
    for number in range(kills):
        while ledger.ended < sessions * (number + 0.5) / kills:  # noqa: ASYNC110  # it happens in other tasks
            await asyncio.sleep(0.01)
        server.kill()
        await asyncio.sleep(chance.random() * 2)
        await asyncio.to_thread(server.start)


async def wrongs(url: str, ledger: Ledger) -> list[str]:
    """What the store has otherwise than was acknowledged, a line each."""
    owner = await asyncpg.connect(url)
    calls = {row["id"]: row for row in await owner.fetch("SELECT * FROM sessions")}
    steps = _by_call(await owner.fetch("SELECT * FROM steps ORDER BY session_id, seq"))
    notes = _by_call(await owner.fetch("SELECT * FROM notes"))
    audited = Counter(
        (row["session_id"], row["action"]) for row in await owner.fetch("SELECT session_id, action FROM audit_log")
    )
    told = Counter(row["session_id"] for row in await owner.fetch("SELECT session_id FROM notifications"))
    tickets = await owner.fetchval("SELECT count(*) FROM tickets")
    await owner.close()
    found = [f"a call that nobody took: {each}" for each in calls.keys() - ledger.calls.keys()]
    found += [f"{tickets} tickets of {len(ledger.calls)} calls"] if tickets != len(ledger.calls) else []
    for call, kept in ledger.calls.items():
        row = calls.get(call)
        if row is None:
            found.append(f"lost: {call}")
            continue
        there = [step["step_id"] for step in steps[call]]
        action = "l1.session.resolve" if kept.status == "resolved" else "l1.session.escalate"
        expected = {
            "status": (row["status"], kept.status),
            "version": (row["state_version"], kept.version),
            "steps": (there, kept.steps),
            "numbers of steps": ([step["seq"] for step in steps[call]], list(range(1, len(there) + 1))),
            "notes": ({note["id"]: note["text"] for note in notes[call]}, kept.notes),
            "audit rows": (audited[call, action], 1),
            "told": (told[call], 2 if kept.status == "escalated" else 0),
        }
        found += [f"{call}: {name}: {has}, not {meant}" for name, (has, meant) in expected.items() if has != meant]
    return found


def _by_call(rows: list[Any]) -> defaultdict[UUID, list[Any]]:
    found = defaultdict[UUID, list[Any]](list)
    for row in rows:
        found[row["session_id"]].append(row)
    return found


async def played(
    server: Mortal, url: str, folder: Path, *, sessions: int, kills: int, terminals: int
) -> tuple[Ledger, list[str]]:
    """On an empty database of the server. Gives what was acknowledged, and what is wrong with that."""
    ledger = Ledger()
    people = await team(url, folder, terminals)
    numbers = iter(range(sessions))
    at_work = [Terminal(services, actor, ledger, seed) for seed, (services, actor) in enumerate(people)]
    await asyncio.gather(killed(server, ledger, sessions, kills), *(each.work(numbers) for each in at_work))
    for services, _ in people:
        await services.database.dispose()
    return ledger, await wrongs(url, ledger)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--terminals", type=int, default=8)
    given = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, mortal_server(durable=True) as server:
        ledger, wrong = asyncio.run(
            played(
                server,
                server.create_database(),
                Path(folder),
                sessions=given.sessions,
                kills=given.kills,
                terminals=given.terminals,
            )
        )
    for line in wrong[:20]:
        print(line)
    told = {"benchmark": "kills", "kills": given.kills, "terminals": given.terminals, "sessions": ledger.ended}
    told |= {"steps": sum(len(each.steps) for each in ledger.calls.values()), "refused": ledger.refused}
    told |= {"kept_aside": ledger.aside, "found_done": ledger.again, "wrong": len(wrong)}
    print(json.dumps({**told, "seconds": round(time.perf_counter() - began)}), flush=True)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
