"""Where a store is, as people write it: `sqlite:///path.db`, a plain path, `postgresql://user@host/db`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from storage.errors import StoreMissing, StoreReadOnly, StoreTrouble


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
        """Raises StoreMissing where there is no file: opening a store never makes one."""
        if not self.path.exists():
            raise StoreMissing(str(self.path), "`rfl1 init` makes one.")

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

    def require(self) -> None:
        """Nothing to look at before a connection."""


Location: TypeAlias = SqliteFile | PostgresServer


def parse_location(written: str) -> Location:
    """Raises BadLocation for anything that is not one of the three spellings."""
    scheme, colon, rest = written.partition("://")
    if not written.strip() or "\x00" in written:
        raise BadLocation(repr(written), "Give a path, sqlite:///path.db or postgresql://user@host/db.")
    if not colon:
        return SqliteFile(Path(written).expanduser().absolute())
    if scheme == "sqlite":
        if not rest.startswith("/") or rest in {"/", "/:memory:"}:
            raise BadLocation(repr(written), "Write sqlite:///path.db (three slashes, then a file).")
        return SqliteFile(Path(rest[1:]).expanduser().absolute())
    if scheme in {"postgresql", "postgres"}:
        return PostgresServer("postgresql://" + rest)
    raise BadLocation(f"{scheme}://...", "Give a path, sqlite:///path.db or postgresql://user@host/db.")
