"""A team on one server: steps of 64 terminals by their own logins over the bare driver, and the queue of one account
among many.

    python -m benchmarks.team OWNER_URL [--seconds N] [--accounts N] [--sessions N]

OWNER_URL is an empty database whose owner may make databases and roles. The floor is the same statements by the bare
driver on a copy of the database without policies and triggers, in turns within one run. Prints a JSON line for the
steps and one for the queue; ends with 1 where a step was lost or doubled, or the server found a deadlock.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg

import migrations
from services.clock import utc_now
from storage.database import Database
from storage.location import PostgresServer, parse_location
from storage.logins import new_login, verifier
from storage.queue import Waiting
from storage.walks import POSTGRES_STEP, StepWrite, append_step, postgres_values

TERMINALS, LOGINS = 64, 8
ROUND_SECONDS = 10
LINES = 50
LOOKS = 60
NO_LISTS = ("", "")
"""Of a PSA."""
PASSWORD = "for a benchmark"  # noqa: S105
NODE = {
    "text": "Can the caller reach the gateway, and does the light at the port blink green?",
    "labels": ["Yes", "No"],
}

_TEAM = """
WITH account AS (INSERT INTO accounts (id, name, created_at, library_revision)
                 VALUES (gen_random_uuid(), $1, now(), 0) RETURNING id)
INSERT INTO users (id, account_id, name, role, covers_l1, active, first, created_at, login)
SELECT gen_random_uuid(), account.id, 'tech ' || login, 'l1_tech', false, true, false, now(), login
FROM account, unnest($2::text[]) AS login RETURNING id, account_id, login"""
_CALLS = """
WITH ticket AS (
  INSERT INTO tickets (id, account_id, kind, problem, customer, contact, folded, status, created_at, updated_at)
  SELECT gen_random_uuid(), $1, 'internal', 'call ' || n, 'customer ' || n % 97, '555', 'call ' || n,
         CASE WHEN n % $4 = 0 THEN 'walking' ELSE 'resolved' END, now() - n * interval '1 minute', now()
  FROM generate_series(1, $3::integer) AS n RETURNING id, account_id, problem, status, created_at)
INSERT INTO sessions (id, account_id, kind, status, state_version, user_id, ticket_id, problem_text, customer, contact,
  frames, verified, free_notes, learned, created_at, last_step_at, changed_at, changed_by, awaits_psa)
SELECT gen_random_uuid(), account_id, 'ai_build', CASE status WHEN 'walking' THEN 'active' ELSE 'resolved' END, 1, $2,
       id, problem, '', '', '[]', false, false, false, created_at, created_at, created_at, $2, false
FROM ticket RETURNING id"""

Store = Callable[[StepWrite], Awaitable[bool]]


class Scope:
    def __init__(self, account_id: UUID, user_id: UUID) -> None:
        self.account_id = account_id
        self.user_id = user_id


async def set_up(url: str) -> tuple[Scope, list[tuple[UUID, str]]]:
    """A team of LOGINS technicians who can connect; gives each one's id and address."""
    await empty(url)
    owner = await asyncpg.connect(url)
    rows = await owner.fetch(_TEAM, "Bench", [new_login() for _ in range(LOGINS)])
    for row in rows:
        await owner.execute("SELECT private.give_login($1, $2)", row["id"], verifier(PASSWORD))
    await owner.close()
    host = urlsplit(url).netloc.rpartition("@")[2]
    people = [
        (row["id"], urlsplit(url)._replace(netloc=f"{row['login']}:{PASSWORD.replace(' ', '%20')}@{host}").geturl())
        for row in rows
    ]
    return Scope(rows[0]["account_id"], rows[0]["id"]), people


