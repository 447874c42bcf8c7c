"""What is wrong with a flow: rules that hold whatever file, proposal or editor it comes from.

Every rule is linear in the size of the flow and free of recursion, so a file that somebody else made cannot hang it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from services.documents.document import MAX_MISTAKES, Place, printable, quoted, refusal
from services.flows.nodes import Flow, Input, Link, Node, Question, leads_to
from services.flows.patterns import wrong_with
from services.flows.shape import link_circles, loops_without_exit, reachable
from services.flows.visible import blank, folded

if TYPE_CHECKING:  # reading files loads more than proposals and editors need for a verdict
    from services.flows.format import FlowFile

Rule: TypeAlias = Literal[
    "slug", "start", "next", "link", "circle", "unreachable", "loop", "answers", "label", "text", "pattern", "review"
]
FEWEST_ANSWERS, MOST_ANSWERS = 2, 9
_SLUG = re.compile("[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST_SLUG = 80
_LONGEST_CHAIN = 12
_SPOKEN = ("say", "expect", "caution", "scope", "undo")


@dataclass(frozen=True, slots=True)
class Fault:
    node: str | None
    """None: the flow itself."""
    rule: Rule
    sentence: str
    mend: str
    at: Place = ()
    """The value in the flow's file that is at fault."""

    def __str__(self) -> str:
        where = "" if self.node is None else f"node {quoted(self.node)}: "
        return f"{where}{self.sentence}; {self.mend} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Located:
    """A fault and where it was written."""

    file: str
    line: int
    slug: str
    fault: Fault


def lint(flow: Flow, library: Mapping[str, Flow] | None = None, *, publishing: bool = True) -> tuple[Fault, ...]:
    """Everything wrong with the flow. `library` holds, by slug, the flows it may link to.

    A stub that waits for a reviewer is a fault for publishing only.
    """
    known = {**(library or {}), flow.slug: flow}
    return _lint(flow, known, tuple(link_circles([flow.slug], known)), publishing)


def faults_in(
    files: "Iterable[FlowFile]", published: Mapping[str, Flow], *, publishing: bool = True
) -> tuple[Located, ...]:
    """Everything wrong with flows that are to be imported together, beside those already published."""
    files = tuple(files)
    known = {**published, **{each.flow.slug: each.flow for each in files}}
    rings = tuple(islice(link_circles([each.flow.slug for each in files], known), MAX_MISTAKES))
    first: dict[str, FlowFile] = {}
    found: list[Located] = []
    for each in files:
        faults = _lint(each.flow, known, rings, publishing)
        earlier = first.setdefault(each.flow.slug, each)
        if earlier is not each:
            faults = (_twice(earlier), *faults)
        found += [Located(each.source, each.document.line_of(fault.at), each.flow.slug, fault) for fault in faults]
    return tuple(found)


def check(files: "Iterable[FlowFile]", published: Mapping[str, Flow], *, publishing: bool = True) -> None:
    """Raises Invalid with everything that is wrong, a line each: file, line, node, what, how to mend, rule."""
    if found := faults_in(files, published, publishing=publishing):
        raise refusal(f"{printable(each.file)}:{each.line}: {each.fault}" for each in found)


def _twice(earlier: "FlowFile") -> Fault:
    where = f"{printable(earlier.source)}:{earlier.document.first_line}"
    return Fault(None, "slug", f"this slug was used before in {where}", "give one of them another", ("slug",))


def _lint(
    flow: Flow, known: Mapping[str, Flow], rings: Sequence[tuple[str, ...]], publishing: bool
) -> tuple[Fault, ...]:
    faults = [*_of_flow(flow)]
    for key, node in flow.nodes.items():
        faults += _of_texts(key, node)
        faults += _of_ways(flow, key, node)
        faults += _of_type(key, node, known)
        if publishing and node.needs_review:
            faults.append(_fault(key, "review", "this is a stub that nobody has filled in", "write what belongs here"))
    if flow.start in flow.nodes:
        faults += _of_shape(flow)
    faults += _of_circles(flow, rings)
    return tuple(faults)


def _of_flow(flow: Flow) -> Iterator[Fault]:
    if not _SLUG.fullmatch(flow.slug) or len(flow.slug) > _LONGEST_SLUG:
        better = re.sub("[^a-z0-9]+", "-", flow.slug.lower())[:_LONGEST_SLUG].strip("-") or "printer-offline"
        sentence = f"{quoted(flow.slug)} is no slug: lower-case letters and digits, with - between words"
        yield Fault(None, "slug", sentence, f"write {better}", ("slug",))
    for name, text in (("title", flow.title), ("category", flow.category), ("summary", flow.summary)):
        if text is not None and blank(text):
            yield Fault(None, "text", f"the {name} is empty", "write it", (name,))
    for name, texts in (("keywords", flow.keywords), ("examples", flow.examples)):
        for index, text in enumerate(texts):
            if blank(text):
                yield Fault(None, "text", f"one of the {name} is empty", "write it or take it out", (name, index))
    if flow.start not in flow.nodes:
        yield Fault(None, "start", f"no node is named {quoted(flow.start)}", "name the first node", ("start",))


