"""A flow as a Mermaid flowchart."""

import re
import textwrap
from collections.abc import Iterator

from services.flows.nodes import Flow, Input, Instruction, Link, Node, Outcome, Question, Verify

_WIDTH = 40
_MEANS_SOMETHING = re.compile(r"""["#%&()\\;<>\[\]`{|}^~]""")
"""What Mermaid, or the browser that draws it, may take for anything but a character."""

_CLASSES = """\
  classDef question fill:#eef4ff,stroke:#3b6fb6,color:#10243e
  classDef act fill:#f5f5f0,stroke:#77776a,color:#222222
  classDef gate fill:#fff4dd,stroke:#b7791f,color:#3b2a06
  classDef confirm fill:#fff4dd,stroke:#b45309,color:#3b2a06,stroke-dasharray:4
  classDef resolved fill:#e6f6ea,stroke:#2f855a,color:#12351f
  classDef escalate fill:#fdeaea,stroke:#c53030,color:#3d1111
  classDef stub fill:#ffffff,stroke:#c53030,color:#3d1111,stroke-dasharray:2
"""


def mermaid(flow: Flow) -> str:
    """The same text for the same flow; ids are numbers of our own, so that no node's name can mean anything. The start
    comes first: that is how it is told from other nodes that paths lead back to."""
    first = {flow.start: flow.nodes[flow.start]} if flow.start in flow.nodes else {}
    nodes = {**first, **flow.nodes}
    ids = {key: f"n{number}" for number, key in enumerate(nodes)}
    lines = ["flowchart TD"]
    lines += [
        f"  {ids[key]}{_shape(node)}:::{'stub' if node.needs_review else kind(node)}" for key, node in nodes.items()
    ]
    for key, node in nodes.items():
        for label, to in ways(node):
            if to in ids:
                lines.append(f"  {ids[key]} -->{f'|{_quoted(label)}|' if label else ''} {ids[to]}")
    return "\n".join(lines) + "\n" + _CLASSES


def _shape(node: Node) -> str:
    match node:
        case Question():
            return f"{{{{{_quoted(node.text)}}}}}"
        case Instruction():
            return f"[{_quoted(node.text)}]"
        case Input():
            return f"[/{_quoted(node.text, node.name)}/]"
        case Verify():
            return f"{{{_quoted(node.text)}}}"
        case Link():
            return f"[[{_quoted(node.text, node.flow)}]]"
        case Outcome():
            return f"([{_quoted(node.text)}])"


def kind(node: Node) -> str:
    """What it is, as colours and shapes tell it apart."""
    match node:
        case Outcome():
            return node.result
        case Question():
            return "question"
        case Verify():
            return "gate"
        case _:
            return "confirm" if node.risk == "confirm" else "act"


def ways(node: Node) -> Iterator[tuple[str, str]]:
    """Each answer in words, empty where there is nothing to answer, and the node that it leads to."""
    match node:
        case Question():
            for answer in node.answers:
                yield answer.label, answer.next
            if node.unsure is not None:
                yield "Can't tell", node.unsure
        case Verify():
            yield "Proved", node.next
            yield "Not proved", node.failed
        case Instruction() | Input() | Link():
            yield "", node.next
        case Outcome():
            return


def _quoted(*texts: str) -> str:
    """Words as Mermaid shows them: wrapped, and every sign that could mean something else as its number."""
    lines = [
        line
        for text in texts
        for part in text.splitlines()
        for line in textwrap.wrap(part, _WIDTH, break_on_hyphens=False)
    ]
    return '"' + "<br/>".join(map(_plain, lines)) + '"'


def _plain(text: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in text)
    return _MEANS_SOMETHING.sub(lambda found: f"#{ord(found[0])};", shown)
