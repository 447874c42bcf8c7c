"""An account after years of calls, made in bulk: flows walked by the engine, ended well, passed on or lost."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text

import migrations
from services.access import Actor
from services.clock import utc_now
from services.flows import starter
from services.flows.format import read_flows
from services.flows.library import Library, Published
from services.flows.nodes import Input, Link, Node, Outcome, Question, Verify
from services.team.accounts import Accounts
from services.team.users import Users
from services.walks.engine import advance, start
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Reply, Verified
from services.walks.records import frames_to_json, pending_to_json, position_to_json
from services.walks.trees import of_version
from storage.database import Database
from storage.tables import Session, Step, Ticket

WEEKS = 52
LONGEST = 12
"""Steps of one call."""
GIVES_UP = 0.06
"""Share of the callers who are lost at a step, or solved, or passed on."""
_AT_ONCE = 2000
_REASONS = ("exhausted_safe_steps", "needs_access", "needs_onsite", "customer_request", "other")
_FIRMS, _PEOPLE = 97, 1500


@dataclass(frozen=True, slots=True)
class History:
    owner: Actor
    engineer: Actor
    """Does not cover level 1."""
    tech: Actor


async def remembered(store: str, calls: int, *, skew: float = 1.0, seed: int = 7) -> History:
    """An empty store becomes one of so many calls over the last `WEEKS`. `skew`: how much more often a flow is walked
    than the next one; 0 walks all of them alike."""
    chance = random.Random(seed)  # noqa: S311  # the same history every time
    database = Database.open(store)
    try:
        await migrations.upgrade(database)
        history = await _people(database)
        flows = await _library(database, history.owner)
        weights = [1 / (1 + number) ** skew for number in range(len(flows))]
        for begun in range(0, calls, _AT_ONCE):
            walked = chance.choices(flows, weights, k=min(_AT_ONCE, calls - begun))
            made = [_call(chance, history, each, flows) for each in walked]
            async with database.session() as session:
                await session.execute(insert(Ticket), [each.ticket for each in made])
                await session.execute(insert(Session), [each.session for each in made])
                await session.execute(insert(Step), [step for each in made for step in each.steps])
        async with database.session() as session:
            await session.execute(text("ANALYZE"))
        return history
    finally:
        await database.dispose()


async def _people(database: Database) -> History:
    owner = (await Accounts(database, utc_now).establish("Bench", "bench")).owner
    users = Users(database, utc_now)
    await users.add(owner, "emil", "engineer", False)
    await users.add(owner, "tina", "l1_tech", False)
    return History(owner, await users.actor("emil"), await users.actor("tina"))


async def _library(database: Database, owner: Actor) -> list[Published]:
    library = Library(database, utc_now)
    await library.bring_in(owner, read_flows([Path(starter.__file__).parent]))
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
    words = {"customer": f"Customer {person % _FIRMS}", "contact": f"555-{person:04}"}
    steps, last, now = _walk(chance, history, walked, session_id, began, flows)
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
        "status": "resolved" if ends == "both" else ends, "user_id": history.tech.user_id,
        "flow_id": walked.flow_id, "flow_version_id": walked.version_id, "category": walked.flow.category,
        "problem_text": problem, **words, "pending": last["pending"], "frames": last["frames"],
        "created_at": began, "last_step_at": now, "changed_at": done, "changed_by": history.tech.user_id,
        "helpful": resolved or None, "resolution_notes": f"{walked.flow.title}: it works again." if resolved else None,
        "resolved_at": (done + timedelta(hours=ends == "both") if resolved else None),
        "resolved_by": history.tech.user_id if resolved else None,
        "escalation_category": chance.choice(_REASONS) if passed_on else None,
        "escalation_reason": "Nothing helped." if passed_on else None, "escalated_at": done if passed_on else None,
        "escalated_by": history.tech.user_id if passed_on else None,
        "escalated_node": last["pending"] if passed_on else None,
    }  # fmt: skip
    return _Call(ticket, session, steps)


def _walk(  # noqa: PLR0917
    chance: random.Random,
    history: History,
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
            "session_id": session_id, "seq": len(steps) + 1, "account_id": history.owner.account_id,
            "step_id": uuid4(), "answer": label, "answer_label": label, "at": now, "by": history.tech.user_id,
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