def _of_texts(key: str, node: Node) -> Iterator[Fault]:
    if blank(key):
        yield _fault(key, "text", "the name of this node is empty", "give it one")
    if blank(node.text):
        yield _fault(key, "text", "the text is empty", "write what the technician is to read", "text")
    for name in _SPOKEN:
        text = getattr(node, name)
        if text is not None and blank(text):
            yield _fault(key, "text", f"{name} is there but empty", "write it or take it out", name)


def _of_ways(flow: Flow, key: str, node: Node) -> Iterator[Fault]:
    for name in dict.fromkeys(leads_to(node)):
        if name not in flow.nodes:
            sentence = f"leads to {quoted(name)}, and no node is named so"
            yield _fault(key, "next", sentence, "name a node of this flow, or add that one")


def _of_type(key: str, node: Node, known: Mapping[str, Flow]) -> Iterator[Fault]:
    match node:
        case Question():
            yield from _of_question(key, node)
        case Input(name=name, pattern=pattern):
            if blank(name):
                yield _fault(key, "text", "the name of the value is empty", "write what is asked for", "name")
            if pattern is not None and (wrong := wrong_with(pattern)):
                yield _fault(key, "pattern", f"the pattern {wrong}", "write a simpler one, or none", "pattern")
        case Link(flow=slug) if slug not in known:
            sentence = f"links to the flow {quoted(slug)}, which is neither published nor in this import"
            yield _fault(key, "link", sentence, "name one that is, or import both together", "flow")
        case _:
            pass


def _of_question(key: str, node: Question) -> Iterator[Fault]:
    count = len(node.answers)
    if count < FEWEST_ANSWERS:
        sentence = f"a question with {count or 'no'} answer{'' if count == 1 else 's'} is none"
        yield _fault(key, "answers", sentence, "give it two or more, or make it an instruction", "answers")
    if count > MOST_ANSWERS:
        sentence = f"{count} answers are more than there are keys for"
        yield _fault(key, "answers", sentence, f"keep {MOST_ANSWERS}, and ask the rest in a second question", "answers")
    seen: set[str] = set()
    for index, answer in enumerate(node.answers):
        label = folded(answer.label)
        if blank(answer.label):
            yield _fault(key, "text", "an answer has an empty label", "write what is pressed", "answers", index)
        elif label in seen:
            sentence = f"two answers are called {quoted(answer.label)}"
            yield _fault(key, "label", sentence, "give each its own label", "answers", index)
        seen.add(label)


def _of_shape(flow: Flow) -> Iterator[Fault]:
    ways = {key: tuple(name for name in leads_to(node) if name in flow.nodes) for key, node in flow.nodes.items()}
    reached = reachable([flow.start], ways)
    for key in flow.nodes:
        if key not in reached:
            yield _fault(key, "unreachable", "no path leads here", "lead to it from another node, or take it out")
    # Where a way leads nowhere, or a question has none, that has been told already: one slip is one fault.
    ends = {key for key in reached if not ways[key] or len(ways[key]) < len(leads_to(flow.nodes[key]))}
    for loop in loops_without_exit({key: ways[key] for key in flow.nodes if key in reached}, ends):
        sentence = f"once here, no path ends in an outcome: {_chain(loop)}"
        yield _fault(loop[0], "loop", sentence, "lead one of these nodes to an outcome")


def _of_circles(flow: Flow, rings: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    for ring in rings:
        if flow.slug not in ring:
            continue
        position = ring.index(flow.slug)
        around = (*ring[position:], *ring[:position])
        onward = around[1 % len(around)]
        sentence = f"the links go round in a circle: {_chain(around)}"
        # None, where the circle belongs to another flow of the same slug; that has been told.
        for key in [key for key, node in flow.nodes.items() if isinstance(node, Link) and node.flow == onward][:1]:
            yield _fault(key, "circle", sentence, "end one of these flows instead of linking on", "flow")


def _chain(names: tuple[str, ...]) -> str:
    shown = [printable(each[:60]) for each in names[:_LONGEST_CHAIN]]
    if len(names) > _LONGEST_CHAIN:
        shown.append("...")
    return " -> ".join([*shown, shown[0]])


def _fault(node: str, rule: Rule, sentence: str, mend: str, *field: str | int) -> Fault:
    return Fault(node, rule, sentence, mend, ("nodes", node, *field))
