"""A flow as lines, one under the other: every way through it, each node unfolded where it is come to first."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.flows.graph import ways
from services.flows.nodes import Flow, Node


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to a node."""

    id: str
    """Which way of which node this is, whatever nodes are named: the same after the tree has changed elsewhere."""
    depth: int
    """How many questions lie before it."""
    label: str
    """The answer that leads here; empty where nothing is asked."""
    key: str
    node: Node | None
    """None: no node is named so."""
    again: bool = False
    """It stands further up already, with what comes behind it."""
    reached: bool = True
    """False: no way leads here."""


def outline(flow: Flow) -> tuple[Branch, ...]:
    """From the start on, each way behind the one before it; at the end what no way leads to. Without recursion."""
    seen: set[str] = set()
    lines = [*_from(flow, flow.start, seen, reached=True)]
    for key in flow.nodes:
        if key not in seen:
            lines += _from(flow, key, seen, reached=False)
    return tuple(lines)


def _from(flow: Flow, start: str, seen: set[str], *, reached: bool) -> Iterator[Branch]:
    waiting = [Branch(f">{start}" if reached else f"<{start}", 0, "", start, flow.nodes.get(start), reached=reached)]
    while waiting:
        here = waiting.pop()
        if here.node is None or here.key in seen:
            yield Branch(here.id, here.depth, here.label, here.key, here.node, here.node is not None, reached)
            continue
        seen.add(here.key)
        yield here
        onward = [*ways(here.node)]
        depth = here.depth + (len(onward) > 1)
        waiting += [
            Branch(f"{number}>{here.key}", depth, label, to, flow.nodes.get(to), reached=reached)
            for number, (label, to) in reversed([*enumerate(onward)])
        ]
