"""What stays unloaded: a command starts as fast as what it imports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCREENS = ("textual",)
MODEL = ("anthropic", "httpx")
STORE = ("sqlalchemy", "alembic", "asyncpg", "aiosqlite")
DATA = ("pydantic", "yaml", "rapidfuzz")

_RUN = """
import json, sys
from rfl1.__main__ import main
status = main(json.loads(sys.argv[1]))
json.dump({"status": status, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}, sys.stderr)
"""

_FIRST_FRAME = """
import gc, json, sys
from rfl1 import __main__, behind, launch

async def settle(self):
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    self._app.exit()
    status = 0 if self._app.screen.query("#calls") and gc.isenabled() else 1
    sys.stderr.write(json.dumps({"status": status, "loaded": loaded}))

behind.Behind._settle_in = settle
launch.check_ready = lambda settings: None
__main__.main(json.loads(sys.argv[1]))
"""

COMMANDS: dict[str, tuple[str, ...]] = {
    "--help": (*SCREENS, *MODEL, *STORE, *DATA),
    "queue --help": (*SCREENS, *MODEL, *STORE, *DATA),
    "flows --help": (*SCREENS, *MODEL, *STORE, *DATA),
    "flows import --help": (*SCREENS, *MODEL, *STORE, *DATA),
    "proposals merge --help": (*SCREENS, *MODEL, *STORE, *DATA),
    "proposals list --json": (*SCREENS, *MODEL, "alembic"),
    "tutor --help": (*SCREENS, *MODEL, *STORE),
    "config show": (*SCREENS, *MODEL, *STORE),
    "doctor": (*SCREENS, "anthropic"),
    "queue --json": (*SCREENS, *MODEL, "alembic"),
    "escalations --json": (*SCREENS, *MODEL, "alembic"),
    "sessions list --json": (*SCREENS, *MODEL, "alembic"),
    "flows list --json": (*SCREENS, *MODEL),
    "flows versions outlook-password-prompt --json": (*SCREENS, *MODEL, "alembic"),
    "flows check outlook-password-prompt --json": (*SCREENS, *MODEL, "alembic"),
    "match outlook --json": (*SCREENS, *MODEL, "alembic"),
    "intake outlook --json": (*SCREENS, *MODEL, "alembic"),
    "replay examples/licence-out-of-scope.yaml --json": (*SCREENS, *MODEL, "alembic"),
    "scripts list --json": (*SCREENS, *MODEL, "alembic"),
    "psa --help": (*SCREENS, *MODEL, *STORE),
    "stats --json": (*SCREENS, *MODEL, "alembic"),
    "bench match --help": (*SCREENS, *MODEL, *STORE, *DATA, "numpy"),
    "flows examples outlook-password-prompt --json": (*SCREENS, *MODEL, "numpy"),
    "bench builder --json": (*SCREENS, *MODEL, "alembic", "asyncpg", "aiosqlite"),
}
"""Command line to what it must not load. On a store that `rfl1 init` made."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    _run(["init", "--user", "maria"], home)
    return home


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loads_only_what_it_needs(command: str, store: Path) -> None:
    assert sorted(set(COMMANDS[command]) & _run(command.split(), store)) == []


@pytest.mark.parametrize("arguments", [[], ["--as", "maria"], ["--as", "nobody", "--as", "maria"]])
def test_the_first_frame_loads_neither_store_nor_model(arguments: list[str], store: Path) -> None:
    """Textual and the bare driver are all that the queue is read and drawn with; see `docs/start.md`."""
    headless = "textual.drivers.headless_driver:HeadlessDriver"
    loaded = _loaded(_FIRST_FRAME, arguments, store, TEXTUAL_DRIVER=headless)
    assert "textual" in loaded
    assert sorted({*MODEL, *STORE, *DATA, "typer", "numpy"} & loaded) == []


def _run(arguments: list[str], home: Path) -> set[str]:
    """The top-level modules that are loaded when the command is done."""
    return _loaded(_RUN, arguments, home)


def _loaded(script: str, arguments: list[str], home: Path, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(arguments)],
        env={**os.environ, "RFL1_HOME": str(home), **environment},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=False,
        text=True,
    )
    said = done.stderr
    assert said.endswith("}"), said
    result = json.loads(said[said.rindex('{"status"') :])
    assert result["status"] == 0, said
    return set(result["loaded"])
