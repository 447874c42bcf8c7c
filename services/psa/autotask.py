"""Autotask: a zone for each tenant, queries by POST, plain text, and 500 for what others call 400."""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from services.psa import notes as writing
from services.psa.autotask_zone import Keys, Zone
from services.psa.failures import PsaFailed
from services.psa.judging import MAY_NOT
from services.psa.model import Board, Change, NewNote, Note, Status, Ticket, Worked
from services.psa.provider import MOST
from services.psa.reading import Json, digits, ident, inner, moment, number, record, records, required, text, written
from services.psa.wire import Way

COMPLETE = "5"
"""The one status that means the same in every tenant."""
LONGEST_NOTE = 32_000
LONGEST_TITLE = 250
EVERYBODY, INTERNAL = 1, 2
"""Of `publish`."""
TASK_SUMMARY, NOTES = 1, 3
"""Of `noteType`."""
_PICKED = ("status", "queueID")


class Autotask:
    """A Provider. Its boards are the queues; it has no teams."""

    name = "autotask"
    at_once = 3

    def __init__(self, way: Way, keys: Keys) -> None:
        self._zone = Zone(way, keys, self.at_once)
        self._picklists: Mapping[str, Mapping[str, str]] = {}

    async def host(self) -> str:
        return await self._zone.address()

    async def sign_in(self) -> str:
        try:
            picklists = await self._picked(fresh=True)
        except PsaFailed as failed:
            # A wrong user or integration code is a 500 whose words are not documented.
            if failed.why == "rejected" and failed.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise PsaFailed("denied", failed.said, status=failed.status) from failed
            raise
        return f"tickets have {len(picklists['status'])} statuses here"

    async def boards(self) -> tuple[Board, ...]:
        return tuple(Board(known, name) for known, name in (await self._picked(fresh=True))["queueID"].items())

    async def statuses(self, board: str) -> tuple[Status, ...]:
        found = (await self._picked(fresh=True))["status"]
        return tuple(Status(known, name, known == COMPLETE) for known, name in found.items())

    async def tickets(self, *, owner: str = "", board: str = "", most: int = MOST) -> tuple[Ticket, ...]:
        wanted = [_is("status", int(COMPLETE), "noteq")]
        if owner:
            wanted.append(_is("assignedResourceID", number(required((await self._resource(owner)).get("id")))))
        if board:
            wanted.append(_is("queueID", number(board)))
        found = await self._zone.query("Tickets", wanted)
        newest = sorted(found, key=lambda each: (text(each.get("lastActivityDate")), _newest(each)), reverse=True)
        return await self._tickets(newest[:most])

    async def ticket(self, ticket: str) -> Ticket:
        found = record(await self._zone.get(f"/Tickets/{number(ticket)}")).get("item")
        if found is None:
            raise PsaFailed("gone", f"ticket {ticket}")
        return (await self._tickets([record(found)]))[0]

    async def notes(self, ticket: str) -> tuple[Note, ...]:
        found = await self._zone.query("TicketNotes", [_is("ticketID", number(ticket))])
        return tuple(_note(each) for each in sorted(found, key=_newest, reverse=True))

    async def may_note(self, ticket: str) -> str:
        """By what the API says of itself."""
        found = record(await self._zone.get("/TicketNotes/entityInformation"))
        about = inner(found, "info") or found
        access = about.get("userAccessForCreate")
        if about.get("canCreate") is False or access in ("None", 0):
            raise PsaFailed("rejected", "the API user may not add ticket notes", hint=MAY_NOT)
        return "the API says that ticket notes may be added"

    async def add_note(self, ticket: str, note: NewNote) -> str:
        said = writing.plain(note.markdown)
        if len(said) > LONGEST_NOTE:
            told = f"the note has {len(said):,} characters, Autotask takes {LONGEST_NOTE:,}"
            raise PsaFailed("rejected", told, hint="Shorten it.")
        body = {
            "title": (" ".join(note.title.split()) or "rfl1")[:LONGEST_TITLE],
            "description": said,
            "noteType": NOTES if note.internal else TASK_SUMMARY,
            "publish": INTERNAL if note.internal else EVERYBODY,
        }
        return _made(await self._zone.write("POST", f"/Tickets/{number(ticket)}/Notes", body))

    async def change(self, ticket: str, change: Change) -> None:
        if change.team:
            raise PsaFailed("rejected", "Autotask has no teams", hint="Name the queue instead.")
        body: dict[str, Any] = {"id": number(ticket)}
        if change.status:
            body["status"] = number(change.status)
        if change.board:
            body["queueID"] = number(change.board)
        if change.owner:
            resource = await self._resource(change.owner)
            body["assignedResourceID"] = number(required(resource.get("id")))
            body["assignedResourceRoleID"] = _role(resource)
        if change.resolution:
            body["resolution"] = change.resolution[:LONGEST_NOTE]
        if len(body) > 1:
            await self._zone.write("PATCH", "/Tickets", body)

    async def times(self, ticket: str) -> tuple[Note, ...]:
        found = await self._zone.query("TimeEntries", [_is("ticketID", number(ticket))])
        return tuple(
            Note(required(each.get("id")), text(each.get("summaryNotes")), True, moment(each.get("startDateTime")))
            for each in sorted(found, key=_newest, reverse=True)
        )

    async def log_time(self, ticket: str, worked: Worked) -> str:
        if not worked.by:
            raise PsaFailed("rejected", "Autotask has to know who worked", hint="Say whose time it is.")
        resource = await self._resource(worked.by)
        body = {
            "ticketID": number(ticket),
            "resourceID": number(required(resource.get("id"))),
            "roleID": _role(resource),
            "dateWorked": written(worked.started_at),
            "startDateTime": written(worked.started_at),
            "endDateTime": written(worked.ended_at),
            "summaryNotes": worked.note[:LONGEST_NOTE],
        }
        return _made(await self._zone.write("POST", "/TimeEntries", body))

    async def close(self) -> None:
        await self._zone.close()

    async def _tickets(self, found: list[Json]) -> tuple[Ticket, ...]:
        """With the names of what they hold ids of."""
        picked, companies, contacts, resources = await asyncio.gather(
            self._picked(fresh=False),
            self._named("Companies", (each.get("companyID") for each in found)),
            self._named("Contacts", (each.get("contactID") for each in found)),
            self._named("Resources", (each.get("assignedResourceID") for each in found)),
        )
        names = {"companyID": companies, "contactID": contacts, "assignedResourceID": resources}
        return tuple(_ticket(each, {**picked, **names}) for each in found)

    async def _named(self, entity: str, ids: Iterable[object]) -> Mapping[str, str]:
        wanted = sorted({known for each in ids if (known := digits(ident(each))) is not None})
        if not wanted:
            return {}
        found = await self._zone.query(entity, [{"op": "in", "field": "id", "value": wanted}])
        return {required(each.get("id")): _name(each) for each in found}

    async def _resource(self, owner: str) -> Json:
        """Somebody by the name they sign in with, their mail address or id."""
        known = digits(owner)
        names: Json = {"op": "or", "items": [_is("userName", owner), _is("email", owner)]}
        by = names if known is None else _is("id", known)
        found = await self._zone.query("Resources", [by, _is("isActive", True)])
        if len(found) != 1:
            told = f"there is {'nobody' if not found else 'more than one person'} called {owner[:60]!r}"
            raise PsaFailed("rejected", told, hint="Use the name that they sign in with.")
        return found[0]

    async def _picked(self, *, fresh: bool) -> Mapping[str, Mapping[str, str]]:
        """Status and queue: the names of their ids, active ones only."""
        if fresh or not self._picklists:
            fields = records(record(await self._zone.get("/Tickets/entityInformation/fields")).get("fields"))
            lists = {text(each.get("name")): each.get("picklistValues") for each in fields}
            self._picklists = {
                name: {
                    required(value.get("value")): text(value.get("label"))
                    for value in records(lists.get(name))
                    if value.get("isActive") is not False
                }
                for name in _PICKED
            }
        return self._picklists


