"""Setting up the PSA in the app: tried before it is kept, secrets in the keyring, for admins alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import keyring
import pytest
from textual.widgets import Input

from rfl1.compose import Services
from rfl1.settings import load
from screens.psa_setup import PsaSetupScreen
from screens.queue import QueueScreen
from storage.database import Database
from tests.keyrings import Ring
from tests.psa_servers.offices import OFFICES, Office
from tests.psa_servers.server import Fault, PsaServer, running
from tests.services.people import ManualClock, Team
from tests.stage import SMALL, Stage, stage


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


@pytest.fixture(params=OFFICES, ids=lambda office: office.name)
def office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.param
    return found


@pytest.fixture
async def server(office: Office) -> AsyncIterator[PsaServer]:
    async with running(office.server()) as psa:
        yield psa


@pytest.fixture
async def services(migrated_sqlite_url: str, clock: ManualClock, home: Path) -> AsyncIterator[Services]:
    opened = Services(load({"database_url": migrated_sqlite_url}), Database.open(migrated_sqlite_url), clock)
    yield opened
    await opened.close()


def written() -> Path:
    return load({}).folders.config / "config.toml"


async def typed(on: Stage, office: Office, server: PsaServer) -> None:
    await on.press("f10", office.name[0])
    page = on.page(PsaSetupScreen)
    given = {"psa.url": server.url, "psa.board": "Service Desk"}
    given |= {name.replace("RFL1_PSA_", "psa.").lower(): value for name, value in office.environment.items()}
    for name, value in given.items():
        page._fields[name].value = value
    await on.settle()


async def test_it_is_tried_chosen_and_kept(
    services: Services, team: Team, office: Office, server: PsaServer, ring: Ring
) -> None:
    async with stage(services, team.owner) as on:
        await typed(on, office, server)
        assert not any(secret in on.text for secret in office.secrets)
        await on.press("ctrl+g")
        await on.sees("✓ host", "✓ credentials", "✓ board", "✓ notes", "Resolved tickets get the status")
        page = on.page(PsaSetupScreen)
        assert ring.kept == {}
        assert not written().exists()
        page._resolved.highlighted = [option.id for option in page._resolved.options].index(office.resolved.status)
        page._board.highlighted = [option.id for option in page._board.options].index(office.escalated.board)
        await on.settle()
        page._escalated.highlighted = [each.id for each in page._escalated.options].index(office.escalated.status)
        await on.press("ctrl+g")
        await on.sees("the secrets in the keyring. Start rfl1 again")
    settings = load({})
    assert (settings["psa.provider"], settings["psa.url"], settings["psa.board"]) == (
        office.name, server.url, "Service Desk")  # fmt: skip
    assert {settings[f"psa.{name[9:].lower()}"] for name in office.environment} == set(office.environment.values())
    assert not any(secret in written().read_text() for secret in office.secrets)
    account = await services.account_settings.show(team.owner)
    wanted = (office.resolved.status, office.escalated.status, office.escalated.board)
    keys = ("psa.resolved_status_id", "psa.escalated_status_id", "psa.escalation_board")
    assert tuple(account[key].value for key in keys) == wanted


async def test_what_fails_says_what_to_mend_and_keeps_nothing(
    services: Services, team: Team, office: Office, server: PsaServer, ring: Ring
) -> None:
    async with stage(services, team.owner, SMALL) as on:
        await typed(on, office, server)
        page = on.page(PsaSetupScreen)
        secret = next(field for field in page._fields.values() if field.password)
        page._fields["psa.url"].value = "http://example.com"
        await on.press("ctrl+g")
        await on.sees("plain http is refused")
        page._fields["psa.url"].value = ""
        await on.press("ctrl+g")
        await on.sees("needs more than is set", "RFL1_PSA_URL")
        page._fields["psa.url"].value = server.url
        for _ in range(4):
            server.fail(office.found_line, Fault("bad_gateway"))
        await on.press("ctrl+g")
        await on.sees("✗", "Mend what failed")
        server.faults.clear()
        secret.value = "wrong"
        await on.press("ctrl+g")
        await on.sees("✗ credentials")
        assert ring.kept == {}
        assert not written().exists()


async def test_without_a_keyring_the_variables_to_set_are_named(
    services: Services, team: Team, server: PsaServer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    async with stage(services, team.owner) as on:
        await typed(on, office, server)
        await on.press("ctrl+g")
        await on.sees("It works.")
        await on.press("ctrl+g")
        await on.sees("There is no keyring here: set RFL1_PSA_")
    assert not any(secret in written().read_text() for secret in office.secrets)


async def test_technicians_are_not_asked_to(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("f10")
        on.page(QueueScreen)
        assert not on.app.screen.query(Input).filter(".field")
