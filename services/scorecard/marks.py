"""What one played call is marked by. Pure: words are counted and compared, nobody judges."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from services.builder.protocol import Unusable
from services.builder.rules import check_labels
from services.flows.nodes import Instruction, Node, Outcome, Question
from services.scorecard.play import Played

Ended = Literal["resolved", "escalate", "limit", "nothing"]
"""`limit`: the rules passed the call on, not the builder. `nothing`: no step came."""
Kind = Literal["repeated", "double", "labels", "late", "unsafe", "early", "unusable"]

ALIKE = 0.7
"""Two questions that share so much of their telling words ask the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one node, shown or not."""

    kind: Kind
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    ended: Ended
    right: bool
    """It ended as it should, and by the builder itself; resolved counts only where the trouble is gone."""
    reason_fits: bool | None
    """None where it was not passed on, or should not have been."""
    too_early: bool
    """Called solved while it was not."""
    steps: int
    """Answered and acknowledged ones, the identity gate with them."""
    questions: int
    instructions: int
    nodes: int
    """Given by the builder, those that were refused with them."""
    unsure: int
    unforeseen: int
    faults: tuple[Fault, ...]


def marks(played: Played) -> Marks:
    """The marks of one call."""
    ended, case = _ended(played), played.case
    node = None if played.end is None else played.end.node
    passed_on = ended == case.ends == "escalate" and isinstance(node, Outcome)
    nodes = [step.node for step in played.steps]
    return Marks(
        ended=ended,
        right=ended == case.ends and (ended == "escalate" or played.gone),
        reason_fits=_fits(node, case.reasons) if passed_on else None,
        too_early=ended == "resolved" and not played.gone,
        steps=len(nodes),
        questions=sum(isinstance(each, Question) for each in nodes),
        instructions=sum(isinstance(each, Instruction) for each in nodes),
        nodes=len(played.offered) + played.garbled,
        unsure=played.unsure,
        unforeseen=played.unforeseen,
        faults=(*_repeated(nodes), *_double(nodes), *_labels(nodes), *_late(nodes), *_refused(played)),
    )


def cost(text: str) -> int:
    """What an instruction costs the caller: 1 seconds, 2 an interruption, 3 the computer, the line or long minutes."""
    return next((level for level, pattern in _COSTS if pattern.search(text)), 1)


def _ended(played: Played) -> Ended:
    if played.end is None or not isinstance(played.end.node, Outcome):
        return "nothing"
    return "limit" if played.end.origin == "limit" else played.end.node.result


def _fits(node: Node | None, reasons: tuple[str, ...]) -> bool:
    return isinstance(node, Outcome) and (not reasons or node.reason_category in reasons)


def _repeated(nodes: Iterable[Node]) -> Iterator[Fault]:
    """Asked before, if in other words, and nothing was done since; or told to do what was done."""
    asked: list[Node] = []
    done: list[Node] = []
    for node in nodes:
        before = asked if isinstance(node, Question) else done
        if isinstance(node, Question | Instruction):
            if same := next((each for each in before if _alike(node.text, each.text)), None):
                yield Fault("repeated", node.text, f"as before: {same.text}")
            before.append(node)
        if isinstance(node, Instruction):
            asked.clear()


def _double(nodes: Iterable[Node]) -> Iterator[Fault]:
    for node in nodes:
        if isinstance(node, Question) and (found := _TWO_AT_ONCE.search(node.text)):
            yield Fault("double", node.text, f"two questions in one: {found.group().strip()!r}")


def _labels(nodes: Iterable[Node]) -> Iterator[Fault]:
    for node in nodes:
        if isinstance(node, Question) and (why := _wrong_labels(node)):
            yield Fault("labels", node.text, why)


def _wrong_labels(node: Question) -> str | None:
    try:
        check_labels(node)
    except Unusable as found:
        return found.detail
    labels = [answer.label.casefold() for answer in node.answers]
    if {"yes", "no"} & set(labels) and _OPEN.match(node.text):
        return "an open question cannot be answered by yes or no"
    if (either := _EITHER.search(node.text)) and {"yes", "no"}.isdisjoint(labels):
        alternatives = [word.casefold()[:4] for word in either.groups()]
        if not any(start in label for start in alternatives for label in labels):
            return "none of its alternatives is among the answers"
    return None


def _late(nodes: Iterable[Node]) -> Iterator[Fault]:
    dearest = ""
    for node in nodes:
        if isinstance(node, Instruction):
            if dearest and cost(node.text) < cost(dearest):
                yield Fault("late", node.text, f"cheaper than what came before it: {dearest}")
            dearest = max(dearest, node.text, key=cost) if dearest else node.text


def _refused(played: Played) -> Iterator[Fault]:
    for each in played.offered:
        if each.refused is not None:
            yield Fault(each.refused, each.node.text, each.complaint)
    for _ in range(played.garbled):
        yield Fault("unusable", "", "no node could be made of it")


def _alike(one: str, other: str) -> bool:
    these, those = _telling(one), _telling(other)
    return len(these & those) >= ALIKE * max(1, len(these | those))


def _telling(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(word.removesuffix("s") for word in words if word not in _LITTLE)


_LITTLE = frozenset(
    "a an the is are was were be do does did has have had can could will would it its this that these those they them "
    "their he she his her you your i me my to of in on at for from with by and or if as so please right just".split()
)

_VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|what|which|where|when|who|how|since)"
_TWO_AT_ONCE = re.compile(
    rf"\?[^?]*\?|\band/or\b|\b(?:and|or) {_VERB}\b|, and (?:the|no|your|their|its?|that|what)\b", re.IGNORECASE
)
_OPEN = re.compile(r"(?:what|which|where|when|who|why|how)\b", re.IGNORECASE)
_EITHER = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|can)\b[^.?!]*?\b(\w{3,}),? or "
    r"(?:(?:an?|the|in|on|at|by|with|to|it|is) )*(?!not\b|any|other|some|more)(\w{3,})",
    re.IGNORECASE,
)
_MACHINE = r"(?:computer|pc|laptop|machine|mac|device|windows|router|modem)\b"
_COSTS = (
    (
        3,
        re.compile(
            rf"\b(?:restart|reboot)\w*(?: \w+)? {_MACHINE}|\breboot|\bchoose restart|\brouter's plug"
            r"|\b(?:unplug|switch off)\w* the router|\bcheck for updates|\breinstall|\brepair|\bnew profile"
            r"|\breset (?:the )?(?:network|app|windows)|\b(?:ten|fifteen|twenty|thirty|\d\d) minutes|\bring back",
            re.IGNORECASE,
        ),
    ),
    (
        2,
        re.compile(
            r"\brestart|\bre-?open|\bquit\b|\bclose (?:\w+ )?(?:outlook|every|all|the (?:browser|program|app|client))"
            r"|\bunplug|\bswitch\w* (?:\w+ ){0,3}off\b|\bturn\w* (?:\w+ ){0,3}off\b|\bclear the browser|\bcache"
            r"|\bleave the meeting|\bsign\w* out|\blog\w* o(?:ff|ut)|\bdisconnect|\bflight mode|\bhotspot|\bcable off",
            re.IGNORECASE,
        ),
    ),
)
