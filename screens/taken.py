"""Which texts are open in which terminal: two of one person do not write into one file without knowing."""

import contextlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from screens.times import hour

_ENDING = ".open"


class Taken:
    """A file that this app works on, until it lets go of it, or ends, however that comes. Beside it lies another that
    the system keeps for one at a time: what an editor writes may be a new file each time."""

    def __init__(self, file: Path, handle: int) -> None:
        self._beside = _beside(file)
        self._handle = handle

    def let_go(self) -> None:
        with contextlib.suppress(OSError):
            self._beside.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            os.close(self._handle)


def take(file: Path) -> Taken | None:
    """None where another app has it, or another screen of this one. Raises OSError."""
    beside = _beside(file)
    beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(handle):
            os.close(handle)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(beside)):
                break
        os.close(handle)  # whoever had it has just taken the file away
    os.ftruncate(handle, 0)
    os.write(handle, f"{_terminal()}\n".encode())
    return Taken(file, handle)


def where(file: Path) -> str:
    """In which terminal, and since when, as far as that is known: ` (/dev/pts/3, since 14:02)`."""
    try:
        beside = _beside(file)
        terminal, since = beside.read_text(encoding="utf-8").strip(), beside.stat().st_mtime
    except (OSError, UnicodeDecodeError):
        return ""
    return f" ({', '.join(filter(None, (terminal, f'since {hour(datetime.fromtimestamp(since, UTC))}')))})"


def _beside(file: Path) -> Path:
    return file.with_name(file.name + _ENDING)


def _terminal() -> str:
    try:
        return os.ttyname(sys.__stdin__.fileno()) if sys.__stdin__ is not None else ""
    except (OSError, ValueError, AttributeError):
        return ""


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system that keeps nothing for anybody
            return True
        return True
