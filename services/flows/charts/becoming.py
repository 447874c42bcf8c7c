"""From a chart to a flow that could be walked: whatever the chart leaves open becomes a stub, and is told.

The flow always passes lint as a draft. Nothing is published before somebody has seen to every stub.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from services.documents.document import quoted
from services.flows.charts.chart import Box, Chart, Way
from services.flows.charts.ending import asks, ending
from services.flows.charts.words import shown, slugged
from services.flows.lint import FEWEST_ANSWERS, MOST_ANSWERS
from services.flows.nodes import (
    Answer,
    Input,
    Instruction,
    Link,
    Node,
    Outcome,
    Question,
    Result,
    Verify,
    leads_to,
)
from services.flows.shape import loops_without_exit, reachable
from services.flows.visible import blank, folded

_LONGEST_KEY, _LONGEST_LABEL = 40, 80
_BEGINS = frozenset({"start", "begin", "start here", "begin here"})
_CANNOT_TELL = frozenset({"can't tell", "cannot tell", "can’t tell"})
_PROVED = {"proved", "not proved"}
NO_WORDS = "(no words)"
_OPPOSITE = {"yes": "No", "no": "Yes"}


@dataclass(frozen=True, slots=True)
class Note:
    """What was made up, or left out."""

    line: int
    node: str | None
    """None: it belongs to no node of the flow."""
    says: str


class Making:
    """The nodes of the flow, while they are made."""

    def __init__(self, chart: Chart, known: Collection[str]) -> None:
        self.notes = [Note(line, None, says) for line, says in chart.left_out]
        self.nodes: dict[str, Node] = {}
        self.lines: dict[str, int] = {}
        self._known = known
        self._ways: dict[str, list[Way]] = defaultdict(list)
        for way in dict.fromkeys(chart.ways):
            self._ways[way.start].append(way)
        led_to = {way.end for way in chart.ways if way.start != way.end}
        self._keys: dict[str, str] = {}
        """By box."""
        taken: set[str] = set()
        for box_id, box in chart.boxes.items():
            self._keys[box_id] = _free(_key_of(box.text), taken)
        self._taken = taken
        self._begins = [self._keys[box_id] for box_id in chart.boxes if box_id not in led_to]
        for box_id, box in chart.boxes.items():
            self._box(self._keys[box_id], box, self._ways[box_id])

    def note(self, line: int, node: str | None, says: str) -> None:
        self.notes.append(Note(line, node, says))

    # One box

    def _box(self, key: str, box: Box, ways: Sequence[Way]) -> None:
        text = shown(box.text)
        if blank(text):
            text = NO_WORDS
            self._put(key, Instruction(text=text, next=key), box.line)
            self.note(box.line, key, "this box has no words")
        if box.made_up:
            self.note(box.line, key, box.made_up)
        node = self._leaf(key, box, text) if not ways else self._branching(key, box, text, ways)
        review = node.needs_review or text == NO_WORDS or bool(box.made_up)
        self._put(key, replace(node, needs_review=review), box.line)

    def _put(self, key: str, node: Node, line: int) -> None:
        self.nodes[key], self.lines[key] = node, line

    def _leaf(self, key: str, box: Box, text: str) -> Node:
        result: Result | None = box.shape if box.shape in {"resolved", "escalate"} else ending(text)
        if result is not None:
            return Outcome(text=text, result=result)
        if box.shape == "end":
            self.note(box.line, key, f"whether {quoted(text)} means resolved or escalated is not drawn")
            return Outcome(text=text, result="escalate", needs_review=True)
        if box.shape == "question" or asks(text):
            return self._question(key, text, [("", "", box.line)], box.line)
        return self._straight(box, text, self._stub(key, box.line, "nothing follows this step"))

    def _branching(self, key: str, box: Box, text: str, ways: Sequence[Way]) -> Node:
        labels = {folded(shown(way.label)): self._keys[way.end] for way in ways}
        if len(ways) == len(_PROVED) and set(labels) == _PROVED:
            return Verify(text=text, next=labels["proved"], failed=labels["not proved"])
        if box.shape == "question" or asks(text) or len(ways) > 1:
            return self._question(key, text, [(way.label, self._keys[way.end], way.line) for way in ways], box.line)
        [way] = ways
        if not blank(shown(way.label)):
            self.note(way.line, key, f"the words on its only line are left out: {quoted(shown(way.label))}")
        return self._straight(box, text, self._keys[way.end])

    def _straight(self, box: Box, text: str, to: str) -> Node:
        """A node with one way on; of a value or a linked flow the last line is the name."""
        *above, name = [shown(each) for each in box.text.split("\n")] or [""]
        words = shown(" ".join(above))
        if box.shape == "value" and not blank(words) and not blank(name):
            return Input(text=words, name=name, next=to)
        if box.shape == "linked" and not blank(words) and name in self._known:
            return Link(text=words, flow=name, next=to)
        return Instruction(text=text, next=to)

    # Questions

    def _question(self, key: str, text: str, given: Sequence[tuple[str, str, int]], line: int) -> Node:
        """`given`: label, node it leads to, line; what is missing there is made up."""
        unsure = [to for label, to, _ in given if folded(shown(label)) in _CANNOT_TELL]
        offered = len(unsure) == 1 and len(given) > FEWEST_ANSWERS
        if offered:
            given = [each for each in given if folded(shown(each[0])) not in _CANNOT_TELL]
        answers, told = self._labelled(key, given)
        if len(answers) == 1:
            label = folded(answers[0].label)
            other = _unlike(_OPPOSITE.get(label, "Otherwise"), {label})
            to = self._stub(key, line, f"where the answer {quoted(other)} leads is not drawn")
            answers.append(Answer(label=other, next=to))
        node = self._asked(key, text, answers, line)
        return replace(node, unsure=unsure[0] if offered else None, needs_review=told)

    def _labelled(self, key: str, given: Sequence[tuple[str, str, int]]) -> tuple[list[Answer], bool]:
        """Answers with labels of their own, and whether any had to be made up."""
        answers: list[Answer] = []
        seen = {folded(shown(label)) for label, _, _ in given}
        used: set[str] = set()
        made_up = False
        for number, (written, to, line) in enumerate(given, 1):
            label = shown(written)
            if blank(label):
                others = seen - {""}
                opposite = _OPPOSITE.get(next(iter(others), "")) if len(given) == FEWEST_ANSWERS else None
                label = _unlike(opposite or ("Yes" if len(given) == 1 else f"Answer {number}"), used | seen)
                made_up = True
                self.note(line, key, f"no words stand on this line; the answer is called {quoted(label)} for now")
            elif folded(label) in used:
                again, label = label, _unlike(label, used | seen)
                made_up = True
                self.note(line, key, f"two lines say {quoted(again)}; this one is called {quoted(label)} for now")
            used.add(folded(label))
            answers.append(Answer(label=label, next=to or self._stub(key, line, "nothing follows this question")))
        return answers, made_up

    def _asked(self, key: str, text: str, answers: Sequence[Answer], line: int) -> Question:
        """With what is too much for one question in a second one."""
        if len(answers) <= MOST_ANSWERS:
            return Question(text=text, answers=tuple(answers))
        first, rest = answers[: MOST_ANSWERS - 1], answers[MOST_ANSWERS - 1 :]
        more = _unlike("Something else", {folded(answer.label) for answer in answers})
        after = _free(f"{key}-more", self._taken)
        told = f"{len(answers)} answers are more than there are keys for; the rest is asked in {quoted(after)}"
        self.note(line, key, told)
        self._put(after, self._asked(after, text, rest, line), line)
        return Question(text=text, answers=(*first, Answer(label=more, next=after)))

    def _stub(self, key: str, line: int, says: str) -> str:
        stub = _free(f"{key}-open", self._taken)
        self._put(stub, Outcome(text="Not drawn: say what to do here.", result="escalate", needs_review=True), line)
        self.note(line, stub, says)
        return stub

    # The whole

    def start(self) -> str:
        """The node that everything can be reached from; a question of ours where the chart has several beginnings."""
        ways = {key: leads_to(node) for key, node in self.nodes.items()}
        roots: list[str] = []
        reached: frozenset[str] = frozenset()
        for key in [*self._begins, *self.nodes]:
            if key not in reached:
                roots.append(key)
                reached |= reachable([key], ways)
        if len(roots) > 1:
            line = self.lines[roots[0]]
            key = _free("where-to-begin", self._taken)
            self.note(line, key, f"the chart has {len(roots)} beginnings, and a flow has one")
            given = [(self.nodes[root].text[:_LONGEST_LABEL], root, self.lines[root]) for root in roots]
            answers, _ = self._labelled(key, given)
            self._put(key, replace(self._asked(key, "Which is it?", answers, line), needs_review=True), line)
            return key
        [root] = roots
        node = self.nodes[root]
        begins = isinstance(node, Instruction) and folded(node.text) in _BEGINS and root not in ways[root]
        led_to = any(root in to for key, to in ways.items() if key != root)
        if begins and isinstance(node, Instruction) and not led_to:
            del self.nodes[root]
            return node.next
        return root

    def exits(self) -> None:
        """A way out of every circle that has none."""
        while True:
            ways = {key: leads_to(node) for key, node in self.nodes.items()}
            ends = [key for key, node in self.nodes.items() if isinstance(node, Outcome)]
            if not (loops := list(loops_without_exit(ways, ends))):
                return
            for loop in loops:
                self._exit(loop)

    def _exit(self, loop: Sequence[str]) -> None:
        last, first = loop[-1], loop[0]
        line, key = self.lines[last], _free(f"{last}-again", self._taken)
        told = f"how this circle ends is not drawn: {' -> '.join([*loop[:6], first])}"
        self.note(line, key, told)
        out = self._stub(last, line, "nothing is drawn behind the end of a circle")
        answers = (Answer(label="No", next=first), Answer(label="Yes", next=out))
        self._put(key, Question(text="Has this been enough?", answers=answers, needs_review=True), line)
        self.nodes[last] = _led_elsewhere(self.nodes[last], first, key)


def _led_elsewhere(node: Node, old: str, new: str) -> Node:
    def to(key: str) -> str:
        return new if key == old else key

    match node:
        case Question():
            answers = tuple(replace(each, next=to(each.next)) for each in node.answers)
            return replace(node, answers=answers, unsure=None if node.unsure is None else to(node.unsure))
        case Verify():
            return replace(node, next=to(node.next), failed=to(node.failed))
        case Instruction() | Input() | Link():
            return replace(node, next=to(node.next))
        case Outcome():
            return node


def _unlike(wanted: str, labels: Collection[str]) -> str:
    """The label, or where a folded one is like it, one with a number."""
    names = (wanted if number == 1 else f"{wanted} ({number})" for number in range(1, len(labels) + 2))
    return next(each for each in names if folded(each) not in labels)


def _key_of(text: str) -> str:
    return slugged(" ".join(text.split()[:8]))[:_LONGEST_KEY].strip("-") or "node"


def _free(wanted: str, taken: set[str]) -> str:
    """The name, or where somebody has it, one like it; it is taken from now on."""
    names: Iterator[str] = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    name = next(each for each in names if each not in taken)
    taken.add(name)
    return name
