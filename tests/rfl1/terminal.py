"""rfl1 in a terminal of its own, as a person starts it."""

import os
import pty
import select
import struct
import subprocess
import sys
import time
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

ROOT = Path(__file__).parents[2]
QUIT = b"\x11"


def in_terminal(*arguments: str, until: bytes, then: bytes) -> tuple[int, bytes]:
    """Runs rfl1 in a terminal of its own, waits for `until` on its screen, then presses `then` until it ends."""
    ours, theirs = pty.openpty()
    ioctl(ours, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-m", "rfl1", *arguments],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    seen, deadline = b"", time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.5)[0]:
                try:
                    seen += os.read(ours, 65536)
                except OSError:  # the terminal closed with the program
                    break
            elif until in seen:
                os.write(ours, then)
        return process.wait(timeout=30), seen
    finally:
        process.kill()
        process.wait()
        os.close(ours)
