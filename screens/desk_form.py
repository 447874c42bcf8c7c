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

    def __init__(self, desk: Desk, engineering: Engineering, case: Case, change: Change, keeps: str = "") -> None:
        """`keeps` is what its texts are kept under while it is left; empty keeps none."""
        super().__init__(desk, case.walk)
        self._keeps = (case.walk.id, keeps) if keeps else None
        self.engineering = engineering
        self.case = case
        self.change = change

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed."""
        return ()

    def kept(self, *begun: str) -> tuple[str, ...]:
        """What was typed when it was left, else what it begins with."""
        return begun if self._keeps is None else self.desk.drafts.at_the_desk.get(self._keeps, begun)

    def action_back(self) -> None:
        if self._keeps is not None and any(text.strip() for text in self.texts):
            self.desk.drafts.at_the_desk[self._keeps] = self.texts
        super().action_back()

    async def _send(self) -> None:
        try:
            await self.send()
        finally:
            self._sending = False
        self.forget()
        if self.in_front:
            super().action_back()

    def forget(self) -> None:
        if self._keeps is not None:
            self.desk.drafts.at_the_desk.pop(self._keeps, None)
