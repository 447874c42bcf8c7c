"""What has to be known all the time about a call: machine-made steps, coverage, what the engineer asked for."""

from collections.abc import Iterable

from textual.content import Content

from screens.layout import Steady
from screens.text import line
from services.access import Actor
from services.walks.model import Walk

_BROKEN_OFF = 150
"""Characters of an instruction that leave room for the rest on the smallest terminal."""


class Banner(Steady):
    def __init__(self) -> None:
        super().__init__(id="banner")

    def show(self, walk: Walk, actor: Actor, others: Iterable[str] = ()) -> None:
        """`others` have the call open too."""
        told = [line(text, "$text-warning") for text in _said(walk, actor, list(others))]
        self.update(Content("\n").join(told))
        self.display = bool(told)


def _said(walk: Walk, actor: Actor, others: list[str]) -> Iterable[str]:
    if others:
        yield f"● {' and '.join(others)} {'has' if len(others) == 1 else 'have'} this call open too"
    if walk.kept_here:
        yield f"○ The store is away. The call goes on: {walk.kept_here} kept on this machine until it is back"
    if walk.kind == "ai_build":
        yield "◆ AI-built, check before you act"
    elif walk.kind == "proposal":
        yield "◆ Not reviewed yet, check before you act"
    if walk.acting_as is not None and actor.acting_as is not None:
        yield "▲ You cover level 1: this is recorded"
    if walk.instruction:
        yield f"▸ From the engineer: {_in_short(walk.instruction)}"


def _in_short(instruction: str) -> str:
    if len(instruction) <= _BROKEN_OFF:
        return instruction
    return f"{instruction[:_BROKEN_OFF].rstrip()}… (all of it at the top of So far)"