def _is(name: str, value: int | str | bool, op: str = "eq") -> Json:
    return {"op": op, "field": name, "value": value}


def _made(found: Any) -> str:
    """The id of what was written. An answer without one is no answer."""
    known = ident(found.get("itemId")) if isinstance(found, Mapping) else ""
    if not known:
        raise PsaFailed("lost", "the answer has no id")
    return known


def _role(resource: Json) -> int:
    known = ident(resource.get("defaultServiceDeskRoleID"))
    if not known:
        raise PsaFailed("rejected", f"{_name(resource)} has no service desk role", hint="Give them one in Autotask.")
    return number(known)


def _name(found: Json) -> str:
    parts = [text(found.get(part)).strip() for part in ("firstName", "lastName")]
    return text(found.get("companyName")) or " ".join(part for part in parts if part) or text(found.get("userName"))


def _newest(found: Json) -> int:
    return digits(ident(found.get("id"))) or 0


def _ticket(found: Json, names: Mapping[str, Mapping[str, str]]) -> Ticket:
    def named(name: str) -> str:
        return names[name].get(ident(found.get(name)), "")

    status, queue, known = required(found.get("status")), ident(found.get("queueID")), required(found.get("id"))
    return Ticket(
        id=known,
        number=text(found.get("ticketNumber")) or known,
        summary=text(found.get("title")),
        text=text(found.get("description")),
        board=Board(queue, named("queueID")),
        status=Status(status, named("status"), status == COMPLETE),
        owner=named("assignedResourceID"),
        customer=named("companyID"),
        contact=named("contactID"),
        opened_at=moment(found.get("createDate")),
        updated_at=moment(found.get("lastActivityDate")),
        changed=text(found.get("lastActivityDate")),
    )


def _note(found: Json) -> Note:
    internal = found.get("publish") != EVERYBODY
    at = moment(found.get("createDateTime")) or moment(found.get("lastActivityDate"))
    by = ident(found.get("creatorResourceID"))
    return Note(required(found.get("id")), text(found.get("description")), internal, at, by)
