"""What the engineer's desk works with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.fixes.cases import Cases
    from services.fixes.facts import Facts
    from services.fixes.fixes import Fixes
    from services.fixes.missing import Missing
    from services.fixes.scripts.library import Scripts
    from services.fixes.similar import SimilarCalls
    from services.fixes.suggesting import Suggester


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
