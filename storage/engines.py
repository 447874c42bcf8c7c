"""How connections are made and kept clean, for each of the two databases."""

import asyncio
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.location import SERVER_SETTINGS, Location, PostgresServer, SqliteFile

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process's write on SQLite."""

READ_ONLY = "rfl1_read_only"
"""The execution option of a connection that will only read."""

_UNSURE = "rfl1_unsure"


def make_engine(location: Location, connections: int) -> AsyncEngine:
    match location:
        case SqliteFile():
            return _sqlite(location, connections)
        case PostgresServer():
            return _postgres(location, connections)


def _postgres(location: PostgresServer, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        pool_size=connections,
        max_overflow=0,
        pool_recycle=1800,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def as_written(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        """The driver reads the address itself: it knows sslmode, passfile, service files and the PG variables."""
        arguments.clear()
        options.update(dsn=location.url, server_settings=SERVER_SETTINGS, timeout=5)

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
