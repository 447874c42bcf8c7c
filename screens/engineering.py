"""What the engineer's desk works with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.fixes.cases import Cases
    from services.fixes.facts import Facts
    from services.fixes.fixes import Fixes
    from services.fixes.missing import Missing
    from services.fixes.scripts.library import Scripts
    from services.fixes.similar import SimilarCalls
    from services.fixes.suggesting import Suggester
    from services.team.audit import Audit
    from services.team.settings import AccountSettings
    from services.walks.escalations import Escalations
    from services.walks.service import Walks


@dataclass(frozen=True, slots=True)
class Engineering:
    cases: "Cases"
    facts: "Facts"
    fixes: "Fixes"
    missing: "Missing"
    scripts: "Scripts"
    similar: "SimilarCalls"
    suggester: "Suggester | None"
    """None where no model is set up."""
    walks: "Walks"
    escalations: "Escalations"
    settings: "AccountSettings"
    drafting: "Drafting"
    audit: "Audit"
