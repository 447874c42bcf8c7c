"""A stand-in for ConnectWise PSA, strict where it is: boards with their own statuses, operations in its own dialect."""

import re
from base64 import b64encode
from typing import Any

from tests.psa_servers.server import Asked, PsaServer, Reply, Row

COMPANY, PUBLIC, PRIVATE, CLIENT = "acme", "pub-lic", "pri-vate", "cli-ent"
STATUSES: dict[int, list[Row]] = {
    1: [
        {"id": 10, "name": "New"},
        {"id": 17, "name": "Solved", "closedStatus": True, "timeEntryNotAllowed": True},
        {"id": 18, "name": "Closed", "closedStatus": True},
        {"id": 11, "name": "Old", "inactive": True},
    ],
    2: [{"id": 20, "name": "With an engineer"}, {"id": 27, "name": "Solved", "closedStatus": True}],
}
BOARDS = {1: "Service Desk", 2: "Level 2"}
_MEMBERS = {101: "tina", 102: "emil"}


class ConnectWiseServer(PsaServer):
    def __init__(self, tickets: int = 3) -> None:
        super().__init__()
        self.codebase = "v2026_1"
        self.may_note = True
        self.may_read = True
        for number in range(1, tickets + 1):
            self.desk.tickets[number] = {
                "id": number,
                "summary": f"Outlook asks for a password ({number})",
                "board": {"id": 1, "name": BOARDS[1]},
                "status": {"id": 10, "name": "New"},
                "company": {"id": 5, "name": "Northwind"},
                "contactName": "Ann Lee",
                "owner": {"id": 101, "identifier": "tina"} if number == 1 else None,
                "closedFlag": False,
                "_info": {
                    "dateEntered": f"2026-11-01T{7 + number // 3600 % 16:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                    "lastUpdated": f"2026-11-01T08:00:{number % 60:02}Z",
                },
            }

    def answer(self, asked: Asked) -> Reply:
        if company := re.fullmatch(r"/login/companyinfo/(.+)", asked.path):
            return Reply({"Codebase": f"{self.codebase}/", "IsCloud": True} if company[1] == COMPANY else None)
        if not asked.path.startswith(f"/{self.codebase}/apis/3.0/"):
            return Reply(b"Cannot route. Codebase/company is invalid", 400)
        basic = b64encode(f"{COMPANY}+{PUBLIC}:{PRIVATE}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {basic}" or asked.headers.get("clientid") != CLIENT:
            return Reply({"code": "Unauthorized", "message": "The keys are not right."}, 401)
        if not self.may_read:
            return _forbidden()
        return self._api(asked, asked.path.removeprefix(f"/{self.codebase}/apis/3.0"))

    def _api(self, asked: Asked, path: str) -> Reply:
        tickets = self.desk.tickets
        if path == "/service/boards":
            return _page(asked, [{"id": known, "name": name} for known, name in BOARDS.items()])
        if board := re.fullmatch(r"/service/boards/(\d+)/statuses", path):
            return _page(asked, STATUSES.get(int(board[1]), []))
        if path == "/service/tickets/count":
            return Reply({"count": len(self._found(asked))})
        if path == "/service/tickets":
            return _page(asked, self._found(asked))
        if path == "/time/entries":
            return self._time(asked)
        at = re.fullmatch(r"/service/tickets/(\d+)(/notes)?", path)
        if at is None or int(at[1]) not in tickets:
            return Reply({"code": "NotFound", "message": "Ticket not found"}, 404)
        ticket = tickets[int(at[1])]
        if at[2]:
            return self._notes(asked, ticket)
        return self._patch(asked.body, ticket) if asked.method == "PATCH" else Reply(ticket)

    def _found(self, asked: Asked) -> list[Row]:
        found = sorted(self.desk.tickets.values(), key=lambda row: -int(row["id"]))
        for condition in asked.query.get("conditions", "").split(" and "):
            name, _, value = condition.partition("=")
            if name == "closedFlag":
                found = [row for row in found if str(row["closedFlag"]) == value]
            elif name:
                whole, _, part = name.partition("/")
                found = [row for row in found if str((row[whole] or {}).get(part)) == value.strip('"')]
        return found

    def _notes(self, asked: Asked, ticket: Row) -> Reply:
        if asked.method == "GET":
            mine = [note for note in self.desk.notes if note["ticketId"] == ticket["id"]]
            return _page(asked, mine[::-1])
        if not self.may_note:
            return _forbidden()
        flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
        if not any(asked.body.get(flag) for flag in flags):
            inner = {"code": "Missing", "message": "Choose where the note is to be shown."}
            return _invalid("serviceNote", inner)
        note = {
            "id": self.desk.next_id(),
            "ticketId": ticket["id"],
            "dateCreated": "2026-11-02T08:00:00Z",
            **asked.body,
        }
        self.desk.notes.append(note)
        return Reply({**note, "internalFlag": True, "externalFlag": True}, 201)

    def _patch(self, operations: Any, ticket: Row) -> Reply:
        if not isinstance(operations, list):
            return _invalid("ticket", {"message": "A list of operations is needed"})
        changed = dict(ticket)
        for each in operations:
            if each["path"] not in ("status", "board", "team", "owner") or each["op"] != "replace":
                return _invalid("ticket", {"message": f"Path {each['path']} is not known"})
            changed[each["path"]] = each["value"]
        board = changed["board"]["id"]
        named = {row["id"]: row for row in STATUSES[board]}
        status = named.get(changed["status"]["id"])
        if status is None:
            said = f"Service Status {changed['status']['id']} not found for Service Board {board}"
            return _invalid("ticket", {"code": "NotFound", "message": said})
        changed["board"] = {"id": board, "name": BOARDS[board]}
        changed["status"] = {"id": status["id"], "name": status["name"]}
        changed["closedFlag"] = status.get("closedStatus", False)
        changed["_info"] = {"lastUpdated": "2026-11-02T09:00:00Z"}
        self.desk.tickets[ticket["id"]] = changed
        return Reply(changed)

    def _time(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            wanted = asked.query["conditions"].partition("chargeToId=")[2].split()[0]
            return _page(asked, [row for row in self.desk.times if str(row["chargeToId"]) == wanted])
        status = self.desk.tickets[asked.body["chargeToId"]]["status"]["id"]
        if any(row.get("timeEntryNotAllowed") for rows in STATUSES.values() for row in rows if row["id"] == status):
            return _invalid("timeEntry", {"message": "The status takes no time."})
        self.desk.times.append({"id": self.desk.next_id(), **asked.body})
        return Reply(self.desk.times[-1], 201)


def _page(asked: Asked, rows: list[Row]) -> Reply:
    size, page = int(asked.query.get("pageSize", 25)), int(asked.query.get("page", 1))
    more = len(rows) > size * page
    link = {"Link": f'<https://elsewhere.example/?page={page + 1}>; rel="next"'} if more else {}
    return Reply(rows[size * (page - 1) : size * page], headers=link)


def _forbidden() -> Reply:
    return Reply({"code": "Security", "message": "You may not do this."}, 403)


def _invalid(what: str, inner: Row) -> Reply:
    return Reply({"code": "InvalidObject", "message": f"{what} object is invalid", "errors": [inner]}, 400)
