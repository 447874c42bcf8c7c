"""Where the tests keep their files: in memory where there is room, as most of them would wait for a busy disk."""

import os
from pathlib import Path

_PLACE = Path("/dev/shm")  # noqa: S108 - what is in it belongs to whoever made it
_ROOM = 3 * 2**30
"""Bytes; what is used at once is a third of that."""


def place() -> str | None:
    """A folder in memory with room for stores and servers, where files may be run; None where there is none."""
    try:
        found = os.statvfs(_PLACE)
        free = min(found.f_bavail * found.f_frsize, _available())
    except OSError:
        return None
    usable = os.access(_PLACE, os.W_OK) and not found.f_flag & os.ST_NOEXEC
    return str(_PLACE) if usable and free > _ROOM else None


def _available() -> int:
    """Bytes that processes may still take."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
