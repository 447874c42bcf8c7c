"""What is loaded while nobody does anything, so that the first new call finds it there."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from rfl1 import idle

_AHEAD = """
import asyncio, json, sys
from rfl1.idle import Idle
asyncio.run(Idle().load())
before = set(sys.modules)
from screens.intake import IntakeScreen
from screens.walk import WalkScreen
from services.intake.service import Intake
from services.matching.index import Index
print(json.dumps([sorted(set(sys.modules) - before), sorted({"anthropic", "httpx", "alembic"} & set(sys.modules))]))
"""


def test_a_new_call_and_a_walk_have_nothing_left_to_load() -> None:
    ran = subprocess.run([sys.executable, "-c", _AHEAD], cwd=Path(__file__).parents[2], capture_output=True, check=True)
    assert json.loads(ran.stdout) == [[], []]


async def test_nothing_is_loaded_while_somebody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(idle, "import_module", loaded.append)
    monkeypatch.setattr(idle, "QUIET_SECONDS", 3600)
    waiting = idle.Idle()
    waiting.key()
    loading = asyncio.create_task(waiting.load())
    for _ in range(5):
        await asyncio.sleep(0)
    loading.cancel()
    assert loaded == []
    await idle.Idle().load()
    assert loaded == list(idle.MODULES)
