"""Flows and calls for tests, in any state that is wanted."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.access import Actor
from services.flows.format import FlowFile, read_flows
from services.flows.nodes import Flow, flow_from_json, flow_to_json
from storage.database import Database
from storage.tables import Session, Ticket
from tests.services.people import ManualClock, past


def flow(slug: str = "printer", *, ask: str = "Is it on?", links: str | None = None, **more: Any) -> Flow:
    """A question, an instruction or a link behind it, an outcome."""
    wait = {"type": "instruction", "text": "Wait.", "next": "end"}
    answers = [{"label": "Yes", "next": "on"}, {"label": "No", "next": "end"}]
    nodes: dict[str, Any] = {
        "ask": {"type": "question", "text": ask, "answers": answers},
        "on": {"type": "link", "text": "Go on.", "flow": links, "next": "end"} if links else wait,
        "end": {"type": "outcome", "result": "resolved", "text": "Done."},
    }
    written = {"slug": slug, "title": slug.title(), "category": "printer", "start": "ask", "nodes": nodes}
    return replace(flow_from_json(written), **more)


class Files:
    """Writes flow files and reads them as an import does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *flows: Flow) -> Sequence[FlowFile]:
        path = self._folder / f"{uuid4().hex}.jsonl"
        path.write_text("\n".join(json.dumps(flow_to_json(each)) for each in flows))
        return read_flows([path])


async def make_call(database: Database, clock: ManualClock, actor: Actor, **fields: Any) -> UUID:
    """A session and its ticket, written past the services: `fields` are the session's, `ticket` among them what is
    another on the ticket. Gives the session's id."""
    now, session_id = clock(), uuid4()
    words = {"customer": "Acme", "contact": "555-0100"}
    on_it = {"kind": "internal", "status": "open", "problem": "no ink", "created_at": now, "updated_at": now}
    ticket = Ticket(id=uuid4(), **{**on_it, **words, **fields.pop("ticket", {})})
    given: dict[str, Any] = {
        "kind": "adhoc",
        "status": "active",
        "user_id": actor.user_id,
        "problem_text": "no ink",
        "frames": [],
        "created_at": now,
        "last_step_at": now,
        "changed_at": now,
        "changed_by": actor.user_id,
    }
    async with past(database, actor) as tx:
        tx.add(ticket)
        await tx.flush()
        tx.add(Session(id=session_id, ticket_id=ticket.id, **{**given, **words, **fields}))
    return session_id
