"""The first look at a store, for what the app opens with: by the bare driver, since SQLAlchemy takes longer to load
than everything else of a start (`docs/decisions/0008`).

It answers the plain case and no other. A store that is missing, locked or not current, a person who may not be there, a
name that could be two people: there is no first look then, and the store itself says what is the matter.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from storage.errors import StoreUnreachable
from storage.location import Location, PostgresServer, SqliteFile
from storage.servers import SECONDS, connect
from storage.version import SCHEMA
from storage.written import from_stored_text, from_stored_time, to_stored_text

_BUSY_SECONDS = 0.2

_Ask: TypeAlias = Callable[..., Awaitable[Sequence[Any]]]


class _Query(NamedTuple):
    statement: str
    gives: str
    """How each column is written: `id`, `words`, `time`, `flag`, or `plain` for what both databases give as it is."""


_VERSION = _Query("SELECT version_num FROM alembic_version", "plain")
_WHO = "users.id, users.account_id, users.name, users.role, users.covers_l1, users.active"
_WHO_GIVES = "id id words plain flag flag"
_OF_LOGIN = _Query(f"SELECT {_WHO} FROM users WHERE login = session_user AND deleted_at IS NULL", _WHO_GIVES)
_IS_OWNER = _Query(
    """SELECT pg_has_role(session_user, relowner, 'MEMBER')
         AND NOT EXISTS (SELECT FROM users WHERE login = session_user)
       FROM pg_class WHERE oid = 'users'::regclass""",
    "flag",
)
_FIRST = _Query(
    f"""SELECT {_WHO} FROM users JOIN accounts ON accounts.id = users.account_id
        WHERE users.first ORDER BY accounts.created_at, accounts.id LIMIT 1""",
    _WHO_GIVES,
)
_NAMED = _Query(f"SELECT {_WHO} FROM users WHERE name = $1 AND deleted_at IS NULL", _WHO_GIVES)
_CALL = """sessions.id, sessions.status, sessions.user_id, users.name, sessions.instruction IS NOT NULL,
         sessions.awaits_psa"""
_NEWEST = """FROM sessions AS shown WHERE shown.account_id = $1 AND shown.ticket_id = tickets.id
         ORDER BY shown.status IN ('active', 'paused') DESC, shown.created_at DESC, shown.id LIMIT 1"""
_IN_FILE = f"LEFT JOIN sessions ON sessions.account_id = $1 AND sessions.id = (SELECT shown.id {_NEWEST})"
_ON_SERVER = f"LEFT JOIN LATERAL (SELECT shown.* {_NEWEST}) AS sessions ON TRUE"
"""Under row level security an id that a query looks up is looked for in all rows; SQLite has no LATERAL."""
_WAITING_GIVES = "id plain plain words words words words time id plain id words flag flag words words words words"


def _waiting(shown: str) -> _Query:
    """`shown` joins the call that stands for a ticket."""
    return _Query(
        f"""SELECT tickets.id, tickets.kind, tickets.status, tickets.external_id, tickets.problem, tickets.customer,
         tickets.contact, tickets.created_at, {_CALL}, NULL, NULL, NULL, NULL
       FROM tickets {shown} LEFT JOIN users ON users.id = sessions.user_id
       WHERE tickets.account_id = $1 AND tickets.status IN ('open', 'walking')
         AND NOT (tickets.kind = 'psa' AND tickets.status = 'open' AND EXISTS (
           SELECT 1 FROM psa_lists WHERE account_id = $1 AND name IN ($3, $4) AND refreshed_at IS NOT NULL))
       ORDER BY tickets.created_at DESC, tickets.id LIMIT $2""",
        _WAITING_GIVES,
    )


def _at_psa(shown: str) -> _Query:
    """As `_waiting`."""
    return _Query(
        f"""SELECT tickets.id, 'psa', CASE WHEN tickets.status = 'escalated' THEN 'escalated' ELSE 'open' END,
         psa_tickets.external_id, COALESCE(tickets.problem, psa_tickets.summary),
         COALESCE(tickets.customer, psa_tickets.customer), COALESCE(tickets.contact, psa_tickets.contact),
         psa_tickets.opened_at, {_CALL}, psa_tickets.number, psa_tickets.board, psa_tickets.status, psa_tickets.owner
       FROM psa_tickets
       LEFT JOIN tickets ON tickets.account_id = psa_tickets.account_id
         AND tickets.external_id = psa_tickets.external_id
       {shown} LEFT JOIN users ON users.id = sessions.user_id
       WHERE psa_tickets.account_id = $1
         AND psa_tickets.list_id = (SELECT id FROM psa_lists WHERE account_id = $1 AND name = $3)
         AND (tickets.id IS NULL OR tickets.status IN ('open', 'escalated')
           OR (tickets.status = 'resolved' AND psa_tickets.updated_at > tickets.updated_at))
       ORDER BY psa_tickets.opened_at DESC, psa_tickets.external_id LIMIT $2""",
        _WAITING_GIVES,
    )


_LISTS = _Query(
    """SELECT refreshed_at, failed_at, error, tickets FROM psa_lists WHERE account_id = $1 AND name IN ($2, $3)""",
    "time time words plain",
)
_OWN = _Query(
    """SELECT id, status, problem_text, customer, contact, last_step_at, instruction IS NOT NULL, awaits_psa
       FROM sessions
       WHERE account_id = $1 AND user_id = $2 AND status IN ('active', 'paused')
       ORDER BY last_step_at DESC, id LIMIT 20""",
    "id plain words words words time flag flag",
)
_ANY = _Query("SELECT id FROM sessions WHERE account_id = $1 LIMIT 1", "id")


class UserSeen(NamedTuple):
    id: UUID
    account_id: UUID
    name: str
    role: str
    covers_l1: bool


class TicketSeen(NamedTuple):
    id: UUID | None
    """None for a ticket of the PSA that no call was ever about."""
    kind: str
    status: str
    external_id: str | None
    problem: str
    customer: str
    contact: str
    created_at: datetime
    session_id: UUID | None
    """The newest one's that is under way, else the newest one's; like what follows."""
    session_status: str | None
    user_id: UUID | None
    technician: str | None
    handed_back: bool
    awaits_psa: bool | None
    """None where there is no session."""
    number: str | None
    """As the PSA last listed it, like what follows."""
    board: str | None
    at_psa: str | None
    owner: str | None

    @property
    def identity(self) -> str:
        return str(self.id) if self.external_id is None else f"psa {self.external_id}"


class ListSeen(NamedTuple):
    refreshed_at: datetime | None
    failed_at: datetime | None
    error: str
    tickets: int


class CallSeen(NamedTuple):
    id: UUID
    status: str
    problem: str
    customer: str
    contact: str
    last_step_at: datetime
    handed_back: bool
    awaits_psa: bool


class Glance(NamedTuple):
    user: UserSeen
    waiting: Sequence[TicketSeen]
    own: Sequence[CallSeen]
    """The user's calls under way, at most 20, the latest step first."""
    no_session: bool
    """The account has none at all yet."""
    lists: Sequence[ListSeen]
    """What is known of the PSA's lists; not in their order."""


