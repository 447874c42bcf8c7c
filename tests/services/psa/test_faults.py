"""Every fault at every request of every provider: told as what it is, never done twice, never said to be done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from services.psa import moving, wire
from services.psa.failures import PASSING, PsaFailed, Why
from services.psa.model import Worked
from services.psa.provider import Provider
from services.psa.wire import LONGEST_RETRY_AFTER, Way
from tests.psa_servers.offices import HALOPSA, Office
from tests.psa_servers.server import LOST, Fault, PsaServer, Reply
from tests.services.psa.calls import MARK, NOTE, failed

BEGUN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
WORKED = Worked(started_at=BEGUN, ended_at=BEGUN + timedelta(minutes=9), note=f"Ref {MARK}", by="7")

Call: TypeAlias = Callable[[Office, Provider], Awaitable[Any]]
READS: Mapping[str, tuple[str, Call]] = {
    "ticket": ("read_line", lambda office, psa: psa.ticket("1")),
    "tickets": ("list_line", lambda office, psa: psa.tickets()),
    "notes": ("notes_line", lambda office, psa: psa.notes("1")),
    "times": ("any_line", lambda office, psa: psa.times("1")),
    "boards": ("any_line", lambda office, psa: psa.boards()),
    "sign_in": ("any_line", lambda office, psa: psa.sign_in()),
    "statuses": ("statuses_line", lambda office, psa: psa.statuses("1")),
}
WRITES: Mapping[str, tuple[str, Call]] = {
    "add_note": ("note_line", lambda office, psa: psa.add_note("1", NOTE)),
    "change": ("change_line", lambda office, psa: psa.change("1", office.resolved)),
    "log_time": ("time_line", lambda office, psa: psa.log_time("1", WORKED)),
}
Lines: TypeAlias = tuple[str, Call]


@pytest.fixture(params=READS)
def read(request: pytest.FixtureRequest) -> Lines:
    return READS[request.param]


@pytest.fixture(params=WRITES)
def write(request: pytest.FixtureRequest) -> Lines:
    return WRITES[request.param]


async def warm(psa: Provider) -> None:
    await psa.ticket("1")


@pytest.mark.parametrize("kind", ["cut", "truncated", "limited"])
async def test_a_read_is_tried_once_more(
    office: Office, psa: Provider, server: PsaServer, read: Lines, kind: Any
) -> None:
    await warm(psa)
    line = getattr(office, read[0])
    before = server.count(line)
    server.fail(line, Fault(kind))
    await read[1](office, psa)
    assert server.count(line) == before + 2


FAILING: tuple[tuple[Fault, Why, int], ...] = (
    (Fault("cut"), "unreachable", 2),
    (Fault("truncated"), "unreachable", 2),
    (Fault("limited"), "limited", 2),
    (Fault("limited", retry_after="120"), "limited", 1),
    (Fault("broken"), "unreachable", 1),
    (Fault("bad_gateway"), "unreachable", 1),
    (Fault("empty"), "invalid", 1),
)
"""Twice this fault: what it is told as, and after how many tries."""


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case[0].kind)
async def test_a_read_that_goes_on_failing_is_told(
    office: Office, psa: Provider, server: PsaServer, read: Lines, case: tuple[Fault, Why, int]
) -> None:
    fault, why, tries = case
    await warm(psa)
    line = getattr(office, read[0])
    before = server.count(line)
    for _ in range(2):
        server.fail(line, fault)
    assert (await failed(read[1](office, psa))).why == why
    assert why in PASSING
    assert server.count(line) == before + tries


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
async def test_a_lost_answer_of_a_write_is_lost_and_never_repeated(
    office: Office, psa: Provider, server: PsaServer, write: Lines, fault: Fault
) -> None:
    await warm(psa)
    line = getattr(office, write[0])
    server.fail(line, fault)
    assert (await failed(write[1](office, psa))).why == "lost"
    assert server.count(line) == 1


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
async def test_after_a_lost_answer_reading_first_makes_exactly_one_note(
    office: Office, psa: Provider, server: PsaServer, fault: Fault
) -> None:
    server.fail(office.note_line, fault)
    assert (await failed(psa.add_note("1", NOTE))).why == "lost"
    if await moving.noted(psa, "1", MARK) is None:
        await psa.add_note("1", NOTE)
    assert len(await psa.notes("1")) == 1
    assert len(server.desk.notes) == 1


async def test_a_write_that_was_limited_is_done_once(
    office: Office, psa: Provider, server: PsaServer, write: Lines
) -> None:
    server.fail(getattr(office, write[0]), Fault("limited"))
    await write[1](office, psa)
    assert len(server.desk.notes) <= 1
    assert len(server.desk.times) <= 1
    for _ in range(2):
        server.fail(getattr(office, write[0]), Fault("limited"))
    told = await failed(write[1](office, psa))
    assert told.why == "limited"


async def test_who_wants_to_be_left_alone_is(office: Office, psa: Provider, server: PsaServer) -> None:
    await warm(psa)
    asked = len(server.asked)
    server.fail(".", Fault("limited", retry_after="999999"))
    told = await failed(psa.add_note("1", NOTE))
    assert told.why == "limited"
    assert told.wait is not None
    assert 0 < told.wait <= LONGEST_RETRY_AFTER
    again = await failed(psa.ticket("1"))
    assert (again.why, len(server.asked)) == ("limited", asked + 1)


@pytest.mark.parametrize("said", [None, "soon", "-1", "Mon, 33 Nov 2026"])
async def test_without_a_sensible_retry_after_it_is_some_seconds(
    office: Office, psa: Provider, server: PsaServer, said: str | None
) -> None:
    server.fail(office.read_line, Fault("limited", retry_after=said))
    told = await failed(psa.ticket("1"))
    assert told.wait is not None
    assert 2 < told.wait <= 5


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case[0].kind)
async def test_what_fails_before_a_write_has_written_nothing(
    office: Office, psa: Provider, server: PsaServer, case: tuple[Fault, Why, int]
) -> None:
    """Finding the API and getting a token are no writes, whatever they are done for."""
    fault, why, tries = case
    for _ in range(2):
        server.fail(office.found_line, fault)
    assert (await failed(psa.add_note("1", NOTE))).why == why
    assert (server.count(office.found_line), server.count(office.note_line)) == (tries, 0)


@pytest.mark.parametrize("name", ["ticket", "tickets", "notes", "statuses", *WRITES])
async def test_credentials_that_ran_out_are_renewed_once_or_told(
    office: Office, psa: Provider, server: PsaServer, name: str
) -> None:
    line, call = {**READS, **WRITES}[name]
    await warm(psa)
    before = server.count(getattr(office, line))
    server.fail(getattr(office, line), Fault("expired"))
    if office is HALOPSA:
        await call(office, psa)
        assert (server.count("/auth/token"), server.count(getattr(office, line))) == (2, before + 2)
    else:
        assert (await failed(call(office, psa))).why == "denied"
        assert server.count(getattr(office, line)) == before + 1
    assert len(server.desk.notes) <= 1


async def test_a_token_that_never_holds_is_not_asked_for_again_and_again(psa: Provider, server: PsaServer) -> None:
    await warm(psa)
    asked = len(server.asked)
    for _ in range(10):
        server.fail("/api/Tickets|tickets/1|Tickets/1", Fault("expired"))
    assert (await failed(psa.ticket("1"))).why == "denied"
    assert len(server.asked) - asked <= 3


async def test_silence_is_a_timeout_for_reads_and_a_lost_answer_for_writes(office: Office, server: PsaServer) -> None:
    psa = office.provider(server, limit=1.0)
    await warm(psa)
    for line, call, why in (
        (office.read_line, psa.ticket("1"), "timeout"),
        (office.note_line, psa.add_note("1", NOTE), "lost"),
        (office.change_line, psa.change("1", office.resolved), "lost"),
    ):
        server.fail(line, Fault("hang", applied=True))
        assert (await failed(call)).why == why
    assert (len(server.desk.notes), await moving.noted(psa, "1", MARK) is None) == (1, False)
    await psa.close()


async def test_many_that_reach_the_limit_at_once_are_one_limit(
    office: Office, psa: Provider, server: PsaServer
) -> None:
    """Without a retry-after the pause grows with each time, not with each request."""
    await warm(psa)
    for _ in range(psa.at_once):
        server.fail(office.read_line, Fault("limited", retry_after=None))
    told = await asyncio.gather(*(psa.ticket("1") for _ in range(psa.at_once)), return_exceptions=True)
    waits = [each.wait for each in told if isinstance(each, PsaFailed) and each.wait is not None]
    assert len(waits) == psa.at_once
    assert max(waits) <= 5


async def test_an_answer_without_an_end_is_not_read_to_its_end(
    office: Office, psa: Provider, server: PsaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warm(psa)
    monkeypatch.setattr(wire, "LONGEST_ANSWER", 10)
    assert (await failed(psa.ticket("1"))).why == "invalid"
    assert (await failed(psa.add_note("1", NOTE))).why == "lost"


async def test_nothing_goes_where_plain_http_is_refused(office: Office, server: PsaServer) -> None:
    """Neither to the address that is set nor to one that the PSA names."""
    psa = office.made(Way(server.url, lambda url: "plain http is refused"))
    assert (await failed(psa.add_note("1", NOTE))).why == "rejected"
    assert server.asked == []
    await psa.close()


async def test_a_host_that_is_not_there(office: Office, server: PsaServer) -> None:
    server.url = "http://127.0.0.1:9"
    psa = office.provider(server)
    for work in (psa.host(), psa.add_note("1", NOTE)):
        assert (await failed(work)).why == "unreachable"
    await psa.close()


async def test_secrets_are_in_no_error_and_no_log(
    office: Office, psa: Provider, server: PsaServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await warm(psa)
    answer = server.answer
    echo = " ".join(office.secrets)
    server.answer = lambda asked: Reply({"message": f"no {echo}"}, 400)  # type: ignore[method-assign]
    told = await failed(psa.add_note("1", NOTE))
    server.answer = answer  # type: ignore[method-assign]
    for secret in office.secrets:
        assert secret not in str(told) + repr(psa) + caplog.text
    assert "********" in str(told)


async def test_a_redirect_is_told_and_not_followed(office: Office, psa: Provider, server: PsaServer) -> None:
    await warm(psa)
    asked = len(server.asked)
    moved = Reply(b"", 302, {"Location": "https://login.example/in?secret=1"})
    server.answer = lambda asked: moved  # type: ignore[method-assign]
    told = await failed(psa.add_note("1", NOTE))
    assert (told.why, "https://login.example)" in str(told)) == ("rejected", True)
    assert len(server.asked) == asked + 1
