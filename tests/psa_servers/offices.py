"""The three side by side: each with its server, its credentials and the words for the same things."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.psa import autotask, autotask_zone, connectwise, halopsa
from services.psa.model import Change
from services.psa.provider import Provider
from services.psa.wire import Way
from tests.psa_servers import autotask as at
from tests.psa_servers import connectwise as cw
from tests.psa_servers import halopsa as halo
from tests.psa_servers.server import PsaServer


def anywhere(url: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Office:
    name: str
    server: Callable[..., PsaServer]
    made: Callable[[Way], Provider]
    environment: Mapping[str, str]
    """RFL1_PSA_* without the URL."""
    secrets: tuple[str, ...]
    tina: str
    resolved: Change
    escalated: Change
    note_line: str
    change_line: str
    time_line: str
    read_line: str
    """Of one ticket."""
    list_line: str
    notes_line: str
    statuses_line: str
    found_line: str
    """Of the request that has to come before all others."""
    owned: Mapping[str, Any]
    """What a ticket has that is Emil's."""
    closed: Mapping[str, Any]
    """What a ticket has that somebody else closed."""
    moved: Mapping[str, Any]
    """And one that somebody else put on the other board."""
    any_line: str = "."

    def provider(self, server: PsaServer, **way: float) -> Provider:
        return self.made(Way(server.url, anywhere, **way))


CONNECTWISE = Office(
    name="connectwise",
    server=cw.ConnectWiseServer,
    made=lambda way: connectwise.ConnectWise(way, connectwise.Keys(cw.COMPANY, cw.PUBLIC, cw.PRIVATE, cw.CLIENT)),
    environment={
        "RFL1_PSA_COMPANY": cw.COMPANY,
        "RFL1_PSA_PUBLIC_KEY": cw.PUBLIC,
        "RFL1_PSA_PRIVATE_KEY": cw.PRIVATE,
        "RFL1_PSA_CLIENT_ID": cw.CLIENT,
    },
    secrets=(cw.PRIVATE, cw.PUBLIC),
    tina="tina",
    resolved=Change(status="17"),
    escalated=Change(board="2", status="20", owner="emil"),
    note_line=r"POST .*/tickets/\d+/notes",
    change_line=r"PATCH .*/tickets/\d+",
    time_line=r"POST .*/time/entries",
    read_line=r"GET .*/tickets/\d+$",
    list_line=r"GET .*/service/tickets$",
    notes_line=r"GET .*/notes$",
    statuses_line=r"GET .*/statuses$",
    found_line="companyinfo",
    owned={"owner": {"identifier": "emil"}},
    closed={"status": {"id": 18, "name": "Closed"}, "closedFlag": True},
    moved={"board": {"id": 2, "name": "Level 2"}, "status": {"id": 20, "name": "With an engineer"}},
)
HALOPSA = Office(
    name="halopsa",
    server=halo.HaloServer,
    made=lambda way: halopsa.HaloPsa(way, halopsa.Keys(halo.CLIENT, halo.SECRET, halo.TENANT)),
    environment={
        "RFL1_PSA_TENANT": halo.TENANT,
        "RFL1_PSA_CLIENT_ID": halo.CLIENT,
        "RFL1_PSA_CLIENT_SECRET": halo.SECRET,
    },
    secrets=(halo.SECRET, "token-1"),
    tina="tina@acme.example",
    resolved=Change(status="9"),
    escalated=Change(board="Level 2", status="21", owner="Emil Stone"),
    note_line="POST /api/Actions",
    change_line="POST /api/Tickets",
    time_line="POST /api/Actions",
    read_line=r"GET /api/Tickets/\d+$",
    list_line="GET /api/Tickets$",
    notes_line="GET /api/Actions",
    statuses_line="GET /api/Status",
    found_line="/auth/token",
    owned={"agent_id": 4},
    closed={"status_id": 8, "hasbeenclosed": True},
    moved={"team": "Level 2", "status_id": 21},
)
AUTOTASK = Office(
    name="autotask",
    server=at.AutotaskServer,
    made=lambda way: autotask.Autotask(way, autotask_zone.Keys(at.USER, at.SECRET, at.CODE)),
    environment={
        "RFL1_PSA_USERNAME": at.USER,
        "RFL1_PSA_SECRET": at.SECRET,
        "RFL1_PSA_INTEGRATION_CODE": at.CODE,
    },
    secrets=(at.SECRET, at.CODE),
    tina="tina",
    resolved=Change(status="5"),
    escalated=Change(board="31", status="12", owner="emil"),
    note_line=r"POST .*/Tickets/\d+/Notes",
    change_line="PATCH .*/Tickets",
    time_line="POST .*/TimeEntries$",
    read_line=r"GET .*/Tickets/\d+$",
    list_line="POST .*/Tickets/query$",
    notes_line="POST .*/TicketNotes/query",
    statuses_line="GET .*/entityInformation/fields",
    found_line="zoneInformation",
    owned={"assignedResourceID": 8, "assignedResourceRoleID": 80},
    closed={"status": 5},
    moved={"queueID": 31, "status": 12},
)
OFFICES = (CONNECTWISE, HALOPSA, AUTOTASK)
