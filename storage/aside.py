"""What could not be stored while the store was away, kept on this machine: one small file of its own, 0600."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from storage.faults import translate

_TABLE = """
CREATE TABLE IF NOT EXISTS aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, store TEXT NOT NULL, person TEXT NOT NULL, call TEXT NOT NULL,
    written TEXT NOT NULL
)
"""
BUSY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One change, in the order in which it was made."""

    id: int
    call: UUID
    written: str


class Aside:
    """Durable when `keep` returns. Several processes may use it at once. Blocking: call it in a thread."""

    def __init__(self, path: Path, store: str) -> None:
        """`store` names the database that the changes are for, without a password."""
        self._path = path
        self._store = store

    def keep(self, person: UUID, call: UUID, written: str) -> None:
        with self._open(make=True) as file:
            values = (self._store, str(person), str(call), written)
            file.execute("INSERT INTO aside (store, person, call, written) VALUES (?, ?, ?, ?)", values)

    def of(self, person: UUID, call: UUID) -> tuple[Kept, ...]:
        return tuple(kept for kept in self.all(person) if kept.call == call)

    def all(self, person: UUID) -> tuple[Kept, ...]:
        if not self._path.exists():
            return ()
        with self._open() as file:
            found = "SELECT id, call, written FROM aside WHERE store = ? AND person = ? ORDER BY id"
            return tuple(Kept(row[0], UUID(row[1]), row[2]) for row in file.execute(found, (self._store, str(person))))

    def drop(self, kept: Kept) -> None:
        with self._open() as file:
            file.execute("DELETE FROM aside WHERE id = ?", (kept.id,))

    @contextmanager
    def _open(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """In a transaction. Raises StoreTrouble that names the file."""
        try:
            if make and not self._path.exists():
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as file, file:
                if make:
                    file.execute(_TABLE)
                yield file
        except (sqlite3.Error, OSError) as error:
            if trouble := translate(error, str(self._path)):
                raise trouble from error
            raise
