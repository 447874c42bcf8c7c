"""What two versions of a flow do not have in common, node by node, in words for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from services.flows.nodes import Flow, Node, Question

_ANSWER = "answer "
Fields: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    """As a flow file names it; `answer "Yes"` for the node that an answer leads to, `answers` for their order."""
    before: str | None
    """None: it was not there."""
    after: str | None
    """None: it is not there any more."""


@dataclass(frozen=True, slots=True)
class NodeChange:
    node: str
    change: Literal["added", "removed", "changed"]
    text: str
    """The node's own; the newer one where both have it."""
    fields: tuple[FieldChange, ...] = ()
    """Of a node that was changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    flow: tuple[FieldChange, ...]
    """Title, category and what else belongs to no node."""
    nodes: tuple[NodeChange, ...]
    """In the order of the newer version; those that are gone come last."""

    @property
    def nothing(self) -> bool:
        return not self.flow and not self.nodes


def difference(before: Flow, after: Flow) -> Difference:
    """From one version to another. The order of the nodes in a file makes none."""
    changed = tuple(_nodes(before.nodes, after.nodes))
    return Difference(tuple(_fields(_of_flow(before), _of_flow(after))), changed)


def _nodes(before: Mapping[str, Node], after: Mapping[str, Node]) -> Iterator[NodeChange]:
    for key, node in after.items():
        if key not in before:
            yield NodeChange(key, "added", node.text)
        elif changes := tuple(_fields(_of_node(before[key]), _of_node(node))):
            yield NodeChange(key, "changed", node.text, _told_once(changes))
    for key, node in before.items():
        if key not in after:
            yield NodeChange(key, "removed", node.text)


def _told_once(changes: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    """Without the order of the answers where others are there now: each of those is told by itself."""
    others = any(None in {each.before, each.after} for each in changes if each.field.startswith(_ANSWER))
    return tuple(each for each in changes if each.field != "answers" or not others)


def _fields(before: Fields, after: Fields) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            yield FieldChange(name, before.get(name), after.get(name))


def _of_flow(flow: Flow) -> Fields:
    written = {"slug": flow.slug, "title": flow.title, "category": flow.category, "start": flow.start}
    for name, texts in (("keywords", flow.keywords), ("examples", flow.examples)):
        if texts:
            written[name] = ", ".join(texts)
    return written if flow.summary is None else written | {"summary": flow.summary}


def _of_node(node: Node) -> Fields:
    written: dict[str, str] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if each.name == "type" or (each.name != "answers" and value != each.default):
            written[each.name] = "yes" if value is True else str(value)
    if isinstance(node, Question):
        written["answers"] = ", ".join(answer.label for answer in node.answers)
        for answer in node.answers:
            written[f'{_ANSWER}"{answer.label}"'] = answer.next
    return written
