"""What every test gets: no trace of whoever runs it, real stores of both kinds, hypothesis that repeats itself."""

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import certifi
import hypothesis
import pytest

from tests import logins, memory, postgres, statements

_THEIRS = ("RFL1_", "ANTHROPIC_", "PG", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FORCE_COLOR", "NO_COLOR", "TEXTUAL_")
for _name in list(os.environ):
    if _name.upper().startswith(_THEIRS) and _name != postgres.VARIABLE:
        del os.environ[_name]

if _memory := memory.place():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _memory)  # where pytest makes its temporary folders

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for something that does not come."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and most of what a test leaves goes without the collector, which took a quarter of
    the time of the tests of the app."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


statements.share()


@pytest.fixture(scope="session", autouse=True)
def _nobody_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Before and between tests too, nothing lands in the folders of the person running them."""
    home = tmp_path_factory.mktemp("nobody")
    trusted = home / "trusted.pem"
    first, end, _ = certifi.contents().partition("-----END CERTIFICATE-----\n")
    trusted.write_text(first + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RFL1_HOME", str(home))
        patch.setenv("SSL_CERT_FILE", str(trusted))  # every client reads all of them anew; no test speaks to the world
        patch.setenv("RFL1_MATCH_EMBEDDER", "off")  # a second for every process; who tests it switches it on
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """RFL1_HOME of this test; not made yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RFL1_HOME", str(folder))
    return folder


# Empty stores. Everything is given as people write it: sqlite:///path.db, postgresql://user@host/db.


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Where a database may be made; there is no file yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty database, as its owner, who is no superuser."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A store with nothing in it, of either kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


# Migrated stores: migrated once, then copied, which is what makes a fresh one a test cheap.


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: postgres.Server) -> Iterator[str]:
    url = postgres_server.create_database()
    _migrate(url)
    yield postgres.database_name(url)
    postgres_server.drop_database(url)


@pytest.fixture
def migrated_sqlite_url(migrated_sqlite: Path, sqlite_url: str) -> str:
    shutil.copyfile(migrated_sqlite, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def migrated_postgres_url(postgres_server: postgres.Server, migrated_postgres: str) -> Iterator[str]:
    url = postgres_server.create_database(template=migrated_postgres)
    if superuser := postgres_server.as_superuser(url):
        logins.SUPERUSERS[url] = superuser
    yield url
    logins.SUPERUSERS.pop(url, None)
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A store at the newest migration, without rows, of either kind."""
    return str(request.getfixturevalue(f"migrated_{request.param}_url"))


def _migrate(url: str) -> None:
    from migrations import upgrade
    from storage.database import Database

    async def run() -> None:
        database = Database.open(url)
        try:
            await upgrade(database)
        finally:
            await database.dispose()

    asyncio.run(run())
