"""Connections to a server, straight or through a pooler that hands each transaction to another backend (PgBouncer in
transaction mode): there, a statement that was prepared in one transaction is gone in the next, and so is any setting.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from storage.location import SERVER_SETTINGS, PostgresServer

SECONDS = 5
"""To connect, before a server is taken to be away."""

_REFUSED_SETTING = "08P01"
"""A protocol violation: what a pooler calls settings that it does not know."""


class Pooled(Exception):
    """A pooler stands before the server."""


async def connect_straight(location: PostgresServer) -> Any:
    """An asyncpg connection that keeps what it prepares. Raises Pooled."""
    import asyncpg

    try:
        connection = await asyncpg.connect(**_address(location), server_settings=SERVER_SETTINGS)
    except asyncpg.PostgresError as error:
        if error.sqlstate == _REFUSED_SETTING:
            raise Pooled from error
        raise
    # A pooler gives each client a process number of its own. Asked without preparing anything.
    told = await connection.execute(f"SELECT WHERE pg_backend_pid() <> {connection.get_server_pid()}")
    if told != "SELECT 0":
        await connection.close(timeout=SECONDS)
        raise Pooled
    return connection


async def connect_pooled(location: PostgresServer) -> Any:
    """An asyncpg connection that prepares anew what it runs; limits and zone are those of the login itself."""
    import asyncpg

    return await asyncpg.connect(**_address(location), statement_cache_size=0)


async def connect(location: PostgresServer) -> Any:
    """The one or the other, for a few statements."""
    try:
        return await connect_straight(location)
    except Pooled:
        return await connect_pooled(location)


def _address(location: PostgresServer) -> dict[str, Any]:
    """For the driver, which knows sslmode, passfile, service files and the PG variables itself. All but two things:
    that no name behind the `/` is no name, and PGSERVICE."""
    parts = urlsplit(location.url)
    dsn = parts._replace(path="" if parts.path == "/" else parts.path).geturl()
    return {"dsn": dsn, "service": os.environ.get("PGSERVICE") or None, "timeout": SECONDS}
