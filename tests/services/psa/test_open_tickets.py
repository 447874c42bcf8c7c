"""The PSA's open tickets in the store: read by one terminal for all, shown beside ours, true about their age."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from services.builder.playbook import PlaybookBuilder
from services.errors import Refused
from services.flows.library import Library
from services.intake.call import PROBLEM_LIMIT, Call, described
from services.intake.model import AdHoc, AdHocStarted
from services.intake.service import Intake
from services.psa.lists import lists
from services.psa.open_tickets import OpenTickets, plain
from services.walks.glance import first_look
from services.walks.lines import QueueEntry
from services.walks.model import Walk
from services.walks.queue import Queue
from services.walks.service import Walks
from storage.database import Database
from storage.tables import PsaTicket, Session, Ticket
from tests.logins import open_for_people
from tests.psa_servers.connectwise import ConnectWiseServer
from tests.psa_servers.offices import AUTOTASK, CONNECTWISE, Office
from tests.psa_servers.server import Fault, PsaServer, running
from tests.services.people import HOSTILE, ManualClock, Team, make_team, pass_time

LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    opened = open_for_people(migrated_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def team(database: Database) -> Team:
    return await make_team(database, ManualClock())


class Terminal:
    """One app of one person, as far as the PSA's tickets go."""

    def __init__(self, database: Database, team: Team, server: PsaServer, office: Office = CONNECTWISE) -> None:
        self.clock = ManualClock()
        self.database, self.actor = database, team.tech
        self.provider = office.provider(server, patience=0)
        self.lists = lists(office.name, office.tina, "service desk")
        self.tickets = OpenTickets(database, self.clock, self.provider, self.lists)
        library = Library(database, self.clock)
        self.queue = Queue(database, self.clock, library, self.lists)
        self.walks = Walks(database, self.clock, library, PlaybookBuilder())
        self.intake = Intake(database, self.clock, library, self.walks, lists=self.lists)

    async def later(self, seconds: float) -> None:
        await pass_time(self.database, self.clock, seconds)

    async def listed(self, words: str = "") -> list[QueueEntry]:
        return list(await self.queue.listed(self.actor, words=words))

    async def numbers(self, words: str = "") -> list[str | None]:
        return [entry.ticket.external_id for entry in await self.listed(words)]

    async def begin(self, external_id: str) -> Walk:
        outcome = await self.intake.take(self.actor, Call(problem="x", psa_ticket=external_id), AdHoc())
        assert isinstance(outcome, AdHocStarted)
        return outcome.walk


async def being_read(server: PsaServer) -> None:
    for _ in range(1000):
        if server.count(CONNECTWISE.list_line):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody reads it")


@pytest.fixture
async def server() -> AsyncIterator[PsaServer]:
    async with running(ConnectWiseServer()) as psa:
        yield psa


@pytest.fixture
async def here(database: Database, team: Team, server: PsaServer) -> AsyncIterator[Terminal]:
    terminal = Terminal(database, team, server)
    yield terminal
    await terminal.provider.close()


async def test_a_ticket_on_two_lists_is_there_once_newest_first(office: Office, database: Database, team: Team) -> None:
    async with running(office.server()) as psa:
        here = Terminal(database, team, psa, office)
        assert await here.listed() == []
        attempts = await here.tickets.refresh(here.actor)
        assert [(each.tickets, each.failed) for each in attempts] == [(1, None), (3, None)]
        entries = await here.listed()
        assert [entry.ticket.external_id for entry in entries] == ["3", "2", "1"]
        first = entries[0]
        assert (first.ticket.id, first.ticket.kind, first.ticket.status) == (None, "psa", "open")
        assert first.ticket.psa is not None
        assert (first.ticket.psa.board, first.ticket.psa.status) == ("Service Desk", "New")
        assert (first.problem, first.customer, first.contact) == (
            "Outlook asks for a password (3)", "Northwind", "Ann Lee")  # fmt: skip
        assert await here.numbers("northwind (2)") == ["2"]
        if office is not CONNECTWISE:
            assert await here.queue.reported(here.actor, "3") == "It asks every two minutes."
        await here.provider.close()


