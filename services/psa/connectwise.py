"""ConnectWise PSA: boards with statuses of their own, notes with flags, changes as a list of operations."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from services.psa import notes as writing
from services.psa.failures import PsaFailed
from services.psa.judging import content
from services.psa.model import Board, Change, NewNote, Note, Status, Ticket, Worked
from services.psa.provider import MOST
from services.psa.reading import Json, digits, ident, inner, moment, number, record, records, required, text, written
from services.psa.wire import Answer, Request, Way, Wire

PAGE = 250
CODEBASE = "v4_6_release/"
_CLOUD = (".myconnectwise.net", ".connectwisedev.com")
_UNROUTED = "cannot route"
"""How a wrong codebase or company is told, with status 400."""
_FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")


@dataclass(frozen=True, slots=True)
class Keys:
    company: str
    public: str = field(repr=False)
    private: str = field(repr=False)
    client: str = field(repr=False)

    @property
    def basic(self) -> str:
        return b64encode(f"{self.company}+{self.public}:{self.private}".encode()).decode()


class ConnectWise:
    """A Provider."""

    name = "connectwise"
    at_once = 8

    def __init__(self, way: Way, keys: Keys) -> None:
        self._keys = keys
        secrets = (keys.private, keys.public, keys.client, keys.basic)
        self._wire = Wire(way, at_once=self.at_once, secrets=secrets)
        self._base = ""
        self._discovering = asyncio.Lock()

    async def host(self) -> str:
        return await self._discovered()

    async def sign_in(self) -> str:
        try:
            counted = record(await self._json("GET", "/service/tickets/count", {"conditions": "closedFlag=False"}))
        except PsaFailed as failed:
            if failed.why != "gone":
                raise
            raise PsaFailed("denied", failed.said, status=failed.status) from failed  # so does the cloud tell bad keys
        return f"{ident(counted.get('count')) or 'no'} open tickets are to be seen"

    async def boards(self) -> tuple[Board, ...]:
        found = await self._pages("/service/boards", {"conditions": "inactiveFlag=False", "orderBy": "name asc"})
        return tuple(_board(each) for each in found)

    async def statuses(self, board: str) -> tuple[Status, ...]:
        found = await self._pages(f"/service/boards/{number(board)}/statuses", {})
        return tuple(
            Status(
                required(each.get("id")),
                text(each.get("name")),
                each.get("closedStatus") is True,
                each.get("timeEntryNotAllowed") is not True,
            )
            for each in found
            if each.get("inactive") is not True
        )

    async def tickets(self, *, owner: str = "", board: str = "", most: int = MOST) -> tuple[Ticket, ...]:
        wanted = ["closedFlag=False"]
        if owner:
            wanted.append(
                f"owner/identifier={_quoted(owner)}" if digits(owner) is None else f"owner/id={digits(owner)}"
            )
        if board:
            wanted.append(f"board/id={number(board)}")
        query = {"conditions": " and ".join(wanted), "orderBy": "id desc"}
        return tuple(_ticket(each) for each in await self._pages("/service/tickets", query, most))

    async def ticket(self, ticket: str) -> Ticket:
        return _ticket(record(await self._json("GET", f"/service/tickets/{number(ticket)}")))

    async def notes(self, ticket: str) -> tuple[Note, ...]:
        found = await self._pages(f"/service/tickets/{number(ticket)}/notes", {"orderBy": "id desc"})
        return tuple(_note(each) for each in found)

    async def may_note(self, ticket: str) -> str:
        """By a note that says nothing and is to be shown nowhere, which is turned down for that, or for the right."""
        try:
            await self._write("POST", f"/service/tickets/{number(ticket)}/notes", {"text": ""} | _shown())
        except PsaFailed as failed:
            if failed.why == "rejected" and failed.status == HTTPStatus.BAD_REQUEST:
                return "an empty note was turned down for being empty, not for who wrote it"
            raise
        raise PsaFailed("invalid", "it took an empty note", hint=f"Look at ticket {ticket}, an empty note is in it.")

    async def add_note(self, ticket: str, note: NewNote) -> str:
        shown = _shown(
            detailDescriptionFlag=not note.internal,
            internalAnalysisFlag=note.internal,
            resolutionFlag=note.resolution and not note.internal,
        )
        # No mail goes out by us, and the customer has not answered.
        quiet = {"processNotifications": False, "customerUpdatedFlag": False}
        body = {"text": writing.plain(note.markdown), **shown, **quiet}
        return _made(await self._write("POST", f"/service/tickets/{number(ticket)}/notes", body))

    async def change(self, ticket: str, change: Change) -> None:
        given: dict[str, Json] = {}
        for path, known in (("board", change.board), ("status", change.status), ("team", change.team)):
            if known:
                given[path] = {"id": number(known)}
        if change.owner:
            given["owner"] = _member(change.owner)
        operations = [{"op": "replace", "path": path, "value": value} for path, value in given.items()]
        if operations:
            await self._write("PATCH", f"/service/tickets/{number(ticket)}", operations)

    async def times(self, ticket: str) -> tuple[Note, ...]:
        mine = f'chargeToId={number(ticket)} and chargeToType="ServiceTicket"'
        found = await self._pages("/time/entries", {"conditions": mine, "orderBy": "id desc"})
        return tuple(
            Note(required(each.get("id")), text(each.get("notes")), internal=True, at=moment(each.get("timeStart")))
            for each in found
        )

    async def log_time(self, ticket: str, worked: Worked) -> str:
        body: dict[str, Any] = {
            "chargeToId": number(ticket),
            "chargeToType": "ServiceTicket",
            "timeStart": written(worked.started_at),
            "timeEnd": written(worked.ended_at),
            "notes": worked.note,
        }
        if worked.by:
            body["member"] = _member(worked.by)
        return _made(await self._write("POST", "/time/entries", body))

    async def close(self) -> None:
        await self._wire.close()

    async def _discovered(self, instead_of: str = "") -> str:
        """The address of the API; asked for again where it is still `instead_of`."""
        async with self._discovering:
            if not self._base or self._base == instead_of:
                self._base = await self._discover()
            return self._base

    async def _discover(self) -> str:
        screen, api = _hosts(self._wire.way.origin)
        url = f"{screen}/login/companyinfo/{quote(self._keys.company, safe='')}"
        found = content(await self._wire.send(Request("GET", url)), writes=False)
        if found is None:
            raise PsaFailed("denied", f"there is no company {self._keys.company!r}", hint="Look at RFL1_PSA_COMPANY.")
        codebase = text(record(found).get("Codebase")).strip("/") or CODEBASE.strip("/")
        if not re.fullmatch(r"[\w.-]+", codebase, re.ASCII):
            raise PsaFailed("invalid", "the codebase is no name")
        return f"{api}/{codebase}/apis/3.0"

    async def _json(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        return content(await self._answer(method, path, query or {}), writes=False)

    async def _write(self, method: str, path: str, body: Any) -> Any:
        return content(await self._answer(method, path, {}, body), writes=True)

    async def _answer(self, method: str, path: str, query: Mapping[str, str], body: Any = None) -> Answer:
        base = await self._discovered()
        answer = await self._send(base, method, path, query, body)
        unrouted = answer.status == HTTPStatus.BAD_REQUEST and _UNROUTED in answer.said.lower()
        if unrouted or answer.status == HTTPStatus.NOT_FOUND:
            # A new release moves the API; neither answer comes from one that has done anything.
            fresh = await self._discovered(base)
            if fresh != base:
                return await self._send(fresh, method, path, query, body)
        if unrouted:
            hint = "Look at RFL1_PSA_URL and RFL1_PSA_COMPANY."
            raise PsaFailed("denied", answer.said, status=answer.status, hint=hint)
        return answer

    async def _send(self, base: str, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:
        headers = {
            "Authorization": f"Basic {self._keys.basic}",
            "clientId": self._keys.client,
            "Accept": "application/json",
        }
        return await self._wire.send(Request(method, base + path, headers, query, body, writes=body is not None))

    async def _pages(self, path: str, query: Mapping[str, str], most: int | None = None) -> list[Json]:
        found: list[Json] = []
        for page in range(1, 1000):
            asked = {**query, "page": str(page), "pageSize": str(PAGE)}
            answer = await self._answer("GET", path, asked)
            some = records(content(answer, writes=False))
            found += some
            # The link itself may name another host; that there is one is enough.
            link = answer.headers.get("link")
            more = len(some) == PAGE if link is None else 'rel="next"' in link
            if not some or not more or (most is not None and len(found) >= most):
                break
        return found if most is None else found[:most]


def _hosts(origin: str) -> tuple[str, str]:
    """Where people look and where programs ask; in the cloud these are two."""
    host = urlsplit(origin).hostname or ""
    if not host.endswith(_CLOUD):
        return origin, origin
    bare = host.removeprefix("api-")
    return f"https://{bare}", f"https://api-{bare}"


def _quoted(name: str) -> str:
    if re.search(r'["\\\x00-\x1f]', name):
        raise PsaFailed("rejected", f"{name[:40]!r} is nobody's name", hint="Use the name that they sign in with.")
    return f'"{name}"'


def _member(name: str) -> Json:
    known = digits(name)
    return {"identifier": name} if known is None else {"id": known}


def _shown(**flags: bool) -> dict[str, Any]:
    return {flag: flags.get(flag, False) for flag in _FLAGS}


def _made(found: Any) -> str:
    """The id of what was written. An answer without one is no answer."""
    known = ident(found.get("id")) if isinstance(found, Mapping) else ""
    if not known:
        raise PsaFailed("lost", "the answer has no id")
    return known


def _board(found: Json) -> Board:
    return Board(required(found.get("id")), text(found.get("name")))


def _ticket(found: Json) -> Ticket:
    status, known = inner(found, "status"), required(found.get("id"))
    updated = text(inner(found, "_info").get("lastUpdated"))
    return Ticket(
        id=known,
        number=known,
        summary=text(found.get("summary")),
        text=text(found.get("initialDescription")),
        board=_board(inner(found, "board")),
        status=Status(required(status.get("id")), text(status.get("name")), found.get("closedFlag") is True),
        team=text(inner(found, "team").get("name")),
        owner=text(inner(found, "owner").get("identifier")),
        customer=text(inner(found, "company").get("name")),
        contact=text(inner(found, "contact").get("name")) or text(found.get("contactName")),
        opened_at=moment(inner(found, "_info").get("dateEntered")) or moment(found.get("dateEntered")),
        updated_at=moment(updated),
        changed=updated,
    )


def _note(found: Json) -> Note:
    """Who sees it is told by the three flags alone."""
    hidden = not found.get("detailDescriptionFlag") and not found.get("resolutionFlag")
    at = moment(found.get("dateCreated")) or moment(inner(found, "_info").get("lastUpdated"))
    by = text(inner(found, "member").get("identifier")) or text(found.get("createdBy"))
    return Note(required(found.get("id")), text(found.get("text")), hidden, at, by)
