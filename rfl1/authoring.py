"""What whoever looks after the flows works with, out of the services."""

from rfl1.compose import Services
from services.flows.authoring import Authoring
from services.flows.history import History
from services.flows.recorded import Recorded
from services.flows.revising import Revising
from services.flows.words import FlowWords


def authoring(services: Services) -> Authoring:
    database, library, missing = services.database, services.library, services.missing
    return Authoring(
        library=library,
        history=History(database, services.clock, library),
        recorded=Recorded(database, library),
        missing=missing,
        revising=Revising(database, library, missing),
        records=services.records,
        words=FlowWords(database),
    )