async def test_what_is_closed_moved_or_changed_there_is_so_here_after_the_next_reading(
    here: Terminal, server: PsaServer
) -> None:
    await here.tickets.refresh(here.actor)
    server.desk.tickets[3].update(CONNECTWISE.closed)
    server.desk.tickets[2].update(CONNECTWISE.moved)
    server.desk.tickets[1]["summary"] = "It is the printer"
    await here.tickets.refresh(here.actor)
    assert await here.numbers() == ["3", "2", "1"], "read again before it was due"
    await here.later(61)
    await here.tickets.refresh(here.actor)
    assert [(entry.ticket.external_id, entry.problem) for entry in await here.listed()] == [("1", "It is the printer")]


async def test_of_several_terminals_one_reads_a_list_and_all_show_it(
    here: Terminal, server: PsaServer, database: Database, team: Team
) -> None:
    others = [Terminal(database, team, server) for _ in range(3)]
    ends = await asyncio.gather(*(each.tickets.refresh(each.actor) for each in (here, *others)))
    assert sum(len(attempts) for attempts in ends) == 2
    assert server.count(CONNECTWISE.list_line) == 2
    for each in others:
        assert await each.numbers() == ["3", "2", "1"]
        await each.provider.close()


async def test_another_goes_on_when_one_died_while_reading(here: Terminal, server: PsaServer) -> None:
    server.fail(CONNECTWISE.list_line, Fault("hang"))
    dying = asyncio.create_task(here.tickets.refresh(here.actor))
    await being_read(server)
    assert len(await here.tickets.refresh(here.actor)) == 1, "the list that is being read was read twice"
    await here.later(61)
    assert len(await here.tickets.refresh(here.actor)) == 2
    dying.cancel()
    await asyncio.wait([dying])
    await here.tickets.close()
    assert await here.numbers() == ["3", "2", "1"]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_on_a_server_a_terminal_whose_clock_is_wrong_neither_takes_a_list_away_nor_keeps_it(
    migrated_postgres_url: str, server: PsaServer, hours: int
) -> None:
    database = open_for_people(migrated_postgres_url)
    team = await make_team(database, ManualClock())
    here, wrong = Terminal(database, team, server), Terminal(database, team, server)
    wrong.clock.forward(hours=hours)
    server.fail(CONNECTWISE.list_line, Fault("hang"))
    reading = asyncio.create_task(here.tickets.refresh(here.actor))
    await being_read(server)
    assert len(await wrong.tickets.refresh(wrong.actor)) == 1, "the list that is being read was read twice"
    assert await here.tickets.refresh(here.actor) == (), "what has just been read was read again"
    await wrong.later(61)
    assert len(await here.tickets.refresh(here.actor)) == 2
    assert await wrong.tickets.refresh(wrong.actor) == ()
    reading.cancel()
    await asyncio.wait([reading])
    for each in (here, wrong):
        await each.tickets.close()
        await each.provider.close()
    await database.dispose()


async def test_who_leaves_while_reading_lets_another_begin_at_once(here: Terminal, server: PsaServer) -> None:
    server.fail(CONNECTWISE.list_line, Fault("hang"))
    leaving = asyncio.create_task(here.tickets.refresh(here.actor))
    await being_read(server)
    leaving.cancel()
    await asyncio.wait([leaving])
    await here.tickets.close()
    assert len(await here.tickets.refresh(here.actor)) == 2


