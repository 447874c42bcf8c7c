"""TLS with a real certificate, and the files in which people keep how they connect: what is wrong is one line."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from storage.database import Database
from storage.errors import StoreForbids, StoreTrouble, StoreUnreachable
from storage.schema import current
from tests.certificates import Authority, Certificate
from tests.postgres import Mortal, mortal_server


@dataclass
class Office:
    server: Mortal
    url: str
    password: str
    ours: Authority
    others: Authority

    def show(self, certificate: Certificate) -> None:
        """From now on the server has this one."""
        self.server.kill()
        self.server.keep("server.crt", certificate.certificate)
        self.server.keep("server.key", certificate.key)
        self.server.keep("postgresql.auto.conf", "ssl = on\n")
        self.server.start()

    def at(
        self, host: str = "localhost", mode: str = "verify-full", root: Path | None = None, *, secret: bool = True
    ) -> str:
        parts = urlsplit(self.url)
        password = f":{self.password}" if secret else ""
        asked = f"sslmode={mode}&sslrootcert={root or self.ours.path}"
        return parts._replace(netloc=f"{parts.username}{password}@{host}:{parts.port}", query=asked).geturl()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("authorities")
    ours, others = Authority(folder / "ours", "Ours"), Authority(folder / "others", "Others")
    with mortal_server() as server:
        url = server.create_database()
        office = Office(server, url, urlsplit(url).password or "", ours, others)
        office.show(ours.certificate("localhost"))
        yield office


@pytest.fixture
def office(made: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("HOME", str(tmp_path))
    return made


async def refusal(url: str) -> StoreTrouble:
    """What a person is told, which is one line and soon."""
    database = Database.open(url)
    with pytest.raises(StoreTrouble) as told:
        await asyncio.wait_for(current(database), 60)
    await database.dispose()
    assert "\n" not in str(told.value)
    return told.value


async def connects(url: str) -> None:
    database = Database.open(url)
    assert await current(database) is None
    async with database.driver() as driver:
        assert await driver.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    await database.dispose()


@pytest.mark.parametrize(
    ("host", "mode"), [("localhost", "verify-full"), ("127.0.0.1", "verify-ca"), ("127.0.0.1", "require")]
)
async def test_the_right_certificate_is_taken(office: Office, host: str, mode: str) -> None:
    await connects(office.at(host, mode))


async def test_another_host_under_the_same_certificate_is_refused(office: Office) -> None:
    told = await refusal(office.at("127.0.0.1"))
    assert isinstance(told, StoreUnreachable)
    assert "127.0.0.1'" in told.detail
    assert "as its certificate does" in told.hint


@pytest.mark.parametrize("mode", ["verify-full", "verify-ca"])
async def test_a_certificate_of_another_authority_is_refused(office: Office, mode: str) -> None:
    told = await refusal(office.at(mode=mode, root=office.others.path))
    assert "no safe connection" in told.detail
    assert "sslrootcert" in told.hint


async def test_a_certificate_that_is_out_of_date_is_refused(office: Office) -> None:
    office.show(office.ours.certificate("localhost", days=-1))
    try:
        assert "expired" in (await refusal(office.at())).detail
    finally:
        office.show(office.ours.certificate("localhost"))


async def test_a_root_certificate_that_is_not_there_is_named(office: Office, tmp_path: Path) -> None:
    told = await refusal(office.at(root=tmp_path / "nowhere.crt"))
    assert str(tmp_path / "nowhere.crt") in told.detail
    (tmp_path / "empty.crt").write_text("nothing\n")
    assert "no safe connection" in (await refusal(office.at(root=tmp_path / "empty.crt"))).detail


async def test_what_the_environment_says_of_tls_holds(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = office.at().partition("?")[0]
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(office.ours.path))
    await connects(bare)
    assert "no safe connection" in (await refusal(bare.replace("localhost", "127.0.0.1"))).detail
    monkeypatch.setenv("PGSSLROOTCERT", str(office.others.path))
    assert "no safe connection" in (await refusal(bare)).detail
    monkeypatch.setenv("PGSSLMODE", "strictly")
    assert "must be one of" in (await refusal(bare)).detail


async def test_a_service_file_and_a_password_file_are_all_that_is_needed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = urlsplit(office.url)
    said = {"host": "localhost", "port": parts.port, "dbname": parts.path[1:], "user": parts.username}
    said |= {"sslmode": "verify-full", "sslrootcert": str(office.ours.path)}
    services, passwords = tmp_path / ".pg_service.conf", tmp_path / ".pgpass"
    services.write_text("\n".join(["[calls]", *(f"{name}={value}" for name, value in said.items())]))
    passwords.write_text(f"localhost:{parts.port}:*:{parts.username}:{unquote(office.password)}\n")
    passwords.chmod(0o600)
    await connects("postgresql:///?service=calls")
    passwords.chmod(0o644)
    told = await refusal("postgresql:///?service=calls")
    assert isinstance(told, StoreForbids)
    assert str(passwords) in told.hint
    monkeypatch.setenv("PGSERVICE", "cals")
    assert "no service 'cals'" in (await refusal("postgresql://")).detail
    monkeypatch.setenv("PGSERVICE", "calls")
    services.write_text("nonsense\n")
    assert "no service file" in (await refusal("postgresql://")).detail
    services.unlink()
    assert str(services) in (await refusal("postgresql://")).detail
