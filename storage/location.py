"""Where a store is, as people write it: `sqlite:///path.db`, a plain path, `postgresql://user@host/db`."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from storage.errors import StoreMissing, StoreReadOnly, StoreTrouble, StoreUnreachable

SERVER_SETTINGS = {
    "application_name": "rfl1",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}
"""What every connection to a server begins with."""


class BadLocation(StoreTrouble):
    title = "This is not the address of a store"
    exit_status = 2


@dataclass(frozen=True, slots=True)
class SqliteFile:
    path: Path
    dialect: Literal["sqlite"] = "sqlite"

    def __str__(self) -> str:
        return str(self.path)

    def require(self) -> None:
        """Raises StoreTrouble where there is no file to open: opening a store never makes one."""
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise StoreMissing(str(self.path), "`rfl1 init` makes one.") from None
        except OSError as error:
            raise StoreUnreachable(f"{self.path}: {error.strerror}", "Check the rights of its folder.") from error
        if not stat.S_ISREG(found.st_mode):
            raise StoreUnreachable(f"{self.path} is no file", "Choose another place with --db or RFL1_HOME.")

    def create(self) -> None:
        """An empty file that only its owner may read; an existing one is left as it is."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreReadOnly(
                f"{self.path}: {error.strerror}", "Choose another place with --db or RFL1_HOME."
            ) from error


@dataclass(frozen=True, slots=True)
class PostgresServer:
    url: str
    """`postgresql://...`, with a password if one was given."""
    dialect: Literal["postgresql"] = "postgresql"

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        user = f"{unquote(parts.username)}@" if parts.username else ""
        return f"postgresql://{user}{host}{parts.path}"

    def as_login(self, login: str) -> str:
        """The address with which this login connects; its password comes from where such things are kept."""
        parts = urlsplit(self.url)
        query = [each for each in parts.query.split("&") if each.partition("=")[0] not in {"", "user", "password"}]
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{login}@{host}", query="&".join(query)).geturl()

    def require(self) -> None:
        """Nothing to look at before a connection."""


Location: TypeAlias = SqliteFile | PostgresServer


def parse_location(written: str) -> Location:
    """Raises BadLocation for anything that is not one of the three spellings."""
    scheme, colon, rest = written.partition("://")
    if not written.strip() or "\x00" in written:
        raise BadLocation(repr(written), "Give a path, sqlite:///path.db or postgresql://user@host/db.")
    if not colon:
        return SqliteFile(_path(written))
    if scheme == "sqlite":
        if not rest.startswith("/") or rest in {"/", "/:memory:"}:
            raise BadLocation(repr(written), "Write sqlite:///path.db (three slashes, then a file).")
        return SqliteFile(_path(rest[1:]))
    if scheme in {"postgresql", "postgres"}:
        return PostgresServer(_checked("postgresql://" + rest))
    raise BadLocation(f"{scheme}://...", "Give a path, sqlite:///path.db or postgresql://user@host/db.")


def _path(written: str) -> Path:
    try:
        return Path(written).expanduser().absolute()
    except RuntimeError as error:
        raise BadLocation(repr(written), "Nobody has that name here; write the path out instead of ~.") from error


def _checked(url: str) -> str:
    """The address with a host and a port that can be one."""
    try:
        url.encode()
        port = urlsplit(url).port
        (urlsplit(url).hostname or "").encode("idna")
    except ValueError as error:
        raise BadLocation(f"postgresql://...: {error}", "Write postgresql://user@host:5432/db.") from error
    if port == 0:
        raise BadLocation("postgresql://...: no server has port 0", "Write postgresql://user@host:5432/db.")
    return url
