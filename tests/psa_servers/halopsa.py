"""A stand-in for HaloPSA: tokens, arrays, one object as the answer, and a cache that has to be told off."""

import copy
import re
from typing import Any

from tests.psa_servers.server import Asked, PsaServer, Reply, Row

TENANT, CLIENT, SECRET = "acme", "halo-client", "halo-secret"
STATUSES = {1: "New", 2: "In progress", 8: "Cancelled", 9: "Closed", 21: "With an engineer"}
TEAMS = ("Service Desk", "Level 2")
_CLOSED = (8, 9)
_AGENTS = [
    {"id": 3, "name": "Tina Field", "email": "tina@acme.example"},
    {"id": 4, "name": "Emil Stone", "email": "emil@acme.example"},
]


class HaloServer(PsaServer):
    def __init__(self, tickets: int = 3) -> None:
        super().__init__()
        self.tokens = 0
        self.scope = "edit:tickets read:customers"
        self.valid = ""
        self._cache: dict[int, Row] = {}
        for number in range(1, tickets + 1):
            self.desk.tickets[number] = {
                "id": number,
                "summary": f"Outlook asks for a password ({number})",
                "details": "It asks every two minutes.",
                "status_id": 1,
                "team": TEAMS[0],
                "agent_id": 3 if number == 1 else 0,
                "client_name": "Northwind",
                "user_name": "Ann Lee",
                "hasbeenclosed": False,
                "dateoccurred": f"2026-11-01T{7 + number // 3600 % 16:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                "last_update": f"2026-11-01T08:00:{number % 60:02}.1234567Z",
            }

    def expire(self) -> Reply | None:
        self.valid = ""
        return Reply({"error": "invalid_token"}, 401)

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/auth/token":
            return self._grant(asked)
        if asked.path == "/api/authinfo":
            return Reply({"auth_url": f"{self.url}/auth", "tenant_id": TENANT})
        if not self.valid or asked.headers.get("authorization") != f"Bearer {self.valid}":
            return Reply(b"", 401)
        return self._api(asked, asked.path.removeprefix("/api"))

    def _grant(self, asked: Asked) -> Reply:
        form = asked.body
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET) or asked.query["tenant"] != TENANT:
            return Reply({"error": "invalid_client"}, 400)
        if set(form["scope"].split()) - {"edit:tickets", "read:customers"}:
            return Reply({"error": "invalid_scope"}, 400)
        self.tokens += 1
        self.valid = f"token-{self.tokens}"
        return Reply({"access_token": self.valid, "token_type": "Bearer", "expires_in": 3600, "scope": self.scope})

    def _api(self, asked: Asked, path: str) -> Reply:
        if path == "/Agent/me":
            return Reply(_AGENTS[0])
        if path == "/Agent":
            return Reply(_AGENTS)
        if path == "/Team":
            return Reply([{"id": number, "name": name} for number, name in enumerate(TEAMS, 1)])
        if path == "/Status":
            return Reply([{"id": known, "name": name} for known, name in STATUSES.items()])
        if path == "/Actions":
            return self._act(asked.body) if asked.method == "POST" else self._actions(asked)
        if path == "/Tickets":
            return self._update(asked.body) if asked.method == "POST" else self._list(asked)
        at = re.fullmatch(r"/Tickets/(\d+)", path)
        if at is None or int(at[1]) not in self.desk.tickets:
            return Reply({"ClassName": "NotFound", "Message": "No such ticket."}, 404)
        return Reply(self._read(int(at[1]), fresh=asked.query.get("nocache") == "true"))

    def _read(self, number: int, *, fresh: bool) -> Row:
        if fresh or number not in self._cache:
            self._cache[number] = copy.deepcopy(self.desk.tickets[number])
        return self._cache[number]

    def _list(self, asked: Asked) -> Reply:
        agent = asked.query.get("agent_id")
        rows = [row for row in self.desk.tickets.values() if not row["hasbeenclosed"]]
        rows = [row for row in rows if agent is None or str(row["agent_id"]) == agent]
        if asked.query.get("order") == "id" and asked.query.get("orderdesc") == "true":
            rows = rows[::-1]
        size, page = int(asked.query["page_size"]), int(asked.query["page_no"])
        return Reply({"record_count": len(rows), "tickets": rows[size * (page - 1) : size * page]})

    def _update(self, body: Any) -> Reply:
        if not isinstance(body, list) or not all("id" in each for each in body):
            return Reply({"Message": "A list of tickets is needed."}, 400)
        for each in body:
            ticket = self.desk.tickets.get(each["id"])
            if ticket is None:
                return Reply({"Message": "No such ticket."}, 404)
            if "status_id" in each and each["status_id"] not in STATUSES:
                return Reply({"Message": "No such status."}, 400)
            ticket.update(each, last_update="2026-11-02T09:00:00Z")
            ticket["hasbeenclosed"] = ticket["status_id"] in _CLOSED
        return Reply(self.desk.tickets[body[-1]["id"]], 201)

    def _act(self, body: Any) -> Reply:
        if not isinstance(body, list):
            return Reply({"Message": "A list of actions is needed."}, 400)
        for each in body:
            if "outcome_id" in each:
                return Reply({"Message": "You may not use this action."}, 400)
            self.desk.notes.append({"id": self.desk.next_id(), "datetime": "2026-11-02T08:00:00", **each})
            if each.get("timetaken"):
                self.desk.times.append(self.desk.notes[-1])
        return Reply(self.desk.notes[-1], 201)

    def _actions(self, asked: Asked) -> Reply:
        rows = [row for row in self.desk.notes if str(row["ticket_id"]) == asked.query["ticket_id"]]
        given = [row if asked.query.get("includehtmlnote") else {**row, "note_html": None} for row in rows]
        return Reply({"record_count": len(rows), "actions": given[-int(asked.query["count"]) :]})
