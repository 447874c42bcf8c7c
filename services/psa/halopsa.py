"""HaloPSA: a token for an hour, arrays where others take objects, notes that are actions and may be HTML."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from services.psa import notes as writing
from services.psa.failures import PsaFailed
from services.psa.judging import content
from services.psa.model import Board, Change, NewNote, Note, Status, Ticket, Worked
from services.psa.provider import MOST
from services.psa.reading import Json, digits, ident, moment, number, record, records, required, text, words
from services.psa.wire import Answer, Request, Way, Wire

PAGE = 100
MANY = 1000
SCOPE = "edit:tickets read:customers"
"""Notes ride on the tickets; there is no scope for them."""
EARLY = 60.0
"""Seconds before its end from which a token is not used any more."""


@dataclass(frozen=True, slots=True)
class Keys:
    client: str = field(repr=False)
    secret: str = field(repr=False)
    tenant: str = ""
    """Empty is the first part of the host's name."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(default="", repr=False)
    scope: str = ""
    until: float = 0.0
    """Of the monotonic clock."""


class HaloPsa:
    """A Provider. Its boards are the teams, known by name, as tickets know them."""

    name = "halopsa"
    at_once = 8

    def __init__(self, way: Way, keys: Keys) -> None:
        self._keys = keys
        self._wire = Wire(way, at_once=self.at_once, secrets=(keys.secret, keys.client))
        self._api = f"{way.origin}/api"
        self._token = _Token()
        self._asking = asyncio.Lock()
        self._names: Mapping[str, Status] = {}

    async def host(self) -> str:
        """That something like it answers; the token is asked for at the same host."""
        record(content(await self._wire.send(Request("GET", f"{self._api}/authinfo")), writes=False))
        return self._api

    async def sign_in(self) -> str:
        me = record(await self._get("/Agent/me"))
        return f"notes will be by {text(me.get('name')) or 'an agent without a name'}"

    async def boards(self) -> tuple[Board, ...]:
        found = _listed(await self._get("/Team"), "teams")
        return tuple(Board(name, name) for each in found if (name := text(each.get("name"))))

    async def statuses(self, board: str) -> tuple[Status, ...]:
        found = _listed(await self._get("/Status"), "statuses")
        listed = tuple(Status(required(each.get("id")), text(each.get("name"))) for each in found)
        self._names = {each.id: each for each in listed}
        return listed

    async def tickets(self, *, owner: str = "", board: str = "", most: int = MOST) -> tuple[Ticket, ...]:
        query = {"pageinate": "true", "page_size": str(PAGE), "open_only": "true", "includedetails": "true"}
        query |= {"order": "id", "orderdesc": "true"}
        if owner:
            query["agent_id"] = str(await self._agent(owner))
        found: list[Ticket] = []
        for page in range(1, 1000):
            answer = record(await self._get("/Tickets", query | {"page_no": str(page)}))
            some = records(answer.get("tickets"))
            listed = [await self._ticket(each) for each in some]
            found += [each for each in listed if not board or each.board.id.casefold() == board.casefold()]
            counted = answer.get("record_count")
            last = len(some) < PAGE if not isinstance(counted, int) else page * PAGE >= counted
            if not some or last or len(found) >= most:
                break
        return tuple(sorted(found[:most], key=lambda each: digits(each.id) or 0, reverse=True))

    async def ticket(self, ticket: str) -> Ticket:
        query = {"includedetails": "true", "nocache": "true"}
        return await self._ticket(record(await self._get(f"/Tickets/{number(ticket)}", query)))

    async def notes(self, ticket: str) -> tuple[Note, ...]:
        found = await self._actions(ticket, MANY)
        listed = [_note(each) for each in found]
        return tuple(sorted(listed, key=lambda note: digits(note.id) or 0, reverse=True))

    async def may_note(self, ticket: str) -> str:
        """By what the token was given for: there is nothing that could be asked without writing."""
        await self._actions(ticket, 1)
        granted = (await self._valid("")).scope
        if granted and not {"edit:tickets", "all"} & set(granted.split()):
            raise PsaFailed("rejected", f"the token is for {granted[:60]}", hint="Give the application edit:tickets.")
        return f"the token is for {granted or SCOPE}"

    async def add_note(self, ticket: str, note: NewNote) -> str:
        # No outcome: their ids are the installation's own, and with a wrong one the note is gone.
        return await self._act(ticket, {"note_html": writing.html(note.markdown), "hiddenfromuser": note.internal})

    async def change(self, ticket: str, change: Change) -> None:
        body: dict[str, Any] = {"id": number(ticket)}
        if change.status:
            body["status_id"] = number(change.status)
        if team := change.team or change.board:
            body["team"] = team
        if change.owner:
            body["agent_id"] = await self._agent(change.owner)
        if len(body) > 1:
            await self._post("/Tickets", [body])

    async def times(self, ticket: str) -> tuple[Note, ...]:
        """Time is logged by actions, which are notes."""
        return await self.notes(ticket)

    async def log_time(self, ticket: str, worked: Worked) -> str:
        hours = round(worked.took.total_seconds() / 3600, 4)
        body = {"note_html": writing.html(worked.note), "hiddenfromuser": True, "timetaken": hours}
        return await self._act(ticket, body | ({"who": worked.by} if worked.by else {}))

    async def close(self) -> None:
        await self._wire.close()

    async def _act(self, ticket: str, body: Json) -> str:
        sent = {"ticket_id": number(ticket), "sendemail": False, **body}
        known = ident(_last(await self._post("/Actions", [sent])).get("id"))
        if not known:
            raise PsaFailed("lost", "the answer has no id")
        return known

    async def _actions(self, ticket: str, count: int) -> list[Json]:
        query = {"ticket_id": str(number(ticket)), "excludesys": "true", "includehtmlnote": "true"}
        answer = await self._get("/Actions", query | {"count": str(count)})
        found = _listed(answer, "actions")
        counted = answer.get("record_count") if isinstance(answer, Mapping) else None
        if isinstance(counted, int) and counted > len(found) == count == MANY:
            return _listed(await self._get("/Actions", query | {"count": str(counted)}), "actions")
        return found

    async def _agent(self, owner: str) -> int:
        """The id of an agent, by their name, mail address or id."""
        if (known := digits(owner)) is not None:
            return known
        found = _listed(await self._get("/Agent", {"search": owner}), "agents")
        for each in found:
            names = {text(each.get(field)).casefold() for field in ("name", "email", "username")}
            if owner.casefold() in names:
                return number(required(each.get("id")))
        raise PsaFailed("rejected", f"there is no agent {owner[:60]!r}", hint="`rfl1 psa check` shows who is known.")

    async def _ticket(self, found: Json) -> Ticket:
        """With the name of its status, which has to be looked up."""
        status = required(found.get("status_id"))
        if status not in self._names:
            await self.statuses("")
        known, team = required(found.get("id")), text(found.get("team"))
        name = self._names[status].name if status in self._names else ""
        return Ticket(
            id=known,
            number=known,
            summary=text(found.get("summary")),
            text=text(found.get("details")) or words(text(found.get("details_html"))),
            board=Board(team, team),
            status=Status(status, name, found.get("hasbeenclosed") is True),
            team=team,
            owner=text(found.get("agent_name")) or ident(found.get("agent_id")),
            customer=text(found.get("client_name")),
            contact=text(found.get("user_name")),
            opened_at=moment(found.get("dateoccurred")) or moment(found.get("datecreated")),
            updated_at=moment(found.get("last_update")),
            changed=text(found.get("last_update")),
        )

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        return content(await self._answer(Request("GET", self._api + path, query=query or {})), writes=False)

    async def _post(self, path: str, body: list[Json]) -> Any:
        return content(await self._answer(Request("POST", self._api + path, json=body, writes=True)), writes=True)

    async def _answer(self, request: Request) -> Answer:
        """With a token; with a new one, once, where the one that was used does not hold any more."""
        token = await self._valid("")
        answer = await self._send(request, token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer = await self._send(request, await self._valid(token.text))
        return answer

    async def _send(self, request: Request, token: _Token) -> Answer:
        headers = {"Authorization": f"Bearer {token.text}", "Accept": "application/json"}
        return await self._wire.send(replace(request, headers=headers))

    async def _valid(self, used: str) -> _Token:
        """A token that holds, other than the one that was `used` in vain."""
        async with self._asking:
            if self._token.text in ("", used) or time.monotonic() >= self._token.until:
                self._token = await self._granted()
                self._wire.hide(self._token.text)
            return self._token

    async def _granted(self) -> _Token:
        origin = self._wire.way.origin
        tenant = self._keys.tenant or (urlsplit(origin).hostname or "").partition(".")[0]
        form = {
            "grant_type": "client_credentials",
            "client_id": self._keys.client,
            "client_secret": self._keys.secret,
            "scope": SCOPE,
        }
        answer = await self._wire.send(Request("POST", f"{origin}/auth/token", query={"tenant": tenant}, form=form))
        if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            hint = "Give the application edit:tickets and read:customers." if "invalid_scope" in answer.said else ""
            raise PsaFailed("denied", answer.said, status=answer.status, hint=hint)
        found = record(content(answer, writes=False))
        granted = text(found.get("access_token"))
        if not granted:
            raise PsaFailed("invalid", "it gave no token")
        lasts = found.get("expires_in")
        seconds = float(lasts) if isinstance(lasts, int | float) else EARLY
        return _Token(granted, text(found.get("scope")), time.monotonic() + max(seconds - EARLY, seconds / 2))


def _listed(found: Any, name: str) -> list[Json]:
    """A list, or an object around one."""
    return records(found.get(name) if isinstance(found, Mapping) else found)


def _last(found: Any) -> Json:
    """What was written: the object itself, the last of a list, or of a list within."""
    if isinstance(found, Mapping) and isinstance(found.get("tickets"), list):
        found = found["tickets"]
    if isinstance(found, list):
        found = found[-1] if found else None
    return found if isinstance(found, Mapping) else {}


def _note(found: Json) -> Note:
    html = text(found.get("note_html"))
    at = moment(found.get("actiondatecreated")) or moment(found.get("datetime"))
    said = words(html) if html else text(found.get("note"))
    return Note(required(found.get("id")), said, found.get("hiddenfromuser") is True, at, text(found.get("who")))
