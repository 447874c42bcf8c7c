"""One flow as a branch of another: its nodes under an answer of a question there."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import count

from services.errors import Refused
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify, leads_to
from services.flows.visible import folded


def instead(into: Flow, *, at: str, label: str) -> Outcome | None:
    """What a branch under this answer takes the place of: the end that calls are passed on at there, where the question
    has such an answer already, whatever its case. None where the answer is a new one.

    Raises Refused where there is no such question, or where the answer leads to something that helps: steps of its own,
    or an end that is well.
    """
    taken = _same(_question(into, at), label)
    if taken is None:
        return None
    end = into.nodes.get(taken.next)
    if isinstance(end, Outcome) and (end.result == "escalate" or end.needs_review):
        return end
    ends = "ends the call well" if isinstance(end, Outcome) else "leads to steps of its own"
    mend = "Give the branch another answer, or have it begin at a question further on."
    raise Refused(f"{taken.label!r} is an answer there already, and it {ends}", mend)


def merged(into: Flow, branch: Flow, *, at: str, label: str) -> Flow:
    """`into`, where the answer `label` of the question `at` leads to the start of `branch`: one answer more, or one
    that calls were passed on at so far, which keeps its words.

    The nodes of `branch` come behind those that are there, under names that are not taken; its callers' words are
    learnt too. Whether what comes of it makes sense is for lint to say. Raises Refused as `instead` does.
    """
    question, end = _question(into, at), instead(into, at=at, label=label)
    names = _fresh(branch.nodes, into.nodes)
    begin, taken = names.get(branch.start, branch.start), None if end is None else _same(question, label)
    if taken is None:
        answers = (*question.answers, Answer(label=label, next=begin))
    else:
        answers = tuple(replace(each, next=begin) if each is taken else each for each in question.answers)
    nodes: dict[str, Node] = {**into.nodes, at: replace(question, answers=answers)}
    nodes |= {names[key]: led(node, names) for key, node in branch.nodes.items()}
    if taken is not None and not any(taken.next in leads_to(node) for node in nodes.values()):
        del nodes[taken.next]
    known = {folded(each) for each in into.examples}
    said = tuple(each for each in branch.examples if folded(each) not in known)
    return replace(into, nodes=nodes, examples=(*into.examples, *said))


def _question(into: Flow, at: str) -> Question:
    question = into.nodes.get(at)
    if not isinstance(question, Question):
        what = "no such node" if question is None else f"the node {at!r}, which is no question"
        raise Refused(f"{into.slug!r} has {what}", "A branch begins at an answer: choose one of its questions.")
    return question


def _same(question: Question, label: str) -> Answer | None:
    return next((each for each in question.answers if folded(each.label) == folded(label)), None)


def led(node: Node, names: Mapping[str, str]) -> Node:
    """The same node, leading to what those it leads to are called now."""
    match node:
        case Question():
            answers = tuple(replace(each, next=names.get(each.next, each.next)) for each in node.answers)
            unsure = None if node.unsure is None else names.get(node.unsure, node.unsure)
            return replace(node, answers=answers, unsure=unsure)
        case Verify():
            return replace(node, next=names.get(node.next, node.next), failed=names.get(node.failed, node.failed))
        case Instruction() | Input() | Link():
            return replace(node, next=names.get(node.next, node.next))
        case Outcome():
            return node


def _fresh(keys: Collection[str], taken: Collection[str]) -> dict[str, str]:
    """For each key itself, or, where that is taken, with the lowest number that nobody has."""
    used, names = {*keys, *taken}, dict[str, str]()
    for key in keys:
        name = key
        if key in taken:
            name = next(each for each in (f"{key}-{n}" for n in count(2)) if each not in used)
        names[key] = name
        used.add(name)
    return names
