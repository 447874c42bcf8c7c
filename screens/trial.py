"""A walk that is only tried: node by node as a technician sees it, and beside it the way so far. Nothing is stored."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from screens.actions import bindings
from screens.layout import Cell, Lane, Steady
from screens.node import NodePane
from screens.page import Desk, Page
from screens.story import Transcript
from screens.text import line
from services.errors import Refused

if TYPE_CHECKING:
    from services.walks.trial import Trial

_OF_CALLS = {f"walk.{name}" for name in ("again", "playbook", "sent", "note", "notes", "only_notes", "pause", "so_far")}
"""What is done with a call and not with a node."""
_ANSWERS = frozenset({"answer", "yes", "no", "unsure", "accept", "red_flag"})


class TrialScreen(Page[None]):
    CSS_PATH = "walk.tcss"
    BINDINGS = [each for each in bindings("walk") if isinstance(each, Binding) and each.id not in _OF_CALLS]  # noqa: RUF012
    AUTO_FOCUS = None
    GIVEN = True

    def __init__(self, desk: Desk, trial: "Trial") -> None:
        super().__init__(desk)
        self._trial = trial
        self._node = NodePane(desk.keys)
        self._path = Transcript()
        self._banner = Steady(Content.styled("◇ Tried, nothing of it is stored", "$text-warning"), id="banner")

    def body(self) -> Iterable[Widget]:
        yield self._banner
        yield Horizontal(Vertical(self._node, self.notice, id="left"), self._path, id="desk")

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        trial, turn = self._trial, len(self._trial.steps)
        self.title_bar.show(line(f"Try: {trial.where}"), Cell(Content(f"step {turn + 1}"), 8, right=True))
        self._node.show(trial.pending, trial.methods, where=trial.where, turn=turn, built=False)
        lanes = [_lane(number, step.pending.node.text, step.label) for number, step in enumerate(trial.steps, 1)]
        self._path.show(lanes or [Lane(Content(), Content.styled("Nothing yet.", "$text-muted"))])
        self._path.scroll_end(animate=False, immediate=True)
        self.refresh_bindings()

    def on_node_pane_replied(self, event: NodePane.Replied) -> None:
        self.notice.clear()
        try:
            self._trial = self._trial.answer(event.reply)
        except Refused as refused:
            self._node.refused()
            self.tell(refused)
            return
        self._show()

    def on_node_pane_closing(self, event: NodePane.Closing) -> None:
        ends = "solved" if event.how == "resolve" else "passed on to an engineer"
        back, out = self.desk.keys.of("walk.take_back"), self.desk.keys.of("page.back")
        self.notice.say(f"Here a call would be {ends}. {back} goes a step back, {out} ends the trial.")

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        if action in _ANSWERS:
            name = f"walk.{action}" + "".join(f"_{each}" for each in parameters)
            return any(name in offer.actions for offer in self._node.offered)
        if action in {"resolve", "escalate"}:
            return any(f"walk.{action}" in offer.actions for offer in self._node.offered)
        if action == "take_back":
            return bool(self._trial.steps)
        return True

    def action_take_back(self) -> None:
        self.notice.clear()
        self._trial = self._trial.back()
        self._show()

    def action_answer(self, number: int) -> None:
        self._node.do(f"walk.answer_{number}")

    def action_yes(self) -> None:
        self._node.do("walk.yes")

    def action_no(self) -> None:
        self._node.do("walk.no")

    def action_unsure(self) -> None:
        self._node.do("walk.unsure")

    def action_accept(self) -> None:
        self._node.do("walk.accept")

    def action_red_flag(self) -> None:
        self._node.do("walk.red_flag")

    def action_resolve(self) -> None:
        self._node.do("walk.resolve")

    def action_escalate(self) -> None:
        self._node.do("walk.escalate")

    def action_back(self) -> None:
        """Out of a question within the node first."""
        if not self._node.step_back():
            super().action_back()


def _lane(number: int, text: str, label: str) -> Lane:
    said = Content.assemble(line(text), "\n", ("› ", "$text-success"), line(label, "bold"))
    return Lane(Content.styled(f"{number}", "$text-muted"), said)
