"""A flow as a tree: one line for each way through it, wherever a tree is shown."""

from textual.content import Content

from screens.text import line
from services.flows.nodes import Node, Outcome
from services.flows.outline import Branch

_SIGNS = {"question": "?", "instruction": "•", "input": "…", "verify": "!", "link": "→"}
_ENDS = {"resolved": ("✓", "$text-success"), "escalate": ("▲", "$text-warning")}
_DEEPEST = 10
"""Levels that are drawn one under the other; what lies deeper stands under the last of them."""


def way(each: Branch) -> Content:
    """The answer that leads there, and what is there."""
    label = Content.assemble(line(each.label, "bold"), "  ") if each.label else Content()
    return Content.assemble("  " * min(each.depth, _DEEPEST), label, _node(each))


def _node(each: Branch) -> Content:
    node = each.node
    if node is None:
        return line(f"▲ {each.key}: no node is named so", "$text-error")
    if each.again:
        return line(f"↩ {node.text}", "$text-muted")
    lost = Content() if each.reached else Content.styled("‹no path leads here›  ", "$text-error")
    return Content.assemble(lost, _said(node))


def stub(node: Node | None) -> Content:
    """The mark of a step that is to be filled in, beside its line."""
    return Content.styled("▲ stub", "$text-warning") if node is not None and node.needs_review else Content()


def _said(node: Node) -> Content:
    if node.needs_review:
        return line(node.text, "$text-muted")
    sign, style = _ENDS[node.result] if isinstance(node, Outcome) else (_SIGNS[node.type], "")
    return Content.assemble((sign, style), " ", line(node.text)) if style else line(f"{sign} {node.text}")
