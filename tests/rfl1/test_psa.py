"""`rfl1 psa`: the connection proved step by step, the tickets in it, and no key ever shown."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.psa_servers.offices import AUTOTASK, CONNECTWISE, HALOPSA, OFFICES, Office
from tests.psa_servers.server import PsaServer, running
from tests.rfl1.conftest import Ran, Run


@contextmanager
def beside(server: PsaServer) -> Iterator[PsaServer]:
    """In a thread: the command line has a loop of its own."""
    loop = asyncio.new_event_loop()
    context = running(server)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(params=OFFICES, ids=lambda office: office.name)
def office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.param
    return found


@pytest.fixture
def psa(office: Office, sqlite_store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PsaServer]:
    with beside(office.server()) as server:
        monkeypatch.setenv("RFL1_PSA_PROVIDER", office.name)
        monkeypatch.setenv("RFL1_PSA_URL", server.url)
        for variable, value in office.environment.items():
            monkeypatch.setenv(variable, value)
        yield server


def states(ran: Ran) -> dict[str, str]:
    return {each["name"]: each["state"] for each in ran.json["checks"]}


def test_a_connection_that_works(office: Office, psa: PsaServer, run: Run) -> None:
    ran = run("psa", "check", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert states(ran) == {"host": "ok", "credentials": "ok", "board": "ok", "statuses": "warn", "notes": "ok"}
    run("account", "set", "psa.resolved_status_id", office.resolved.status)
    run("account", "set", "psa.escalated_status_id", office.escalated.status)
    run("account", "set", "psa.escalation_board", "level 2")
    assert set(states(run("psa", "check", "--json")).values()) == {"ok"}
    assert psa.desk.notes == []


def test_what_the_account_has_set_and_the_psa_has_not(psa: PsaServer, run: Run) -> None:
    run("account", "set", "psa.resolved_status_id", "4040")
    run("account", "set", "psa.escalation_board", "nowhere")
    ran = run("psa", "check", "--json")
    assert ran.status == 3
    assert (states(ran)["board"], states(ran)["statuses"]) == ("fail", "fail")
    mends = {each["name"]: each["mend"] for each in ran.json["checks"]}
    assert "Level 2" in mends["board"]
    assert "New" in mends["statuses"]


@pytest.mark.parametrize("office", [CONNECTWISE, AUTOTASK], ids=lambda office: office.name, indirect=True)
def test_somebody_who_may_not_note(psa: PsaServer, run: Run) -> None:
    psa.may_note = False  # type: ignore[attr-defined]  # both have it
    ran = run("psa", "check", "--json")
    assert (ran.status, states(ran)["notes"]) == (3, "fail")


@pytest.mark.parametrize("office", [HALOPSA], ids=lambda office: office.name, indirect=True)
def test_a_token_for_something_else(psa: PsaServer, run: Run) -> None:
    psa.scope = "read:customers"  # type: ignore[attr-defined]  # Halo's
    ran = run("psa", "check", "--json")
    assert (states(ran)["notes"], "edit:tickets" in ran.out) == ("fail", True)


def test_each_wrong_credential_is_told_with_its_mend_and_shows_no_key(
    office: Office, psa: PsaServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in office.environment.items():
        monkeypatch.setenv(variable, "wrong-value")
        ran = run("psa", "check", "--json")
        last = ran.json["checks"][-1]
        assert (ran.status, last["state"]) == (3, "fail"), variable
        assert last["name"] in {"host", "credentials"}
        assert last["mend"]
        assert last["name"] == "credentials" or variable in last["mend"]
        for secret in office.secrets:
            assert secret not in ran.out + ran.err
        monkeypatch.setenv(variable, value)


def test_a_host_that_is_not_there(psa: PsaServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFL1_PSA_URL", "http://127.0.0.1:9")
    ran = run("psa", "check", "--json")
    assert (ran.status, states(ran)) == (3, {"host": "fail"})
    assert run("psa", "tickets").status == 3


def test_plain_http_to_another_machine_is_refused(
    office: Office, psa: PsaServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFL1_PSA_URL", "http://psa.example")
    for command in ("check", "tickets"):
        ran = run("psa", command)
        assert (ran.status, "https" in ran.err) == (3, True)


def test_without_a_psa(sqlite_store: str, run: Run) -> None:
    ran = run("psa", "check")
    assert (ran.status, "RFL1_PSA_PROVIDER" in ran.err) == (3, True)


def test_the_tickets_of_the_psa(office: Office, psa: PsaServer, run: Run) -> None:
    psa.desk.tickets[3].update(office.moved)
    ran = run("psa", "tickets", "--json")
    assert {each["id"] for each in ran.json} == {"1", "2", "3"}
    assert ran.json[0].keys() >= {"number", "summary", "board", "status", "customer", "contact", "updated_at"}
    assert [each["id"] for each in run("psa", "tickets", "--board", "level 2", "--json").json] == ["3"]
    assert [each["id"] for each in run("psa", "tickets", "--owner", office.tina, "--json").json] == ["1"]
    assert len(run("psa", "tickets", "--limit", "2", "--json").json) == 2
    assert "Northwind" in run("psa", "tickets").out
    assert run("psa", "tickets", "--as", "tina").status == 0


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.name)
def test_the_doctor_asks_the_psa_and_says_what_the_queue_shows(
    sqlite_store: str, run: Run, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, str]:
        (check,) = [each for each in run("doctor", "--json").json["checks"] if each["name"] == "psa"]
        return dict(check)

    with beside(office.server()) as server:
        for name, value in {"PROVIDER": office.name, "URL": server.url}.items():
            monkeypatch.setenv(f"RFL1_PSA_{name}", value)
        for name, value in office.environment.items():
            monkeypatch.setenv(name, value)
        assert (told()["state"], "every open ticket" in told()["detail"]) == ("ok", True)
        monkeypatch.setenv("RFL1_PSA_BOARD", "Service Desk")
        assert "the queue shows those of Service Desk" in told()["detail"]
        secret = next(name for name, value in office.environment.items() if value in office.secrets)
        monkeypatch.setenv(secret, "wrong")
        assert told()["state"] == "fail"
    assert told()["state"] == "warn", "nobody answers any more"


def test_the_queue_as_a_program_reads_it_has_what_the_psa_has_listed(
    sqlite_store: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFL1_PSA_PROVIDER", "autotask")
    monkeypatch.setenv("RFL1_PSA_BOARD", "Service Desk")

    for name, value in AUTOTASK.environment.items():
        monkeypatch.setenv(name, value)
    with beside(AUTOTASK.server()) as server:
        monkeypatch.setenv("RFL1_PSA_URL", server.url)
        found = run("queue", "--as", "tina", "--json").json
    assert [each["ticket"]["external_id"] for each in found] == ["3", "2", "1"]
    assert found[0]["ticket"] == {
        "id": None, "kind": "psa", "status": "open", "external_id": "3",
        "psa": {"number": "T20261101.0003", "board": "Service Desk", "status": "New", "owner": ""},
    }  # fmt: skip
    people = run("queue", "--as", "tina")
    assert "T20261101.0003" in people.out
    assert "The PSA was read " in people.err
    begun = run("intake", "it asks again", "--adhoc", "--psa-ticket", "T20261101.0003", "--as", "tina", "--json")
    again = run("intake", "it asks again", "--adhoc", "--psa-ticket", "3", "--as", "olga")
    assert (begun.status, again.status) == (0, 1)
    assert "tina has a call about it" in again.err
    assert begun.json["session_id"] in again.err
