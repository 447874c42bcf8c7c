"""Connections to a server, straight or through a pooler that hands each transaction to another backend (PgBouncer in
transaction mode): there, a statement that was prepared in one transaction is gone in the next, and so is any setting.
"""

import configparser
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from storage.errors import StoreForbids, StoreUnreachable
from storage.location import SERVER_SETTINGS, PostgresServer

warnings.filterwarnings("ignore", message="password file .* has group or world access")  # told where it matters

SECONDS = 5
"""To connect, before a server is taken to be away."""
SILENCE = 35.0
"""Seconds after which a server that was asked something and says nothing is taken to be away, though the network tells
nothing of that: by then it has ended a statement of its own accord."""

_REFUSED_SETTING = "08P01"
"""A protocol violation: what a pooler calls settings that it does not know."""


class Pooled(Exception):
    """A pooler stands before the server."""


async def connect_straight(location: PostgresServer, silence: float | None = SILENCE) -> Any:
    """An asyncpg connection that keeps what it prepares. Raises Pooled."""
    import asyncpg

    try:
        with _files(location):
            connection = await asyncpg.connect(
                **_address(location), command_timeout=silence, server_settings=SERVER_SETTINGS
            )
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


async def connect_pooled(location: PostgresServer, silence: float | None = SILENCE) -> Any:
    """An asyncpg connection that prepares anew what it runs; limits and zone are those of the login itself."""
    import asyncpg

    with _files(location):
        return await asyncpg.connect(**_address(location), command_timeout=silence, statement_cache_size=0)


async def connect(location: PostgresServer) -> Any:
    """The one or the other, for a few statements."""
    try:
        return await connect_straight(location)
    except Pooled:
        return await connect_pooled(location)


def _address(location: PostgresServer) -> dict[str, Any]:
    """For the driver, which knows sslmode, passfile, service files and the PG variables itself. All but three things:
    that no name behind the `/` is no name, PGSERVICE, and that a service that is nowhere is not the local machine.

    Raises StoreUnreachable for that.
    """
    parts = urlsplit(location.url)
    dsn = parts._replace(path="" if parts.path == "/" else parts.path).geturl()
    service = _given(location, "service", "PGSERVICE")
    if service is not None:
        _require_service(service, Path(os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf"))
    return {"dsn": dsn, "service": service, "timeout": SECONDS}


@contextmanager
def _files(location: PostgresServer) -> Iterator[None]:
    """Says which file it is that a connection fails for, where it is one of the person's own."""
    import asyncpg

    try:
        yield
    except FileNotFoundError as error:
        root = _given(location, "sslrootcert", "PGSSLROOTCERT")
        if root is None or Path(root).exists():
            raise
        raise StoreUnreachable(f"{root} is not there", "`sslrootcert` or PGSSLROOTCERT names it.") from error
    except asyncpg.InvalidPasswordError as error:
        loose = _loose_passfile(location)
        if loose is None:
            raise
        hint = f"Others may read {loose}, so it was left aside: `chmod 600` it."
        raise StoreForbids(f"{location}: {error}", hint) from error


def _require_service(service: str, path: Path) -> None:
    known = configparser.ConfigParser()
    try:
        with path.open() as file:
            known.read_file(file)
    except OSError as error:
        raise StoreUnreachable(f"{path}: {error.strerror}", "PGSERVICEFILE names another file.") from error
    except (configparser.Error, UnicodeDecodeError) as error:
        raise StoreUnreachable(
            f"{path} is no service file", "It begins with the service's name in brackets."
        ) from error
    if service not in known.sections():
        raise StoreUnreachable(f"{path} has no service {service!r}", f"It knows: {', '.join(known.sections())}.")


def _loose_passfile(location: PostgresServer) -> Path | None:
    """The password file, where it is there and others may read it."""
    path = Path(_given(location, "passfile", "PGPASSFILE") or Path.home() / ".pgpass")
    try:
        return path if path.stat().st_mode & 0o077 else None
    except OSError:
        return None


def _given(location: PostgresServer, name: str, variable: str) -> str | None:
    """What the address says, or else the environment."""
    said = parse_qs(urlsplit(location.url).query).get(name)
    return said[-1] if said else os.environ.get(variable) or None