async def test_what_fails_is_told_with_its_age_and_what_was_read_stays(here: Terminal, server: PsaServer) -> None:
    assert (await here.queue.psa(here.actor)).refreshed_at is None  # type: ignore[union-attr]
    await here.tickets.refresh(here.actor)
    read_at = here.clock()
    await here.later(61)
    for _ in range(2):
        server.fail(CONNECTWISE.list_line, Fault("bad_gateway"))
    await here.tickets.refresh(here.actor)
    news = await here.queue.psa(here.actor)
    assert news is not None
    assert news.refreshed_at == read_at
    assert news.failed_at == here.clock()
    assert "502 Bad Gateway" in news.error
    assert await here.numbers() == ["3", "2", "1"]
    await here.later(61)
    await here.tickets.refresh(here.actor)
    news = await here.queue.psa(here.actor)
    assert news is not None
    assert (news.refreshed_at, news.failed_at, news.error) == (here.clock(), None, "")


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault("limited", retry_after="200"), 200), (Fault("expired"), 900), (Fault("empty"), 60)]
)
async def test_a_psa_that_does_not_want_to_be_asked_is_left_alone(
    here: Terminal, server: PsaServer, fault: Fault, seconds: int
) -> None:
    server.fail(CONNECTWISE.list_line, fault)
    (failed, _) = await here.tickets.refresh(here.actor)
    assert failed.failed is not None
    asked = server.count(CONNECTWISE.list_line)
    await here.later(seconds - 2)
    await here.tickets.refresh(here.actor)
    owned = [each for each in server.asked[-4:] if "owner" in each.query.get("conditions", "")]
    assert server.count(CONNECTWISE.list_line) == asked + (1 if seconds > 60 and fault.kind != "limited" else 0)
    assert len(owned) <= 1


async def test_a_board_that_is_not_there_says_which_there_are(
    database: Database, team: Team, server: PsaServer
) -> None:
    here = Terminal(database, team, server)
    here.tickets = OpenTickets(database, here.clock, here.provider, lists("connectwise", "", "Nowhere"))
    (attempt,) = await here.tickets.refresh(here.actor)
    assert attempt.failed is not None
    assert "no board 'Nowhere'" in attempt.failed.detail
    await here.provider.close()


async def test_whatever_stands_in_a_ticket_is_kept_as_text(here: Terminal, server: PsaServer) -> None:
    said = f"{HOSTILE}".replace("\ud800", "").replace("\udcff", "")
    for name, value in {"summary": said * 30, "initialDescription": "<p>A &amp; B</p>" + "x" * 100_000}.items():
        server.desk.tickets[3][name] = value
    server.desk.tickets[3]["contactName"] = "c" * 9000
    await here.tickets.refresh(here.actor)
    (entry, *_) = await here.listed()
    reported = await here.queue.reported(here.actor, "3")
    assert reported.startswith("A & B")
    assert len(described(entry.problem, reported)) == PROBLEM_LIMIT
    assert entry.problem.startswith("[red]x[/]")
    call = Call(problem=described(entry.problem, reported), contact=entry.contact, psa_ticket="3")
    outcome = await here.intake.take(here.actor, call, AdHoc())
    assert isinstance(outcome, AdHocStarted)


async def test_where_no_text_is_listed_the_first_note_for_the_customer_is_what_was_reported(
    here: Terminal, server: PsaServer
) -> None:
    await here.tickets.refresh(here.actor)
    assert await here.queue.reported(here.actor, "3") == ""
    shown = {"ticketId": 3, "detailDescriptionFlag": True}
    server.desk.notes += [
        {"id": 1, "ticketId": 3, "internalAnalysisFlag": True, "text": "not for the customer"},
        {"id": 2, **shown, "text": "<p>It asks again.</p>"},
        {"id": 3, **shown, "text": "Any news?"},
    ]
    assert await here.tickets.reported("3") == "It asks again."
    server.fail(CONNECTWISE.notes_line, Fault("limited", retry_after="200"))
    assert await here.tickets.reported("3") == ""
    assert await here.tickets.reported("2") == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("<html><head><style>p {color: red}</style></head><body><p>One</p><br>Two</body></html>", "One\n\nTwo"),
        ("a < b and c > d, mail <ann@example.com>", "a < b and c > d, mail <ann@example.com>"),
        ("<script>alert(1)</script><div>Safe</div>", "Safe"),
        ("<style>" * 5000 + "<p>", ""),
        ("", ""),
    ],
)
def test_html_is_read_for_its_words_and_nothing_else_is_taken_for_html(given: str, words: str) -> None:
    assert plain(given) == words


