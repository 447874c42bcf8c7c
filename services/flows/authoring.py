"""What whoever looks after the flows works with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.fixes.missing import Missing
    from services.flows.history import History
    from services.flows.library import Library
    from services.flows.recorded import Recorded
    from services.flows.revising import Revising
    from services.flows.words import FlowWords
    from services.stats.records import Records


@dataclass(frozen=True, slots=True)
class Authoring:
    library: "Library"
    history: "History"
    recorded: "Recorded"
    missing: "Missing"
    revising: "Revising"
    records: "Records"
    words: "FlowWords"
