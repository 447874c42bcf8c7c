"""kill -9 at any moment: what was printed as done is there exactly once, and every call goes on where it was."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.rfl1.conftest import Run

ROOT = Path(__file__).parents[2]
KILLS = 3
RESUMED = 3
"""Calls of each store that are looked at one by one."""
LONGEST = 0.05
"""Seconds of a kill after a printed line: several changes long."""
AUDITED = {
    "start": {"l1.session.start"},
    "resolve": {"l1.session.resolve"},
    "escalate": {"l1.session.escalate", "l1.session.escalate_no_walk"},
    "hand_back": {"l1.session.hand_back"},
}


def killed(chance: random.Random) -> list[Any]:
    """What a replay of every example, by several workers, printed before it was killed."""
    replay = [sys.executable, "-m", "rfl1", "replay", "examples", "--progress", "--repeat", "1000", "--workers", "4"]
    with subprocess.Popen(replay, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(chance.randint(1, 40))]
        time.sleep(chance.uniform(0, LONGEST))
        process.kill()
        told += process.stdout.readlines()
    return [json.loads(line) for line in told if line.endswith("\n")]


def test_what_was_printed_before_a_kill_is_stored_exactly_once(store: str, run: Run) -> None:
    chance = random.Random(store.partition(":")[0])  # noqa: S311
    changes = [change for _ in range(KILLS) for change in killed(chance)]
    printed: dict[str, list[Any]] = defaultdict(list)
    for change in changes:
        printed[change["session_id"]].append(change)
    sessions = run("sessions", "show", *printed, "--json").json
    audited = Counter((each["session_id"], each["action"]) for each in run("audit", "--json", "--limit", "9999").json)
    for session in sessions:
        told = printed[session["id"]]
        steps = [each["step_id"] for each in session["walked_path"]]
        promised = [each["step_id"] for each in told if "step_id" in each]
        assert steps[: len(promised)] == promised
        assert len(set(steps)) == len(steps)
        assert [each["seq"] for each in session["walked_path"]] == list(range(1, len(steps) + 1))
        assert session["state_version"] - told[-1]["state_version"] in (0, 1)  # stored, and not told of any more
        for name, actions in AUDITED.items():
            if stored := [each for each in told if each["change"] == name]:
                assert sum(audited[session["id"], action] for action in actions) == len(stored)
    resumable = [each for each in sessions if each["status"] == "active" and each["kind"] == "flow"]
    assert resumable
    for session in resumable[:RESUMED]:
        resumed = run("sessions", "resume", session["id"], "--json").json
        assert resumed["pending_node"] == session["pending_node"] is not None
    assert run("db", "check").status == 0


def test_four_inits_at_once_killed_half_way_leave_something_to_finish(
    sqlite_url: str, postgres_url: str, run: Run
) -> None:
    chance = random.Random(4)  # noqa: S311
    for url in (sqlite_url, postgres_url):
        init = [sys.executable, "-m", "rfl1", "--db", url, "init", "--user", "olga"]
        running = [subprocess.Popen(init, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(4)]
        time.sleep(chance.uniform(0.7, 2))
        for process in running:
            process.kill()
        for process in running:
            process.wait()
        assert run("--db", url, "init", "--user", "olga").status == 0
        assert run("--db", url, "db", "check").status == 0
        assert [each["name"] for each in run("--db", url, "users", "list", "--json").json] == ["olga"]
        slugs = [each["slug"] for each in run("--db", url, "flows", "list", "--json").json]
        assert len(slugs) == len(set(slugs)) == len(list((ROOT / "services/flows/starter").glob("*.yaml")))