async def bare_copy(url: str) -> str:
    """The same rows with nothing that guards them."""
    name = f"{urlsplit(url).path[1:]}_bare"
    owner = await asyncpg.connect(urlsplit(url)._replace(path="/postgres").geturl())
    await owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(url).path[1:]}"')
    await owner.close()
    copy = urlsplit(url)._replace(path=f"/{name}").geturl()
    owner = await asyncpg.connect(copy)
    for row in await owner.fetch(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    ):
        table = row["relname"]
        await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE TRIGGER USER")
    await owner.close()
    return copy


def write_of(scope: Scope, person: UUID, session_id: UUID, number: int) -> StepWrite:
    now = utc_now()
    return StepWrite(
        session_id=session_id,
        account_id=scope.account_id,
        version=number,
        by=person,
        role="l1_tech",
        covers_l1=False,
        seq=number,
        step_id=uuid4(),
        answer="1",
        answer_label="Yes",
        note=None,
        at=now,
        seconds=3,
        before={"pending": NODE, "frames": [], "verified": False},
        pending=NODE,
        frames=[],
        verified=False,
    )


class Terminal:
    """One call that is walked on and on."""

    def __init__(self, scope: Scope, person: UUID, session_id: UUID, store: Store) -> None:
        self.scope, self.person, self.session_id, self.store = scope, person, session_id, store
        self.stored = 0

    async def walk(self, until: float) -> None:
        while time.perf_counter() < until:
            assert await self.store(write_of(self.scope, self.person, self.session_id, self.stored + 1))
            self.stored += 1


async def calls(url: str, scope: Scope, person: UUID, number: int) -> list[UUID]:
    owner = await asyncpg.connect(url)
    made = await owner.fetch(_CALLS, scope.account_id, person, number, 1)
    await owner.close()
    return [row["id"] for row in made]


