"""Services as the screens know them, and beside that what came of everything that a screen asked of them."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from rfl1.compose import Services
from services.errors import Trouble

if TYPE_CHECKING:
    from services.intake.service import Intake
    from services.walks.escalations import Escalations
    from services.walks.service import Walks


class WatchedServices(Services):
    def __init__(self, services: Services) -> None:
        super().__init__(services.settings, services.database, services.clock)
        self._watched = services
        self.came: dict[str, Any] = {}
        """`walks.answer` and the like to the result of the last such call, or to the trouble that it raised."""

    @cached_property
    def intake(self) -> "Intake":
        return cast("Intake", _Watched("intake", self._watched.intake, self.came))

    @cached_property
    def walks(self) -> "Walks":
        return cast("Walks", _Watched("walks", self._watched.walks, self.came))

    @cached_property
    def escalations(self) -> "Escalations":
        return cast("Escalations", _Watched("escalations", self._watched.escalations, self.came))


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
