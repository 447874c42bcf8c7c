"""What the engineer's desk works with, out of the services."""

from rfl1.compose import Services
from screens.engineering import Engineering


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
    )
