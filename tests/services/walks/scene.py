"""An account with people and two small flows that have every kind of node: where the walks of these tests happen."""

import json
from dataclasses import dataclass

from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.documents.pieces import from_json
from services.fixes.settling import settle
from services.flows.format import FlowFile
from services.flows.library import Library
from services.flows.nodes import Flow, flow_from_json, flow_to_json
from services.intake.model import BuildAnyway, Built, Call, Matched, TakeFlow
from services.intake.service import Intake
from services.walks.escalations import Escalations
from services.walks.model import Reply, Walk
from services.walks.queue import Queue
from services.walks.service import Walks
from storage.database import Database
from tests.logins import open_for_people
from tests.services.people import ManualClock, Team, make_team

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


def as_file(flow: Flow) -> FlowFile:
    return FlowFile(flow, from_json(json.dumps(flow_to_json(flow)), f"{flow.slug}.json"))


@dataclass(frozen=True)
class Scene:
    database: Database
    clock: ManualClock
    team: Team
    library: Library
    walks: Walks
    intake: Intake
    escalations: Escalations
    queue: Queue

    @classmethod
    async def set(cls, url: str) -> "Scene":
        database, clock = open_for_people(url), ManualClock()
        team = await make_team(database, clock)
        library = Library(database, clock)
        await library.bring_in(team.owner, [as_file(flow) for flow in (LINE, LIFE)])
        walks = Walks(database, clock, library, PlaybookBuilder(), settle=settle)
        intake = Intake(database, clock, library, walks)
        escalations = Escalations(database, clock, library)
        return cls(database, clock, team, library, walks, intake, escalations, Queue(database, clock, library))

    async def start_flow(self, slug: str = "life", *, by: Actor | None = None) -> Walk:
        outcome = await self.intake.take(by or self.team.tech, Call(problem="It asks again"), TakeFlow(slug))
        assert isinstance(outcome, Matched)
        return outcome.walk

    async def build(self, problem: str = "the printer shows offline and nothing prints") -> Walk:
        outcome = await self.intake.take(self.team.tech, Call(problem=problem), BuildAnyway())
        assert isinstance(outcome, Built)
        return outcome.walk

    async def answer(self, walk: Walk, *replies: Reply, by: Actor | None = None) -> Walk:
        for reply in replies:
            self.clock.forward(seconds=5)
            walk = await self.walks.answer(by or self.team.tech, walk, reply)
        return walk