async def steps(url: str, seconds: int) -> bool:
    scope, people = await set_up(url)
    bare_url = await bare_copy(url)
    ours, floor = list[Terminal](), list[Terminal]()
    databases = list[Database]()  # one a terminal, as they are
    bare = [await asyncpg.connect(bare_url) for _ in range(TERMINALS)]
    for person, address in people:
        for session_id in await calls(url, scope, person, TERMINALS // LOGINS):
            databases.append(database := Database.open(address))
            ours.append(Terminal(scope, person, session_id, lambda write, on=database: append_step(on, write)))  # type: ignore[misc]
        for session_id in await calls(bare_url, scope, person, TERMINALS // LOGINS):
            connection = bare[len(floor)]
            floor.append(Terminal(scope, person, session_id, _barely(connection)))
    rates: dict[str, list[float]] = {"floor": [], "ours": []}
    for _ in range(max(1, seconds // ROUND_SECONDS)):
        for name, terminals in (("floor", floor), ("ours", ours)):
            before, began = sum(each.stored for each in terminals), time.perf_counter()
            await asyncio.gather(*(each.walk(began + ROUND_SECONDS) for each in terminals))
            rates[name].append((sum(each.stored for each in terminals) - before) / (time.perf_counter() - began))
    wrong, deadlocks = await _looked_through(url, ours)
    for connection in bare:
        await connection.close()
    for database in databases:
        await database.dispose()
    rate = {name: statistics.median(each) for name, each in rates.items()}
    told = {"benchmark": "team steps", "terminals": TERMINALS, "seconds": len(rates["ours"]) * ROUND_SECONDS}
    told |= {"stored": sum(each.stored for each in ours), "lost_or_doubled": wrong, "deadlocks": deadlocks}
    told |= {"floor_per_second": round(rate["floor"]), "ours_per_second": round(rate["ours"])}
    print(json.dumps({**told, "ratio": round(rate["ours"] / rate["floor"], 2)}), flush=True)
    return not wrong and not deadlocks


def _barely(connection: Any) -> Store:
    async def store(write: StepWrite) -> bool:
        return await connection.fetchval(POSTGRES_STEP, *postgres_values(write)) is not None

    return store


async def _looked_through(url: str, terminals: list[Terminal]) -> tuple[int, int]:
    """How many calls have not exactly the steps that were acknowledged, and how often the server found a deadlock."""
    owner = await asyncpg.connect(url)
    rows = await owner.fetch(
        """SELECT sessions.id, state_version, count(steps.seq) AS steps, max(steps.seq) AS newest
           FROM sessions JOIN steps ON steps.session_id = sessions.id GROUP BY sessions.id"""
    )
    deadlocks = await owner.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    await owner.close()
    there = {row["id"]: (row["state_version"] - 1, row["steps"], row["newest"]) for row in rows}
    return sum(there.get(each.session_id) != (each.stored,) * 3 for each in terminals), deadlocks


async def empty(url: str) -> bool:
    database = Database.open(url)
    await migrations.upgrade(database)
    await database.dispose()
    return True


async def queue(url: str, accounts: int, sessions: int) -> None:
    """One account's queue, alone and then among the others: by its technician's login, with all of the client and by
    the bare driver; and by that on a copy without policies."""
    owner = await asyncpg.connect(url, statement_cache_size=0)
    await owner.execute("SET statement_timeout = 0")
    [row] = await owner.fetch(_TEAM, "Queue", [new_login()])
    await owner.execute("SELECT private.give_login($1, $2)", row["id"], verifier(PASSWORD))
    scope, each = Scope(row["account_id"], row["id"]), sessions // accounts
    host = urlsplit(url).netloc.rpartition("@")[2]
    address = urlsplit(url)._replace(netloc=f"{row['login']}:{PASSWORD.replace(' ', '%20')}@{host}").geturl()
    for table in ("tickets", "sessions"):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await owner.fetch(_CALLS, scope.account_id, scope.user_id, each, 50)
    await owner.execute("ANALYZE")
    await owner.close()
    alone = await _queue_times(await bare_copy(url), address, scope)
    owner = await asyncpg.connect(url, statement_cache_size=0)
    await owner.execute("SET statement_timeout = 0")
    for number in range(1, accounts):
        [other] = await owner.fetch(_TEAM, f"Other {number}", [new_login()])
        await owner.fetch(_CALLS, other["account_id"], other["id"], each, 50)
    await owner.execute("ANALYZE")
    await owner.close()
    among = await _queue_times(await bare_copy(url), address, scope)
    told = {"benchmark": "queue", "accounts": accounts, "sessions": each * accounts, "lines": LINES}
    told |= {f"{name}_alone_ms": value for name, value in alone.items()}
    told |= {f"{name}_among_ms": value for name, value in among.items()}
    print(json.dumps({**told, "ratio": round(among["ours"] / among["bare"], 2)}), flush=True)


async def _queue_times(bare_url: str, address: str, scope: Scope) -> dict[str, float]:
    from storage.glance import _ON_SERVER, _waiting

    statement = _waiting(_ON_SERVER).statement
    location = parse_location(address)
    assert isinstance(location, PostgresServer)
    database, bare = Database(location), await asyncpg.connect(bare_url)
    spent: dict[str, list[float]] = {"bare": [], "driver": [], "ours": []}
    driver = await asyncpg.connect(address)

    async def ours() -> None:
        async with database.reading(scope) as read:
            await Waiting(read).listed("", LINES)

    for _ in range(LOOKS):
        for name, look in (
            ("bare", lambda: bare.fetch(statement, scope.account_id, LINES, *NO_LISTS)),
            ("driver", lambda: driver.fetch(statement, scope.account_id, LINES, *NO_LISTS)),
            ("ours", ours),
        ):
            began = time.perf_counter()
            await look()
            spent[name].append((time.perf_counter() - began) * 1000)
    await database.dispose()
    await bare.close()
    await driver.close()
    return {name: round(statistics.median(times), 2) for name, times in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("owner_url", help="an empty Postgres database, as an owner who may make databases and roles")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    given = parser.parse_args()
    sound = asyncio.run(steps(given.owner_url, given.seconds)) if given.seconds else asyncio.run(empty(given.owner_url))
    if given.accounts:
        asyncio.run(queue(given.owner_url, given.accounts, given.sessions))
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
