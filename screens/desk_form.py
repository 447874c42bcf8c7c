"""A form of the desk: it goes back to the desk once what it is for is stored."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from screens.engineering import Engineering
from screens.form import KeptForm
from screens.page import Desk
from services.fixes.model import Case

Change: TypeAlias = Callable[[Callable[[Case], Awaitable[Case]]], Awaitable[Case]]
"""Makes one change of the case, against its newest state."""


class DeskForm(KeptForm):
    def __init__(self, desk: Desk, engineering: Engineering, case: Case, change: Change, keeps: str = "") -> None:
        """`keeps` is what its texts are kept under while it is left; empty keeps none."""
        super().__init__(desk, case.walk, keeps=(case.walk.id, keeps) if keeps else None)
        self.engineering = engineering
        self.case = case
        self.change = change
