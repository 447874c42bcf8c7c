"""Statements are compiled once a run for each kind of database: every test has a database of its own, and with that an
engine of its own, which would compile all that it says from the beginning. That was a sixth of the time of most tests.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from storage.tables import Base


class _Shared(LRUCache[Any, Any]):
    """By the kind of database instead of the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_by_kind(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_by_kind(key), value)


def share() -> None:
    """Among all engines that are connected from now on."""
    compiled = _Shared(4000)

    @event.listens_for(Engine, "engine_connect")
    def _use(connection: Connection) -> None:
        connection.engine._compiled_cache = compiled

    for mapper in Base.registry.mappers:
        mapper._compiled_cache = compiled  # what is written through it


def _by_kind(key: Any) -> Any:
    dialect, *statement = key
    return type(dialect), *statement