async def test_a_ticket_with_a_call_is_there_once_with_who_has_it(here: Terminal, server: PsaServer) -> None:
    await here.tickets.refresh(here.actor)
    walk = await here.begin("2")
    assert (walk.customer, walk.contact) == ("Northwind", "Ann Lee")
    (entry,) = [entry for entry in await here.listed() if entry.ticket.external_id == "2"]
    assert (entry.session_id, entry.technician) == (walk.id, walk.technician)
    await here.walks.abandon(here.actor, walk)
    (entry,) = [entry for entry in await here.listed() if entry.ticket.external_id == "2"]
    assert (entry.session_status, entry.ticket.status) == ("abandoned", "open")
    server.desk.tickets[2].update(CONNECTWISE.closed)
    await here.later(61)
    await here.tickets.refresh(here.actor)
    assert await here.numbers() == ["3", "1"], "nobody walks it, and the PSA has closed it"


async def test_the_number_that_people_use_leads_to_the_same_ticket(database: Database, team: Team) -> None:
    async with running(AUTOTASK.server()) as psa:
        here = Terminal(database, team, psa, AUTOTASK)
        await here.tickets.refresh(here.actor)
        assert (await here.begin("T20261101.0002")).ticket.external_id == "2"
        await here.provider.close()


async def test_what_is_seen_first_is_what_the_services_give(
    here: Terminal, server: PsaServer, migrated_url: str
) -> None:
    async def holds() -> None:
        seen = await first_look(migrated_url, here.actor.name, 200, here.lists)
        assert seen is not None
        assert list(seen.entries) == await here.listed()
        assert seen.psa == await here.queue.psa(here.actor)

    await holds()
    server.desk.tickets[3]["summary"] = HOSTILE.replace("\ud800", "").replace("\udcff", "")
    await here.tickets.refresh(here.actor)
    await holds()
    walk = await here.begin("2")
    await holds()
    await here.walks.abandon(here.actor, walk)
    await holds()
    await here.walks.escalate(here.actor, await here.begin("1"), category="other", reason="no idea")
    await holds()
    await here.later(61)
    for _ in range(4):
        server.fail(CONNECTWISE.list_line, Fault("broken"))
    await here.tickets.refresh(here.actor)
    await holds()


async def test_only_what_has_changed_is_written(here: Terminal, server: PsaServer) -> None:
    await here.tickets.refresh(here.actor)
    await here.later(61)
    server.desk.tickets[2]["summary"] = "another"
    await here.tickets.refresh(here.actor)
    async with here.database.reading(here.actor) as read:
        found = select(PsaTicket.external_id, PsaTicket.seen_at, func.length(PsaTicket.mark))
        rows = (await read.session.execute(found)).all()
    assert {row.seen_at for row in rows} == {here.clock() - timedelta(seconds=61)}
    assert (await here.listed("another"))[0].ticket.external_id == "2"


async def test_what_was_resolved_here_waits_again_once_something_has_happened_to_it_there(
    here: Terminal, server: PsaServer, migrated_url: str
) -> None:
    await here.tickets.refresh(here.actor)
    walk = await here.begin("2")
    owner = Database.open(migrated_url)
    async with owner.transaction(here.actor) as tx:  # past the services: that it is written there is not the question
        ended = {"status": "resolved", "state_version": Session.state_version + 1}
        await tx.session.execute(update(Session).where(Session.id == walk.id).values(ended))
        resolved = update(Ticket).where(Ticket.id == walk.ticket.id).values(status="resolved", updated_at=LATER)
        await tx.session.execute(resolved)
    await owner.dispose()
    assert await here.numbers() == ["3", "1"]
    with pytest.raises(Refused, match="resolved"):
        await here.begin("2")
    server.desk.tickets[2]["_info"] = {"lastUpdated": "2026-12-02T08:00:00Z"}
    await here.later(61)
    await here.tickets.refresh(here.actor)
    (entry,) = [entry for entry in await here.listed() if entry.ticket.external_id == "2"]
    assert (entry.ticket.id, entry.ticket.status, entry.session_status) == (walk.ticket.id, "open", "resolved")
    assert (await here.begin("2")).ticket.id == walk.ticket.id
    assert [entry.ticket.status for entry in await here.listed() if entry.ticket.id] == ["walking"]


async def test_nobody_of_another_account_sees_them(here: Terminal, team: Team) -> None:
    await here.tickets.refresh(here.actor)
    assert await here.queue.listed(team.their_tech) == ()
