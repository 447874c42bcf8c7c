"""What whoever looks after the flows works with, out of the services."""

from rfl1.compose import Services
from services.flows.authoring import Authoring
from services.flows.history import History
from services.flows.recorded import Recorded


def authoring(services: Services) -> Authoring:
    library = services.library
    history = History(services.database, services.clock, library)
    return Authoring(library, history, Recorded(services.database, library), services.missing)
