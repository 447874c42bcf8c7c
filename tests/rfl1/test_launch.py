"""Opening the app in a terminal: on a bare machine it makes its store first, and it leaves with the quit key."""

import json
import subprocess
import sys
from pathlib import Path

from tests.rfl1.terminal import QUIT, ROOT, in_terminal


def test_on_a_bare_machine_the_app_makes_its_store_and_opens(home: Path) -> None:
    status, seen = in_terminal(until=b"rfl1", then=QUIT)
    assert status == 0, seen[-2000:]
    listed = subprocess.run(
        [sys.executable, "-m", "rfl1", "flows", "list", "--json"], cwd=ROOT, capture_output=True, check=True
    )
    assert len(json.loads(listed.stdout)) >= 12
    assert (home / "data" / "rfl1.db").exists()


def test_a_key_for_an_action_that_is_not_there_is_told_with_its_line(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('[keys]\n"queue.new" = "m"\n"queue.fillter" = "x"\n')
    status, seen = in_terminal(until=b"Did you mean 'queue.filter'", then=b"")
    assert status == 2, seen[-2000:]
    assert b"config.toml:3: there is no action" in seen


def test_a_named_store_that_is_missing_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    status, seen = in_terminal("--db", str(missing), until=b"There is no store yet", then=b"")
    assert status == 3, seen[-2000:]
    assert not missing.exists()


def test_two_actions_on_one_key_are_told_with_the_line(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('[keys]\n"walk.note" = "p"\n')
    status, seen = in_terminal(until=b"is the key of 'walk.pause' too", then=b"")
    assert status == 2, seen[-2000:]
    assert b"config.toml:2" in seen
