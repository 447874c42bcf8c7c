"""The real command line on stores that `init` made: made once, copied for each test."""

import asyncio
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rfl1.__main__ import main
from rfl1.beginning import begin
from rfl1.compose import opened
from rfl1.settings import load
from tests import postgres
from tests.model_server import ModelServer, model_server


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`rfl1 ...` within this process."""

    def run_main(*arguments: object) -> Ran:
        capsys.readouterr()
        status = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run_main


def _begin(url: str) -> None:
    """An account with the starter flows, its owner `olga`, a technician `tina` and an engineer `emil`."""

    async def prepare() -> None:
        settings = load({"database_url": url, "user": None})
        await begin(settings, account="Acme", user="olga", starter=True)
        async with opened(settings) as services:
            owner = await services.users.actor(None)
            await services.users.add(owner, "tina", "l1_tech")
            await services.users.add(owner, "emil", "engineer")

    asyncio.run(prepare())


@pytest.fixture(scope="session")
def begun_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("begun") / "store.db"
    _begin(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def begun_postgres(postgres_server: postgres.Server) -> Iterator[str]:
    url = postgres_server.create_database()
    _begin(url)
    yield postgres.database_name(url)
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_store(begun_sqlite: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{begun_sqlite}{suffix}").exists():
            shutil.copy(f"{begun_sqlite}{suffix}", sqlite_url.removeprefix("sqlite:///") + suffix)
    monkeypatch.setenv("RFL1_DATABASE_URL", sqlite_url)
    return sqlite_url


@pytest.fixture
def postgres_store(
    postgres_server: postgres.Server, begun_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    url = postgres_server.create_database(template=begun_postgres)
    monkeypatch.setenv("RFL1_DATABASE_URL", url)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> str:
    """A store that is ready for calls, of either kind; RFL1_DATABASE_URL names it."""
    return str(request.getfixturevalue(f"{request.param}_store"))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model that is set up and answers on this machine, while commands run their own loops."""
    ready, done = threading.Event(), asyncio.Event()
    running: list[tuple[asyncio.AbstractEventLoop, ModelServer]] = []

    async def serve() -> None:
        async with model_server() as server:
            running.append((asyncio.get_running_loop(), server))
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    [(loop, server)] = running
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-hidden")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    yield server
    loop.call_soon_threadsafe(done.set)
    thread.join()
