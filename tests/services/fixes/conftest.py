"""A scene with a desk: a call in which level 1 got some way, passed on to an engineer."""

from dataclasses import dataclass

import pytest

from services.builder.playbook import PlaybookBuilder
from services.drafting.service import Drafting
from services.fixes.cases import Cases
from services.fixes.facts import Facts
from services.fixes.fixes import Fixes
from services.fixes.missing import Missing
from services.fixes.model import Case, Suggestion
from services.fixes.scripts.library import Scripts
from services.fixes.scripts.model import Script
from services.fixes.settling import settle
from services.fixes.similar import SimilarCalls
from services.fixes.suggesting import extract_by_rule
from services.walks.model import Acknowledge, Choose, Walk
from services.walks.service import Walks
from tests.services.walks.conftest import scene
from tests.services.walks.scene import Scene

__all__ = ["scene"]

SCRIPT = Script('$server = "SRV-PRINT1"\nGet-Printer -ComputerName $server\n')
FIX = Suggestion(title="Restart the spooler", rationale="The queue hangs.", steps=("Open services.",), script=SCRIPT)


@dataclass(frozen=True)
class Desk:
    scene: Scene
    walks: Walks
    cases: Cases
    facts: Facts
    fixes: Fixes
    missing: Missing
    scripts: Scripts
    similar: SimilarCalls
    drafting: Drafting

    async def escalated(self, *, claimed: bool = True) -> Walk:
        """Two steps, then passed on; claimed by the engineer."""
        scene, team = self.scene, self.scene.team
        walk = await scene.answer(await scene.start_flow(), Choose(0), Acknowledge())
        walk = await self.walks.escalate(team.tech, walk, category="needs_access", reason="No rights.")
        return await scene.escalations.claim(team.engineer, walk) if claimed else walk

    async def with_fix(self, suggestion: Suggestion = FIX) -> Case:
        walk = await self.escalated()
        return await self.fixes.suggest(self.scene.team.engineer, walk, suggestion)


@pytest.fixture
def desk(scene: Scene) -> Desk:
    database, clock, library = scene.database, scene.clock, scene.library
    cases = Cases(database, clock, library)
    return Desk(
        scene,
        Walks(database, clock, library, PlaybookBuilder(), settle=settle),
        cases,
        Facts(cases),
        Fixes(cases, extract_by_rule),
        Missing(database, clock, cases),
        Scripts(database, clock),
        SimilarCalls(database),
        Drafting(database, clock, None),
    )
