"""One flow as a branch of another: its nodes under a new answer of a question there."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import count

from services.errors import Refused
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify
from services.flows.visible import folded


def merged(into: Flow, branch: Flow, *, at: str, label: str) -> Flow:
    """`into`, where the question `at` has one more answer, `label`, that leads to the start of `branch`.

    The nodes of `branch` come behind those that are there, under names that are not taken; its callers' words are
    learnt too. Whether what comes of it makes sense is for lint to say. Raises Refused where there is no such question.
    """
    question = into.nodes.get(at)
    if not isinstance(question, Question):
        what = "no such node" if question is None else f"the node {at!r}, which is no question"
        raise Refused(f"{into.slug!r} has {what}", "A branch begins at an answer: choose one of its questions.")
    names = _fresh(branch.nodes, into.nodes)
    answer = Answer(label=label, next=names.get(branch.start, branch.start))
    nodes: dict[str, Node] = {**into.nodes, at: replace(question, answers=(*question.answers, answer))}
    nodes |= {names[key]: led(node, names) for key, node in branch.nodes.items()}
    known = {folded(each) for each in into.examples}
    said = tuple(each for each in branch.examples if folded(each) not in known)
    return replace(into, nodes=nodes, examples=(*into.examples, *said))


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
