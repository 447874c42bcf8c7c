"""An account with people and two small flows that have every kind of node: where the walks of these tests happen."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.clock import utc_now
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json, flow_to_json
from services.intake.model import Call, Matched, TakeFlow
from services.intake.service import Intake
from services.walks.escalations import Escalations
from services.walks.model import Walk
from services.walks.queue import Queue
from services.walks.service import Walks
from storage import tables
from storage.database import Database

LIFE = flow_from_json(
    {
        "slug": "life",
        "title": "Outlook keeps asking for a password",
        "category": "email_outlook_client",
        "keywords": ["outlook", "password"],
        "examples": ["outlook wants my password every two minutes"],
        "start": "web",
        "nodes": {
            "web": {
                "type": "question",
                "text": "Can they sign in to webmail?",
                "answers": [{"label": "Yes, at once", "next": "cached"}, {"label": "No", "next": "who"}],
                "unsure": "serial",
            },
            "cached": {
                "type": "instruction",
                "text": "Clear the saved credentials.",
                "risk": "confirm",
                "next": "check",
            },
            "check": {
                "type": "question",
                "text": "Does Outlook still ask?",
                "answers": [{"label": "Yes", "next": "line"}, {"label": "No", "next": "done"}],
            },
            "who": {"type": "verify", "text": "Make sure who is calling.", "next": "reset", "failed": "up"},
            "serial": {
                "type": "input",
                "text": "Read the serial number.",
                "name": "serial number",
                "pattern": "[A-Z]{2}[0-9]{4}",
                "next": "reset",
            },
            "reset": {"type": "instruction", "text": "Send the reset link.", "needs_identity": True, "next": "check"},
            "line": {"type": "link", "text": "Check the line.", "flow": "line", "next": "done"},
            "done": {"type": "outcome", "result": "resolved", "text": "Outlook opens without asking."},
            "up": {"type": "outcome", "result": "escalate", "reason_category": "needs_access", "text": "Pass it on."},
        },
    }
)
LINE = flow_from_json(
    {
        "slug": "line",
        "title": "The line",
        "category": "network",
        "start": "light",
        "nodes": {
            "light": {
                "type": "question",
                "text": "Is the light on?",
                "answers": [{"label": "On", "next": "fine"}, {"label": "Off", "next": "dead"}],
            },
            "fine": {"type": "outcome", "result": "resolved", "text": "The line is fine."},
            "dead": {"type": "outcome", "result": "escalate", "text": "The line is dead."},
        },
    }
)


@dataclass(frozen=True)
class Scene:
    database: Database
    library: Library
    walks: Walks
    intake: Intake
    escalations: Escalations
    queue: Queue
    owner: Actor
    engineer: Actor
    covering: Actor
    tech: Actor
    other_tech: Actor
    stranger: Actor
    """An owner of another account."""

    @classmethod
    async def set(cls, url: str) -> "Scene":
        database = Database.open(url)
        ours, theirs = uuid4(), uuid4()
        people = {
            name: Actor(theirs if name == "stranger" else ours, uuid4(), name, role, covers)
            for name, role, covers in (
                ("owner", "owner", False),
                ("engineer", "engineer", False),
                ("covering", "engineer", True),
                ("tech", "l1_tech", False),
                ("other_tech", "l1_tech", False),
                ("stranger", "owner", False),
            )
        }
        await _store_people(database, {ours: "Ours", theirs: "Theirs"}, people)
        await _store_flows(database, people["owner"], LIFE, LINE)
        library = Library(database, utc_now)
        walks = Walks(database, utc_now, library, PlaybookBuilder())
        return cls(
            database,
            library,
            walks,
            Intake(database, utc_now, library, walks),
            Escalations(database, utc_now, library),
            Queue(database, utc_now, library),
            **people,
        )

    async def start_flow(self, slug: str, *, by: Actor | None = None) -> Walk:
        outcome = await self.intake.take(by or self.tech, Call(problem="It asks again"), TakeFlow(slug))
        assert isinstance(outcome, Matched)
        return outcome.walk


async def _store_people(database: Database, accounts: dict[UUID, str], people: dict[str, Actor]) -> None:
    now = datetime.now(UTC)
    async with database.session() as session:
        session.add_all(tables.Account(id=key, name=name, created_at=now) for key, name in accounts.items())
        await session.flush()
        session.add_all(
            tables.User(
                id=actor.user_id,
                account_id=actor.account_id,
                name=actor.name,
                role=actor.role,
                covers_l1=actor.covers_l1,
                created_at=now,
            )
            for actor in people.values()
        )


async def _store_flows(database: Database, actor: Actor, *flows: Flow) -> None:
    now = datetime.now(UTC)
    async with database.transaction(actor) as tx:
        for flow in flows:
            row = tables.Flow(id=uuid4(), slug=flow.slug, created_at=now)
            tx.add(row)
            await tx.flush()
            tx.add(
                tables.FlowVersion(
                    flow_id=row.id,
                    number=1,
                    status="published",
                    title=flow.title,
                    category=flow.category,
                    content=flow_to_json(flow),
                    digest=flow.slug,
                    created_at=now,
                    created_by=actor.user_id,
                )
            )
