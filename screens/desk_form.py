"""A form of the desk: it goes back to the desk once what it is for is stored."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from screens.engineering import Engineering
from screens.form import Form
from screens.page import Desk
from services.fixes.model import Case

Change: TypeAlias = Callable[[Callable[[Case], Awaitable[Case]]], Awaitable[Case]]
"""Makes one change of the case, against its newest state."""


class DeskForm(Form):
    PASSING = False

    def __init__(self, desk: Desk, engineering: Engineering, case: Case, change: Change) -> None:
        super().__init__(desk, case.walk)
        self.engineering = engineering
        self.case = case
        self.change = change

    async def _send(self) -> None:
        try:
            await self.send()
        finally:
            self._sending = False
        if self.in_front:
            self.action_back()

    def forget(self) -> None:
        """Nothing is kept of it."""
