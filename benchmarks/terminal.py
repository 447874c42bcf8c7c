"""A program in a terminal of 120x36: what it writes and when, its processor time and memory. Linux only."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # drawing in one piece: known
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # sizes told in the stream: unknown
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a program may ask its terminal; some wait for the answer."""

_CONTROL = re.compile(rb"\x1b(?:[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-~]|[^\[\]P_^])|[\x00-\x1f]")
KEYS = {"down": b"\x1b[B", "up": b"\x1b[A", "tab": b"\t", "escape": b"\x1b", "enter": b"\r", "quit": b"\x11"}
KEYS |= {f"f{number}": b"\x1bO" + letter for number, letter in ((2, b"Q"), (3, b"R"), (4, b"S"))}


class Silent(Exception):
    """What was waited for did not come."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What has passed since the start of the program, or since a key."""

    ms: float
    cpu: float
    """Milliseconds of the processor, all threads."""


class Terminal:
    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self._file = own
        self._written = b""
        self._began, self._spent = time.perf_counter(), 0.0
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._file)

    def until(self, text: str = "", *, seconds: float = 60) -> Moment:
        """When `text` has been written since the last key; without one, when anything that can be seen has."""
        wanted = text.encode()
        deadline = time.perf_counter() + seconds
        while True:
            seen = _CONTROL.sub(b"", self._written)
            if wanted in seen if wanted else seen.strip():
                return self._now()
            if not self._read(deadline - time.perf_counter()):
                raise Silent(f"{text!r} did not come; the last was {seen[-300:]!r}")

    def quiet(self, seconds: float = 0.3) -> tuple[Moment, int]:
        """The last moment at which something was written before so long a silence, and how many bytes since the key."""
        last = self._now()
        while self._read(seconds):
            last = self._now()
        return last, len(self._written)

    def press(self, key: str) -> None:
        """What is waited for from now on is what comes after it."""
        while self._read(0):
            pass
        self._written = b""
        self._spent = self._processor()
        self._began = time.perf_counter()
        os.write(self._file, KEYS.get(key, key.encode()))

    def idle(self, seconds: float) -> tuple[float, int]:
        """Milliseconds of the processor and bytes written while nobody does anything."""
        self._written = b""
        before, end = self._processor(), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        return self._processor() - before, len(self._written)

    def ended(self) -> Moment:
        """When the process is gone."""
        end = time.perf_counter() + 20
        while self._process.poll() is None and time.perf_counter() < end:
            if not self._read(0.001):
                time.sleep(0.001)
        if self._process.returncode != 0:
            raise Silent(f"it ended with {self._process.returncode}: {self._written[-300:]!r}")
        return Moment((time.perf_counter() - self._began) * 1000, 0)

    @property
    def memory(self) -> float:
        """MB that it has in memory now."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _now(self) -> Moment:
        return Moment((time.perf_counter() - self._began) * 1000, self._processor() - self._spent)

    def _processor(self) -> float:
        return time.clock_gettime((~self._process.pid << 3) | 2) * 1000  # the kernel's clock of another process

    def _read(self, seconds: float) -> bool:
        if not select.select([self._file], [], [], max(0, seconds))[0]:
            return False
        try:
            chunk = os.read(self._file, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self._written += chunk
        for asked, answer in _ANSWERS.items():
            if asked in chunk:
                os.write(self._file, answer)
        return True
