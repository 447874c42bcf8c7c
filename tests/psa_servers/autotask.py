"""A stand-in for Autotask: a zone, queries by POST, answers that are only an id, and 500 for every refusal."""

import re
from typing import Any

from tests.psa_servers.server import Asked, PsaServer, Reply, Row

USER, SECRET, CODE = "api@acme.example", "auto-secret", "INTEGRATION-CODE"
STATUSES = {1: "New", 5: "Complete", 8: "In progress", 12: "With an engineer"}
QUEUES = {30: "Service Desk", 31: "Level 2"}
_RESOURCES = [
    {"id": 7, "userName": "tina", "email": "tina@acme.example", "firstName": "Tina", "lastName": "Field",
     "isActive": True, "defaultServiceDeskRoleID": 70},
    {"id": 8, "userName": "emil", "email": "emil@acme.example", "firstName": "Emil", "lastName": "Stone",
     "isActive": True, "defaultServiceDeskRoleID": 80},
]  # fmt: skip
_COMPANIES = [{"id": 5, "companyName": "Northwind"}]
_CONTACTS = [{"id": 6, "firstName": "Ann", "lastName": "Lee"}]


class AutotaskServer(PsaServer):
    def __init__(self, tickets: int = 3) -> None:
        super().__init__()
        self.zone = "/ATServicesRest"
        self.page = 500
        self.may_note = True
        for number in range(1, tickets + 1):
            self.desk.tickets[number] = {
                "id": number,
                "ticketNumber": f"T20261101.{number:04}",
                "title": f"Outlook asks for a password ({number})",
                "description": "It asks every two minutes.",
                "status": 1,
                "queueID": 30,
                "assignedResourceID": 7 if number == 1 else None,
                "companyID": 5,
                "contactID": 6,
                "createDate": f"2026-11-01T{7 + number // 3600 % 16:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                "lastActivityDate": f"2026-11-01T08:00:{number % 60:02}.123Z",
            }

    def expire(self) -> Reply | None:
        return Reply(b"", 401)

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/atservicesrest/v1.0/zoneInformation":
            if asked.query.get("user") != USER:
                return _refused("Zone information could not be determined")
            return Reply({"url": f"{self.url}{self.zone}/", "webUrl": self.url, "ci": 1})
        if not asked.path.startswith(f"{self.zone}/V1.0/") or asked.headers.get("secret") != SECRET:
            return Reply(b"", 401)
        if asked.headers.get("username") != USER or asked.headers.get("apiintegrationcode") != CODE:
            return _refused("The integration code is not known.")
        return self._api(asked, asked.path.removeprefix(f"{self.zone}/V1.0"))

    def _api(self, asked: Asked, path: str) -> Reply:
        if query := re.fullmatch(r"/(\w+)/query(?:/next)?", path):
            return self._query(asked, query[1]) if asked.method == "POST" else Reply(b"", 405)
        if path == "/Tickets/entityInformation/fields":
            return Reply({"fields": [_picklist("status", STATUSES), _picklist("queueID", QUEUES)]})
        if path == "/TicketNotes/entityInformation":
            access = "All" if self.may_note else "None"
            return Reply({"info": {"name": "TicketNote", "canCreate": True, "userAccessForCreate": access}})
        if note := re.fullmatch(r"/Tickets/(\d+)/Notes", path):
            return self._note(asked.body, int(note[1]))
        if path == "/Tickets" and asked.method == "PATCH":
            return self._patch(asked.body)
        if path == "/TimeEntries" and asked.method == "POST":
            self.desk.times.append({"id": self.desk.next_id(), **asked.body})
            return Reply({"itemId": self.desk.last_id})
        if ticket := re.fullmatch(r"/Tickets/(\d+)", path):
            return Reply({"item": self.desk.tickets.get(int(ticket[1]))})
        return Reply(b"", 404)

    def _query(self, asked: Asked, entity: str) -> Reply:
        everything: dict[str, list[Row]] = {
            "Tickets": list(self.desk.tickets.values()),
            "TicketNotes": self.desk.notes,
            "TimeEntries": self.desk.times,
            "Resources": _RESOURCES,
            "Companies": _COMPANIES,
            "Contacts": _CONTACTS,
        }
        if not isinstance(asked.body, dict) or not asked.body.get("filter"):
            return _refused("A filter is needed.")
        rows = [row for row in everything[entity] if all(_fits(row, each) for each in asked.body["filter"])]
        start, size = int(asked.query.get("after", 0)), min(self.page, asked.body["MaxRecords"])
        more = f"{self.url}{self.zone}/V1.0/{entity}/query/next?after={start + size}"
        following = more if len(rows) > start + size else None
        return Reply({"items": rows[start : start + size], "pageDetails": {"nextPageUrl": following}})

    def _note(self, body: Row, ticket: int) -> Reply:
        if not self.may_note:
            return _refused("The resource does not have the adequate permissions.")
        if ticket not in self.desk.tickets:
            return _refused("No matching records found")
        if missing := {"title", "description", "noteType", "publish"} - set(body):
            return _refused(f"Missing: {', '.join(sorted(missing))}")
        self.desk.notes.append({"id": self.desk.next_id(), "ticketID": ticket, **body})
        return Reply({"itemId": self.desk.last_id})

    def _patch(self, body: Row) -> Reply:
        ticket = self.desk.tickets.get(body.get("id", 0))
        if ticket is None:
            return _refused("No matching records found")
        if body.get("status", 1) not in STATUSES:
            return _refused(f"Picklist value [{body['status']}] does not exist for status")
        if "assignedResourceID" in body and "assignedResourceRoleID" not in body:
            return _refused("A role is needed with the resource.")
        ticket.update(body, lastActivityDate="2026-11-02T09:00:00Z")
        return Reply({"itemId": ticket["id"]})


def _fits(row: Row, wanted: Row) -> bool:
    match wanted["op"]:
        case "or":
            return any(_fits(row, each) for each in wanted["items"])
        case "eq":
            return bool(row.get(wanted["field"]) == wanted["value"])
        case "noteq":
            return bool(row.get(wanted["field"]) != wanted["value"])
        case "in":
            return row.get(wanted["field"]) in wanted["value"]
    return True  # what it does not know it leaves out


def _picklist(name: str, values: dict[int, str]) -> Any:
    listed = [{"value": str(known), "label": label, "isActive": True} for known, label in values.items()]
    return {"name": name, "isPickList": True, "picklistValues": listed}


def _refused(said: str) -> Reply:
    return Reply({"errors": [said]}, 500)
