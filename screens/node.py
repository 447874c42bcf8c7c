"""The node on the screen: what to say and do, what to look for, and what can be answered."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from screens.actions import Keys
from screens.answers import Answers
from screens.fields import Line
from screens.layout import Lane, Pane, Steady
from screens.offers import DOUBTING, PROVING, STUCK, SURE, Close, Do, Doubt, Offer, Prove, Send, offers
from screens.scroll import Scroll
from screens.text import line, plain
from services.flows import nodes
from services.walks.model import Acknowledge, Enter, Pending, RedFlag, Reply, Verified

ROOMY = 30
"""From so many terminal lines on, lanes always have an empty line between them."""

_BESIDE, _AROUND = 15, 10
"""Columns and lines of a small terminal that lanes, question and answers cannot have: frames, labels, title, keys."""

REPAINT_SECONDS = 0.05
"""Between two looks at a text that is being written."""

RELEASE_SECONDS = 0.3
"""A key that came too early and comes again sooner than this is being held down."""


class NodePane(Pane):
    """Shows one node and makes a reply of what is pressed. After a reply it is locked until the next node is seen."""

    class Replied(Message):
        def __init__(self, node_id: str, reply: Reply) -> None:
            super().__init__()
            self.node_id = node_id
            self.reply = reply

    class Closing(Message):
        """The node ends the call."""

        def __init__(self, how: Literal["resolve", "escalate"]) -> None:
            super().__init__()
            self.how = how

    def __init__(self, keys: Keys) -> None:
        super().__init__(id="now")
        self._lanes = Scroll(label=9, margin=1, id="lanes")
        self._ask = Steady(id="ask")
        self._field = Line(id="value")
        self._answers = Answers(keys)
        self._pending: Pending | None = None
        self._where = ""
        self._turn = 0
        self._methods: Mapping[str, str] = {}
        self._offers: tuple[Offer, ...] = ()
        self._asking: Prove | Doubt | None = None
        self._sure = False
        self._locked = True
        self._written: str | None = None
        self._early = ("", 0.0)

    def compose(self) -> ComposeResult:
        yield self._lanes
        yield self._ask
        yield self._field
        yield self._answers

    def show(self, pending: Pending, methods: Mapping[str, str], *, where: str, turn: int, built: bool) -> None:
        """What is typed stays where it is the same node at the same turn; a flow may come round to one at once.
        `where`: the flow. `turn`: how many steps were made before. `built`: of an AI-built walk."""
        if where != self._where:
            self._where, self.border_title = where, line(where)
        new = self._pending is None or (self._pending.id, self._turn) != (pending.id, turn)
        self._turn = turn
        self._written = None
        self._pending = pending
        if new:
            self._asking, self._sure = None, False
            self._field.value = ""
        self._methods = methods
        self._offers = offers(pending, methods, built=built)
        self._arrange()
        focused = self.screen.focused
        if new and (focused is None or self in focused.ancestors):
            self.screen.set_focus(self.first)
        if new:
            self._locked = True
            self.call_after_refresh(self.unlock)

    def writing(self, text: str) -> None:
        """The next node as far as it is written; there is nothing to answer yet."""
        if self._written is None:
            self.set_timer(REPAINT_SECONDS, self._paint)
        self._written = text

    def _paint(self) -> None:
        if self._written is not None and self._locked:
            self._lanes.show([Lane(Content.styled("NEXT", "bold $text-muted"), plain(self._written))])
            self._ask.display = False
            self._answers.put(())
        self._written = None

    def stuck(self) -> None:
        """No next node could be made: what can be done instead."""
        self._pending, self._offers, self._asking, self._sure = None, STUCK, None, False
        self._lanes.show(())
        self._arrange()
        self.unlock()

    def unlock(self) -> None:
        self._locked = False

    @property
    def first(self) -> Widget:
        """What has the focus while the node is answered: its field, where it has one."""
        field = self._field
        return field if field.display else self._lanes

    def do(self, action_id: str) -> None:
        """What the key of this action means for the node; nothing while an answer is under way."""
        offer = next((each for each in self.offered if action_id in each.actions), None)
        if offer is not None and offer.do is not None and not self._held(action_id):
            self._do(offer.do)

    def _held(self, action_id: str) -> bool:
        """Whether the key was meant for the node before this one: it came too early, or has not been let go since."""
        now, (early, at) = time.monotonic(), self._early
        if not self._locked and (early != action_id or now - at > RELEASE_SECONDS):
            return False
        self._early = (action_id, now)
        return True

    def step_back(self) -> bool:
        """Out of a question within the node. Gives whether there was one."""
        inside = self._asking is not None or self._sure
        self._asking, self._sure = None, False
        if inside:
            self._arrange()
            self.screen.set_focus(self.first)
        return inside

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._locked:
            self._send(event.value)

    def _do(self, do: Do) -> None:
        match do:
            case Prove() | Doubt():
                self._asking = do
                self._arrange()
                self.screen.set_focus(self._field)
            case Send():
                self._send(self._field.value)
            case Close(how):
                self.post_message(self.Closing(how))
            case Acknowledge() if self._risky and not self._sure:
                self._sure = True
                self._arrange()
            case _:
                self._reply(do)

    def _send(self, value: str) -> None:
        match self._asking:
            case Prove(method):
                self._reply(Verified(method, value))
            case Doubt():
                self._reply(RedFlag(value))
            case None:
                self._reply(Enter(value))

    def _reply(self, reply: Reply) -> None:
        if self._pending is None:
            return
        self._locked = True
        given = next((n for n, offer in enumerate(self.offered) if offer.do == reply), None)
        self._answers.put(self.offered, given=given)
        self.post_message(self.Replied(self._pending.id, reply))

    def refused(self) -> None:
        """The reply was not stored: the node waits on, with everything typed."""
        self._arrange()
        self.unlock()

    @property
    def _risky(self) -> bool:
        return self._pending is not None and self._pending.node.risk == "confirm"

    @property
    def keys(self) -> str:
        """What can be pressed at this moment."""
        return " · ".join(self._answers.pressed)

    @property
    def offered(self) -> tuple[Offer, ...]:
        """What can be done at this moment."""
        match self._asking:
            case Prove():
                return PROVING
            case Doubt():
                return DOUBTING
            case None:
                return SURE if self._sure else self._offers

    def _arrange(self) -> None:
        """Brings lanes, question, field and answers in line with the state."""
        node = None if self._pending is None else self._pending.node
        if node is not None:
            lanes = list(_risk(node) if self._sure else _lanes(node))
            self._lanes.show(lanes, gap=self._gap(lanes, self._question(node)))
            self._lanes.scroll_home(animate=False, immediate=True)
        field = self._field
        field.display = self._asking is not None or isinstance(node, nodes.Input)
        field.placeholder = {Prove: "How was it done, and what came back?", Doubt: "What is wrong?"}.get(
            type(self._asking), "Type it here"
        )
        ask = self._ask
        asked = self._question(node)
        ask.update(asked)
        ask.display = bool(asked)
        self._answers.put(self.offered)

    def _gap(self, lanes: Sequence[Lane], asked: Content) -> int:
        """An empty line between two lanes, unless they would have to be scrolled for it; by and large, since nothing
        has its place yet."""
        wide, high = self.app.size
        if high >= ROOMY:
            return 1
        texts = [part for each in (*(lane.text for lane in lanes), asked) for part in each.split(allow_blank=True)]
        lines = sum(1 + text.cell_length // max(1, wide - _BESIDE) for text in texts)
        return int(lines + len(lanes) + max(3, len(self.offered)) <= high - _AROUND)

    def _question(self, node: nodes.Node | None) -> Content:
        match node:
            case None:
                return Content.styled("There is no next step yet. Everything so far is kept.", "bold")
            case _ if isinstance(self._asking, Prove):
                return line(self._methods.get(self._asking.method, self._asking.method), "bold")
            case _ if isinstance(self._asking, Doubt):
                return Content.assemble(("red flag", "bold $text-error"), "  the call goes no further on this way")
            case _ if self._sure:
                return Content.assemble(("confirm  ", "bold $text-warning"), ("Really do it?", "bold"))
            case nodes.Question() | nodes.Input() | nodes.Verify():
                return plain(node.text, "bold")
            case _:
                return Content()


def _lanes(node: nodes.Node) -> Iterable[Lane]:
    if node.say:
        yield Lane(Content.styled("SAY", "bold $text-accent"), plain(f"“{node.say}”", "italic"))
    yield from _act(node)
    if node.expect:
        yield Lane(Content.styled("EXPECT", "bold $text-success"), plain(node.expect))
    if node.caution:
        yield Lane(Content.styled("CAUTION", "bold $text-warning"), plain(node.caution, "$text-warning"))
    if node.risk == "confirm":
        yield from _reach(node)


def _risk(node: nodes.Node) -> Iterable[Lane]:
    """What has to be seen before it is confirmed."""
    yield from _act(node)
    yield from _reach(node)


def _act(node: nodes.Node) -> Iterable[Lane]:
    match node:
        case nodes.Instruction() | nodes.Link():
            yield Lane(Content.styled("DO", "bold $text-primary"), plain(node.text, "bold"))
        case nodes.Outcome(result="resolved"):
            yield Lane(Content.styled("SOLVED", "bold $text-success"), plain(node.text, "bold"))
        case nodes.Outcome():
            yield Lane(Content.styled("ESCALATE", "bold $text-error"), plain(node.text, "bold"))
        case _:
            pass


def _reach(node: nodes.Node) -> Iterable[Lane]:
    yield Lane(Content.styled("TOUCHES", "$text-warning"), plain(node.scope or "Not written down."))
    yield Lane(Content.styled("UNDO", "$text-warning"), plain(node.undo or "Not written down: be sure."))
