"""An account after years of calls, made in bulk: flows walked by the engine, ended well, passed on or lost; and what
came of them: fixes, scripts, proposals, what a model has cost, all of it counted."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text

import migrations
from benchmarks import libraries
from services.access import Actor
from services.clock import utc_now
from services.documents.pieces import from_json
from services.flows import starter
from services.flows.format import FlowFile, read_flows
from services.flows.library import Library, Published
from services.flows.nodes import Input, Link, Node, Outcome, Question, Verify, flow_to_json
from services.stats.counting import Counting
from services.team.accounts import Accounts
from services.team.users import Users
from services.walks.engine import advance, start
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Reply, Verified
from services.walks.records import frames_to_json, pending_to_json, position_to_json
from services.walks.trees import of_version
from storage.database import Database
from storage.tables import Fix, ModelCall, Proposal, ScriptTemplate, Session, Step, Ticket

WEEKS = 52
LONGEST = 12
"""Steps of one call."""
GIVES_UP = 0.06
"""Share of the callers who are lost at a step, or solved, or passed on."""
_AT_ONCE = 2000
_REASONS = ("exhausted_safe_steps", "needs_access", "needs_onsite", "customer_request", "other")
_FIRMS, _PEOPLE = 97, 1500
_TECHS = {"tina": 50, "ben": 20, "carla": 12, "dev": 8, "esra": 5, "finn": 3, "gita": 1, "hugo": 1}
"""Who had the calls, and how many of 100."""
_SCRIPTS, _PROPOSALS, _FIXES = 300, 400, 4000


@dataclass(frozen=True, slots=True)
class History:
    owner: Actor
    engineer: Actor
    """Does not cover level 1."""
    tech: Actor
    techs: Sequence[Actor]


async def remembered(store: str, calls: int, *, made_up: int = 0, skew: float = 1.0, seed: int = 7) -> History:
    """An empty store becomes one of so many calls over the last `WEEKS`, by the flows that rfl1 comes with and as many
    `made_up` ones. `skew`: how much more often a flow is walked than the next one; 0 walks all of them alike."""
    chance = random.Random(seed)  # noqa: S311  # the same history every time
    database = Database.open(store)
    try:
        await migrations.upgrade(database)
        history = await _people(database)
        flows = await _library(database, history.owner, made_up)
        weights = [1 / (1 + number) ** skew for number in range(len(flows))]
        for begun in range(0, calls, _AT_ONCE):
            walked = chance.choices(flows, weights, k=min(_AT_ONCE, calls - begun))
            made = [_call(chance, history, each, flows) for each in walked]
            async with database.session() as session:
                await session.execute(insert(Ticket), [each.ticket for each in made])
                await session.execute(insert(Session), [each.session for each in made])
                await session.execute(insert(Step), [step for each in made for step in each.steps])
                await session.execute(insert(ModelCall), [_paid(chance, each.session) for each in made])
        await _what_came_of_it(chance, database, history, flows)
        async with database.session() as session:
            await session.execute(text("ANALYZE"))
        while await Counting(database).some(history.owner, _AT_ONCE):
            pass
        async with database.session() as session:
            await session.execute(text("ANALYZE"))
        return history
    finally:
        await database.dispose()


async def _people(database: Database) -> History:
    owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
    users = Users(database, utc_now)
    await users.add(owner, "emil", "engineer", False)
    for name in _TECHS:
        await users.add(owner, name, "l1_tech", False)
    return await people(database)


async def people(database: Database) -> History:
    """Of a store that was made so before."""
    users = Users(database, utc_now)
    techs = [await users.actor(name) for name in _TECHS]
    return History(await users.actor("bench"), await users.actor("emil"), techs[0], techs)


async def _library(database: Database, owner: Actor, made_up: int) -> list[Published]:
    library = Library(database, utc_now)
    more = [
        FlowFile(flow, from_json(json.dumps(flow_to_json(flow)), flow.slug))
        for flow in libraries.flows(made_up, examples=2)
    ]
    await library.bring_in(owner, [*read_flows([Path(starter.__file__).parent]), *more])
    async with database.reading(owner) as read:
        return list(await library.published(read))


@dataclass(frozen=True, slots=True)
class _Call:
    ticket: dict[str, Any]
    session: dict[str, Any]
    steps: list[dict[str, Any]]


def _call(chance: random.Random, history: History, walked: Published, flows: Sequence[Published]) -> _Call:
    began = utc_now() - timedelta(seconds=chance.random() * WEEKS * 7 * 86400)
    session_id, ticket_id, person = uuid4(), uuid4(), chance.randrange(_PEOPLE)
    [tech] = chance.choices(history.techs, list(_TECHS.values()))
    words = {"customer": f"Customer {person % _FIRMS}", "contact": f"555-{person:04}"}
    steps, last, now = _walk(chance, tech, walked, session_id, began, flows)
    fresh = utc_now() - now < timedelta(days=1)
    ends = "active" if fresh else chance.choices(("resolved", "escalated", "abandoned", "both"), (70, 12, 10, 8))[0]
    done = now + timedelta(seconds=chance.randrange(5, 120))
    resolved, passed_on = ends in {"resolved", "both"}, ends in {"escalated", "both"}
    waits = "walking" if fresh else "open"
    problem = f"{chance.choice(walked.flow.examples or (walked.flow.title,))} {person}"
    ticket = {
        "id": ticket_id, "account_id": history.owner.account_id, "kind": "internal", "problem": problem, **words,
        "status": "resolved" if resolved else "escalated" if passed_on else waits,
        "created_at": began, "updated_at": done,
    }  # fmt: skip
    session = {
        "id": session_id, "account_id": history.owner.account_id, "kind": "flow", "ticket_id": ticket_id,
        "status": "resolved" if ends == "both" else ends, "user_id": tech.user_id,
        "flow_id": walked.flow_id, "flow_version_id": walked.version_id, "category": walked.flow.category,
        "problem_text": problem, **words, "pending": last["pending"], "frames": last["frames"],
        "created_at": began, "last_step_at": now, "changed_at": done, "changed_by": tech.user_id,
        "helpful": resolved or None, "resolution_notes": f"{walked.flow.title}: it works again." if resolved else None,
        "resolved_at": (done + timedelta(hours=ends == "both") if resolved else None),
        "resolved_by": tech.user_id if resolved else None,
        "escalation_category": chance.choice(_REASONS) if passed_on else None,
        "escalation_reason": "Nothing helped." if passed_on else None, "escalated_at": done if passed_on else None,
        "escalated_by": tech.user_id if passed_on else None,
        "escalated_node": last["pending"] if passed_on else None,
    }  # fmt: skip
    return _Call(ticket, session, steps)


def _walk(  # noqa: PLR0917
    chance: random.Random,
    tech: Actor,
    walked: Published,
    session_id: UUID,
    now: datetime,
    flows: Sequence[Published],
) -> tuple[list[dict[str, Any]], dict[str, Any], datetime]:
    """Its steps, where it stands, and when that was."""
    linked = {each.flow.slug: (of_version(each.version_id), each.flow) for each in flows}
    trees, steps = dict(linked.values()), list[dict[str, Any]]()
    here = start(of_version(walked.version_id), trees)
    while here.pending is not None and not isinstance(here.pending.node, Outcome) and len(steps) < LONGEST:
        if chance.random() < GIVES_UP:
            break
        node = here.pending.node
        reply, label = _reply(chance, node)
        seconds = int(chance.lognormvariate(3, 0.8))
        now += timedelta(seconds=seconds)
        steps.append({
            "session_id": session_id, "seq": len(steps) + 1, "account_id": tech.account_id,
            "step_id": uuid4(), "answer": label, "answer_label": label, "at": now, "by": tech.user_id,
            "seconds": seconds, "before": position_to_json(here),
        })  # fmt: skip
        here = advance(here, reply, trees, linked=linked.get(node.flow) if isinstance(node, Link) else None)
    pending = None if here.pending is None else pending_to_json(here.pending)
    return steps, {"pending": pending, "frames": frames_to_json(here.frames)}, now


def _reply(chance: random.Random, node: Node) -> tuple[Reply, str]:
    """An answer that leads on, and its words."""
    match node:
        case Question(unsure=unsure) if unsure is not None and chance.random() < 0.1:
            return CannotTell(), "Can't tell"
        case Question(answers=answers):
            index = chance.randrange(len(answers))
            return Choose(index), answers[index].label
        case Input():
            return Enter("XK4411"), "XK4411"
        case Verify():
            return Verified("callback", "by the number on record"), "Called back: by the number on record"
        case _:
            return Acknowledge(), "Done"


def _paid(chance: random.Random, session: dict[str, Any]) -> dict[str, Any]:
    """What a model has done for a call."""
    return {
        "id": uuid4(), "account_id": session["account_id"], "user_id": session["user_id"], "session_id": session["id"],
        "purpose": chance.choice(("next_node", "note", "package")), "model": "bench", "input_tokens": 1200,
        "cache_write_tokens": 0, "cache_read_tokens": 900, "output_tokens": 240, "cost": chance.randrange(500, 9000),
        "ms": 1800, "outcome": "ok", "at": session["last_step_at"],
    }  # fmt: skip


async def _what_came_of_it(
    chance: random.Random, database: Database, history: History, flows: Sequence[Published]
) -> None:
    account_id, by = history.owner.account_id, history.engineer.user_id

    def some_time() -> datetime:
        return utc_now() - timedelta(seconds=chance.random() * WEEKS * 7 * 86400)

    scripts: list[dict[str, Any]] = [
        {
            "id": uuid4(), "account_id": account_id, "title": f"Script {number}: {chance.choice(flows).flow.title}",
            "language": "powershell", "body": "Restart-Service -Name Spooler\n" * 20, "parameters": [],
            "status": chance.choice(("draft", "accepted", "retired")), "created_at": at, "created_by": by,
            "changed_at": at, "changed_by": by,
        }
        for number, at in ((each, some_time()) for each in range(_SCRIPTS))
    ]  # fmt: skip
    proposals = [
        {
            "id": uuid4(), "account_id": account_id, "status": chance.choice(("pending", "modified", "approved")),
            "type": "flow", "source": "ai_build", "title": flow.title, "category": flow.category,
            "keywords": list(flow.keywords), "tree": flow_to_json(flow), "validated_by_outcome": True, "worked": 1,
            "created_by": history.tech.user_id, "created_at": some_time(),
        }
        for flow in (chance.choice(flows).flow for _ in range(_PROPOSALS))
    ]  # fmt: skip
    async with database.session() as session:
        well = select(Session.id, Session.resolved_at).where(Session.helpful.is_(True))
        helped = (await session.execute(well.order_by(Session.resolved_at.desc()).limit(_FIXES))).all()
        fixes = [
            {
                "id": uuid4(), "account_id": account_id, "session_id": call, "number": 1, "origin": "hand",
                "title": f"Did {chance.randrange(300)}", "rationale": "It was that.", "steps": ["Do it."],
                "confidence": 80, "status": "applied_success", "applied_at": at, "verified_at": at, "created_at": at,
                "created_by": by, "changed_at": at, "changed_by": by,
            }
            for call, at in helped
        ]  # fmt: skip
        for table, rows in ((ScriptTemplate, scripts), (Proposal, proposals), (Fix, fixes)):
            if rows:
                await session.execute(insert(table), rows)
