"""Services as the screens know them, and beside that what came of everything that a screen asked of them."""

from collections.abc import Callable
from copy import copy
from typing import Any

from rfl1.compose import Services
from services.errors import Trouble

WATCHED = ("intake", "walks", "escalations")


def watched(services: Services) -> tuple[Services, dict[str, Any]]:
    """`services` for an app, and what came: `walks.answer` to the last result of that, or to the trouble it raised."""
    came: dict[str, Any] = {}
    seen = {name: _Watched(name, getattr(services, name), came) for name in WATCHED}
    for_app = copy(services)  # after these are made: what they share is shared by the app as well
    vars(for_app).update(seen)
    return for_app, came


class _Watched:
    def __init__(self, name: str, service: object, came: dict[str, Any]) -> None:
        self._name = name
        self._service = service
        self._came = came

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:
            try:
                result = await getattr(self._service, name)(*given, **named)
            except Trouble as trouble:
                self._came[f"{self._name}.{name}"] = trouble
                raise
            self._came[f"{self._name}.{name}"] = result
            return result

        return call
