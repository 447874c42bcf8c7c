"""What time it is. Services are given the clock, so that a test can be at any hour."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives an aware UTC time."""


def utc_now() -> datetime:
    return datetime.now(UTC)
