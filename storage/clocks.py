"""Times that terminals compare with each other: told by the server's clock where there is a server, since those of the
terminals differ. In a file there is one clock, that of the machine.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, func, literal, select

from storage.database import Reading
from storage.types import Moment


@dataclass(frozen=True, slots=True)
class Ahead:
    """A value to store: so many seconds from now."""

    seconds: float = 0.0


def told(read: Reading, now: datetime, seconds: float = 0.0) -> ColumnElement[datetime]:
    """What the store says that it is, so many seconds later; `now` where it has no clock of its own."""
    if read.session.get_bind().dialect.name != "postgresql":
        return literal(now + timedelta(seconds=seconds), Moment())
    clock = func.clock_timestamp(type_=DateTime(timezone=True))
    return clock + timedelta(seconds=seconds) if seconds else clock


async def store_clock(read: Reading, now: datetime) -> datetime:
    """The same as a value."""
    return (await read.session.scalars(select(told(read, now)))).one()
