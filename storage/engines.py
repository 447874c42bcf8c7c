"""How connections are made and kept clean, for each of the two databases."""

import asyncio
from typing import Any
from uuid import uuid4

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.location import Location, PostgresServer, SqliteFile
from storage.servers import Pooled, connect_pooled, connect_straight

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process's write on SQLite."""

WAITS_FOR_ONE = 10.0
"""Seconds to wait for a connection to a server that all others are using."""

READ_ONLY = "rfl1_read_only"
"""The execution option of a connection that will only read."""

POOLED = "rfl1_pooled"
"""In a connection's `info`: it goes through a pooler."""

_UNSURE = "rfl1_unsure"


def make_engine(location: Location, connections: int, silence: float | None) -> AsyncEngine:
    match location:
        case SqliteFile():
            return _sqlite(location, connections)
        case PostgresServer():
            return _postgres(location, connections, silence)


def _postgres(location: PostgresServer, connections: int, silence: float | None) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAITS_FOR_ONE,
        pool_recycle=1800,
        hide_parameters=True,
    )

    pooled = False

    @event.listens_for(engine.sync_engine, "do_connect")
    def straight_or_pooled(dialect: Any, record: Any, _arguments: list[Any], _options: dict[str, Any]) -> Any:
        nonlocal pooled
        if not pooled:
            try:
                return dialect.loaded_dbapi.connect(location, silence, async_creator_fn=connect_straight)
            except Pooled:
                pooled = True
        record.info[POOLED] = True
        # Names that no other client of the pooler gives; nothing is kept for the next transaction.
        kept = {"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: f"rfl1_{uuid4().hex}"}
        return dialect.loaded_dbapi.connect(location, silence, async_creator_fn=connect_pooled, **kept)

    @event.listens_for(engine.sync_engine, "handle_error")
    def silent(context: ExceptionContext) -> None:
        """Of a network that has lost one connection without a word none is used any more."""
        if isinstance(context.original_exception, TimeoutError):
            context.is_disconnect = True

    @event.listens_for(engine.sync_engine, "checkout")
    def alive(connection: Any, _record: object, _proxy: object) -> None:
        """A connection that the server has closed is replaced before it is used; asking costs no round trip."""
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


def _sqlite(location: SqliteFile, connections: int) -> AsyncEngine:
    # Every user of a connection ends its own transaction; the pool's own rollback would be one more hop a step.
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        pool_size=connections,
        max_overflow=0,
        poolclass=AsyncAdaptedQueuePool,
        pool_reset_on_return=None,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def existing_file_only(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        arguments[:] = [location.path.as_uri() + "?mode=rw"]
        options.update(uri=True, isolation_level=None, timeout=BUSY_TIMEOUT)

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    # A cancelled statement still runs in the driver's thread, and may have opened a transaction. Thrown away, such a
    # connection keeps the file locked until it is collected; so it goes back to the pool, rolled back on the way.

    @event.listens_for(engine.sync_engine, "handle_error")
    def cancelled(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, asyncio.CancelledError) and context.connection is not None:
            context.is_disconnect = False
            context.connection.info[_UNSURE] = True

    @event.listens_for(engine.sync_engine.pool, "reset")
    def roll_back_what_is_unsure(
        connection: DBAPIConnection, record: ConnectionPoolEntry | None, _state: object
    ) -> None:
        if record is not None and record.info.pop(_UNSURE, False):
            connection.rollback()

    return engine
