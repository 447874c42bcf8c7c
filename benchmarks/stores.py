"""Stores as they look after days or years of calls."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert, text

import migrations
from services.clock import utc_now
from services.team.accounts import Accounts
from storage.database import Database
from storage.tables import Ticket

FIRST = "call 000000"
"""The problem of the newest ticket: the first line of the queue."""

_AT_ONCE = 5000


async def filled(store: str, tickets: int) -> None:
    """An empty store becomes one in which so many tickets wait, the newest of a moment ago."""
    database = Database.open(store)
    try:
        await migrations.upgrade(database)
        owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
        now = utc_now()
        for start in range(0, tickets, _AT_ONCE):
            rows = [
                {
                    "id": uuid4(),
                    "account_id": owner.account_id,
                    "kind": "internal",
                    "status": "open",
                    "problem": f"call {number:06}",
                    "customer": f"customer {number % 97}",
                    "contact": "555-0100",
                    "created_at": now - timedelta(minutes=number),
                    "updated_at": now,
                }
                for number in range(start, min(tickets, start + _AT_ONCE))
            ]
            async with database.transaction(owner) as tx:
                await tx.session.execute(insert(Ticket), rows)
        async with database.session() as session:
            await session.execute(text("ANALYZE"))
    finally:
        await database.dispose()
