"""What only one of the three does."""

import asyncio

from services.psa.connectwise import ConnectWise, Keys
from services.psa.model import Change, NewNote
from services.psa.wire import Way
from tests.psa_servers.autotask import AutotaskServer
from tests.psa_servers.connectwise import PRIVATE, ConnectWiseServer
from tests.psa_servers.halopsa import HaloServer
from tests.psa_servers.offices import AUTOTASK, CONNECTWISE, HALOPSA
from tests.psa_servers.server import Fault, running
from tests.services.psa.calls import NOTE, failed


async def test_connectwise_finds_the_api_again_after_a_release() -> None:
    async with running(ConnectWiseServer()) as server:
        psa = CONNECTWISE.provider(server)
        await psa.ticket("1")
        server.codebase = "v2026_2"
        await psa.add_note("1", NOTE)
        assert (len(server.desk.notes), server.count("companyinfo")) == (1, 2)
        await psa.close()


async def test_a_company_that_connectwise_does_not_know_is_told_although_it_answers_200() -> None:
    async with running(ConnectWiseServer()) as server:
        psa = ConnectWise(Way(server.url, lambda url: None), Keys("nobody", "p", PRIVATE, "c"))
        told = await failed(psa.host())
        assert (told.why, "RFL1_PSA_COMPANY" in told.hint) == ("denied", True)
        await psa.close()


async def test_a_validation_error_of_autotask_is_a_500_and_nothing_was_done() -> None:
    async with running(AUTOTASK.server()) as server:
        psa = AUTOTASK.provider(server)
        told = await failed(psa.change("1", Change(status="77")))
        assert (told.why, told.status) == ("rejected", 500)
        assert "Picklist value [77]" in str(told)
        assert (await failed(psa.add_note("99", NOTE))).why == "gone"
        await psa.close()


async def test_autotask_follows_its_own_next_page_only() -> None:
    async with running(AutotaskServer(tickets=5)) as server:
        psa = AUTOTASK.provider(server)
        server.page = 2
        assert len(await psa.tickets()) == 5
        server.fail(
            "Tickets/query$", Fault("meanwhile", act=lambda: setattr(server, "url", "https://elsewhere.example"))
        )
        assert (await failed(psa.tickets())).why == "invalid"
        await psa.close()


async def test_a_tenant_that_moved_to_another_zone_is_found_again() -> None:
    async with running(AutotaskServer()) as server:
        psa = AUTOTASK.provider(server)
        await psa.ticket("1")
        server.zone = "/OtherZone"
        assert (await psa.ticket("1")).id == "1"
        await psa.close()


async def test_a_key_that_cannot_be_sent_is_told_without_being_shown() -> None:
    async with running(ConnectWiseServer()) as server:
        psa = ConnectWise(Way(server.url, lambda url: None), Keys("acme", "p", PRIVATE, "two\nlines"))
        told = await failed(psa.add_note("1", NOTE))
        assert (told.why, "two" in str(told)) == ("rejected", False)
        await psa.close()


async def test_many_who_find_the_token_expired_ask_for_one_new_one() -> None:
    async with running(HaloServer()) as server:
        psa = HALOPSA.provider(server)
        await psa.ticket("1")
        server.expire()
        await asyncio.gather(*(psa.ticket("1") for _ in range(8)))
        assert server.tokens == 2
        await psa.close()


async def test_a_note_too_long_for_autotask_is_refused_before_it_is_sent() -> None:
    async with running(AutotaskServer()) as server:
        psa = AUTOTASK.provider(server)
        told = await failed(psa.add_note("1", NewNote("x" * 32_001, internal=True)))
        assert (told.why, "32,000" in str(told), server.asked) == ("rejected", True, [])
        await psa.close()


async def test_a_note_of_connectwise_is_shown_where_it_should_be_and_mails_nobody() -> None:
    async with running(ConnectWiseServer()) as server:
        psa = CONNECTWISE.provider(server)
        await psa.add_note("1", NewNote("For us.", internal=True, resolution=True))
        [note] = server.desk.notes
        assert [flag for flag, value in note.items() if value is True] == ["internalAnalysisFlag"]
        await psa.close()
