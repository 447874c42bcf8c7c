"""Opening the app in a terminal: on a bare machine it makes its store first, and it leaves with the quit key."""

import json
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


def _in_terminal(*arguments: str, until: bytes, then: bytes) -> tuple[int, bytes]:
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


def test_on_a_bare_machine_the_app_makes_its_store_and_opens(home: Path) -> None:
    status, seen = _in_terminal(until=b"rfl1", then=QUIT)
    assert status == 0, seen[-2000:]
    listed = subprocess.run(
        [sys.executable, "-m", "rfl1", "flows", "list", "--json"], cwd=ROOT, capture_output=True, check=True
    )
    assert len(json.loads(listed.stdout)) >= 12
    assert (home / "data" / "rfl1.db").exists()


def test_a_key_for_an_action_that_is_not_there_is_told_with_its_line(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('[keys]\n"queue.new" = "m"\n"queue.fillter" = "x"\n')
    status, seen = _in_terminal(until=b"Did you mean 'queue.filter'", then=b"")
    assert status == 2, seen[-2000:]
    assert b"config.toml:3: there is no action" in seen


def test_a_named_store_that_is_missing_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    status, seen = _in_terminal("--db", str(missing), until=b"There is no store yet", then=b"")
    assert status == 3, seen[-2000:]
    assert not missing.exists()