class _Eye:
    """A read-only connection at one moment of the store."""

    def __init__(self, ask: _Ask, reads: Mapping[str, Callable[[Any], Any]], shown: str) -> None:
        """`shown` joins the call that stands for a ticket."""
        self.shown = shown
        self._ask = ask
        self._reads = reads

    async def see(self, query: _Query, *values: object) -> list[tuple[Any, ...]]:
        """What was meant, from what is written."""
        reads = [self._reads.get(kind) for kind in query.gives.split()]
        return [
            tuple(
                value if value is None or read is None else read(value) for read, value in zip(reads, row, strict=True)
            )
            for row in await self._ask(query.statement, *values)
        ]


async def glance(location: Location, name: str | None, limit: int, lists: Sequence[str] = ()) -> Glance | None:
    """What waits, at most `limit`, and who looks: the login, or `name`, or the user that `init` made. `lists`: at most
    two names under which the PSA's tickets are kept.

    None where there is no plain answer. Raises StoreUnreachable where a server did not answer in time.
    """
    on_server = isinstance(location, PostgresServer)
    try:
        async with _on_server(location) if isinstance(location, PostgresServer) else _on_file(location) as eye:
            if await eye.see(_VERSION) != [(SCHEMA,)]:
                return None
            user = await _user(eye, name, on_server=on_server)
            return None if user is None else await _seen(eye, user, limit, lists)
    except TimeoutError as error:
        raise StoreUnreachable(f"{location}: no answer", "Check the network and that the server runs.") from error
    except Exception:  # noqa: BLE001  # the store itself finds it again, and tells it
        return None


async def _user(eye: _Eye, name: str | None, *, on_server: bool) -> UserSeen | None:
    found = await eye.see(_OF_LOGIN) if on_server else []
    if found:
        found = [row for row in found if name in {None, row[2]}]
    elif not on_server or await eye.see(_IS_OWNER) == [(True,)]:
        found = await eye.see(_FIRST)
        if found and name is not None:
            named, (_, account_id, *_) = await eye.see(_NAMED, to_stored_text(name)), found[0]
            found = [row for row in named if row[1] == account_id] or named
    match found:
        case [(*who, True)] if "/" not in (name or ""):  # which may name an account too
            return UserSeen(*who)
    return None


async def _seen(eye: _Eye, user: UserSeen, limit: int, lists: Sequence[str]) -> Glance:
    account, names = user.account_id, [to_stored_text(name) for name in (*lists, "", "")[:2]]
    waiting = [TicketSeen(*row) for row in await eye.see(_waiting(eye.shown), account, limit, *names)]
    for name in filter(None, names):
        waiting += [TicketSeen(*row) for row in await eye.see(_at_psa(eye.shown), account, limit, name)]
    # A ticket that is on both lists is there once.
    once = {each.identity: each for each in sorted(waiting, key=lambda each: each.identity)}
    newest = sorted(once.values(), key=lambda each: each.created_at, reverse=True)[:limit]
    own = [CallSeen(*row) for row in await eye.see(_OWN, account, user.id)]
    known = [ListSeen(*row) for row in await eye.see(_LISTS, account, *names)] if lists else []
    return Glance(user, newest, own, not await eye.see(_ANY, account), known)


@asynccontextmanager
async def _on_file(location: SqliteFile) -> AsyncIterator[_Eye]:
    location.require()
    address = location.path.as_uri() + "?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("BEGIN")

        async def ask(statement: str, *values: object) -> list[Any]:
            written = [value.hex if isinstance(value, UUID) else value for value in values]
            return connection.execute(statement.replace("$", "?"), written).fetchall()

        yield _Eye(ask, {"id": UUID, "words": from_stored_text, "time": from_stored_time, "flag": bool}, _IN_FILE)


@asynccontextmanager
async def _on_server(location: PostgresServer) -> AsyncIterator[_Eye]:
    connection = await connect(location)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield _Eye(connection.fetch, {"words": from_stored_text, "time": lambda at: at.astimezone(UTC)}, _ON_SERVER)
    finally:
        await connection.close(timeout=SECONDS)
