"""What engineers work with, at the desk and on proposals, out of the services."""

from rfl1.compose import Services
from screens.engineering import Engineering
from screens.reviewing import Reviewing
from services.walks.trial import Trials


def engineering(services: Services) -> Engineering:
    model = services.assistant
    return Engineering(
        services.cases,
        services.facts,
        services.fixes,
        services.missing,
        services.scripts,
        services.similar,
        None if model is None else model.suggester,
        services.walks,
        services.escalations,
        services.account_settings,
        services.drafting,
        services.audit,
    )


def reviewing(services: Services) -> Reviewing:
    trials = Trials(services.database, services.library)
    return Reviewing(services.proposals, services.library, trials, services.walks)
