"""A full outbox against a PSA that answers in 50 ms: how many requests are under way, how long it takes, its weight.

    python -m benchmarks.outbox STORE...

The PSA allows so many requests at once; the time at which all of them are always under way is the floor.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import migrations
from services.access import Actor
from services.clock import utc_now
from services.flows.library import Library
from services.psa import notes
from services.team.accounts import Accounts
from services.team.settings import AccountSettings
from services.walks.changes import Sheet
from services.walks.closing import Closing
from services.walks.trees import Trees
from services.walks.writebacks import Writeback as Told
from services.writeback.journal import Journal
from services.writeback.outbox import Outbox
from storage.database import Database
from storage.tables import Session, Ticket, Writeback
from tests.psa_servers.offices import CONNECTWISE
from tests.psa_servers.server import PsaServer, running

WRITEBACKS = 1000
ANSWER_SECONDS = 0.05
CONNECTIONS = 8


async def serve() -> None:
    """The PSA, in a process of its own, until its input ends; then it says what it saw."""
    psa: PsaServer = CONNECTWISE.server(tickets=WRITEBACKS)
    under_way = most = 0

    async def slowly(work: Callable[[], Awaitable[None]]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(ANSWER_SECONDS)
        await work()
        under_way -= 1

    psa.around = slowly
    async with running(psa):
        print(psa.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        marks = {line for note in psa.desk.notes for line in note["text"].splitlines() if line.startswith("Ref ")}
        solved = sum(row["status"]["name"] == "Solved" for row in psa.desk.tickets.values())
        told = {"most": most, "requests": len(psa.asked), "notes": len(psa.desk.notes), "marks": len(marks)}
        print(json.dumps(told | {"solved": solved}), flush=True)


async def filled(database: Database) -> Actor:
    """Everything waits."""
    await migrations.upgrade(database)
    owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
    await AccountSettings(database, utc_now).set(owner, "psa.resolved_status_id", "17")
    now = utc_now() - timedelta(hours=1)
    async with database.transaction(owner) as tx:
        for number in range(1, WRITEBACKS + 1):
            at = now + timedelta(seconds=number)
            ticket, session = uuid4(), uuid4()
            words = {"customer": "Acme", "contact": "555-0100"}
            tx.add(_ticket(ticket, number, at, words))
            await tx.flush()
            tx.add(_session(session, ticket, owner, at, words))
            await tx.flush()
            mark = notes.reference(str(session), "resolve")
            tx.add(
                Writeback(
                    session_id=session,
                    ticket_id=ticket,
                    user_id=owner.user_id,
                    kind="resolution",
                    provider="",
                    mark=mark,
                    markdown=notes.signed("## Resolution\nIt was the cable.", mark),
                    helpful=True,
                    state="waiting",
                    why="",
                    worked_by="",
                    next_try_at=at,
                    created_at=at,
                )
            )
    return owner


def _ticket(known: object, number: int, at: object, words: dict[str, str]) -> Ticket:
    told = {"kind": "psa", "external_id": str(number), "status": "walking", "problem": "no sound"}
    return Ticket(id=known, created_at=at, updated_at=at, **told, **words)


def _session(known: object, ticket: object, owner: Actor, at: object, words: dict[str, str]) -> Session:
    told = {"kind": "adhoc", "status": "active", "problem_text": "no sound", "awaits_psa": True, "free_notes": True}
    times = {"created_at": at, "last_step_at": at, "changed_at": at}
    who = {"user_id": owner.user_id, "changed_by": owner.user_id}
    return Session(id=known, ticket_id=ticket, frames=[], **told, **times, **who, **words)


async def drained(store: str, url: str) -> dict[str, object]:
    database = Database.open(store, connections=CONNECTIONS)
    server = PsaServer()
    server.url = url
    provider = CONNECTWISE.provider(server)
    try:
        owner = await filled(database)
        closing = Closing(database, utc_now, Sheet(database, utc_now, Trees(Library(database, utc_now))))
        outbox = Outbox(database, utc_now, Journal(database, utc_now, closing, lambda: provider))
        done, weights = 0, dict[int, float]()

        def tell(_: Told) -> None:
            nonlocal done
            done += 1
            if done in {WRITEBACKS // 10, WRITEBACKS}:
                weights[done] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)

        began, busy = time.perf_counter(), time.process_time()
        told = await outbox.drain(owner, everything=True, tell=tell)
        took, busy = time.perf_counter() - began, time.process_time() - busy
    finally:
        await provider.close()
        await database.dispose()
    assert (told.verified, told.waiting) == (WRITEBACKS, 0), told
    figures = {"seconds": round(took, 1), "busy_seconds": round(busy, 1), "peak_mb": weights}
    return {"store": database.dialect, "at_once": provider.at_once, **figures}


def main() -> None:
    for store in sys.argv[1:]:
        served = [sys.executable, "-m", "benchmarks.outbox", "--serve"]
        with subprocess.Popen(served, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psa:
            assert psa.stdout is not None
            figures = asyncio.run(drained(store, psa.stdout.readline().strip()))
            seen = json.loads(psa.communicate("")[0])
        assert seen["notes"] == seen["marks"] == seen["solved"] == WRITEBACKS, seen
        floor = seen["requests"] * ANSWER_SECONDS / float(str(figures["at_once"]))
        told = {"requests": seen["requests"], "most_under_way": seen["most"], "floor_seconds": round(floor, 1)}
        print(json.dumps({"name": f"outbox of {WRITEBACKS}", **figures, **told}))


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(serve())
    else:
        main()
