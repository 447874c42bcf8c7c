"""No string becomes markup: what looks like markup would be dropped, crash the app, or be a link that acts."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import rfl1
import screens

FILES = [*sorted(Path(screens.__file__).parent.glob("*.py")), *sorted(Path(rfl1.__file__).parent.glob("*.py"))]
MARKUP = {"Static", "Label", "Button", "Checkbox", "RadioButton", "Collapsible", "TabPane", "Option", "Select", "Link"}
"""Widgets whose text is markup where it is a `str`."""
TITLES = {"border_title", "border_subtitle", "tooltip"}


def mistakes(source: str) -> Iterable[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in MARKUP and not _content(first):
                yield f"{node.lineno}: {name}({ast.unparse(first)}) takes markup"
            case ast.Call(func=ast.Attribute(attr="update"), args=[first]) if _a_string(first):
                yield f"{node.lineno}: update({ast.unparse(first)}) takes markup"
            case ast.Call(func=ast.Attribute(attr="from_markup")):
                yield f"{node.lineno}: markup is not used here at all"
            case ast.Call(func=ast.Attribute(attr="notify"), keywords=given) if not _without_markup(given):
                yield f"{node.lineno}: notify without markup=False"
            case ast.Assign(targets=[ast.Attribute(attr=title)], value=value) if title in TITLES and not _content(
                value
            ):
                yield f"{node.lineno}: {title} = {ast.unparse(value)} takes markup"


def _a_string(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _content(node: ast.expr) -> bool:
    """Made by the door, or a Content of our own words, or a visual of such."""
    match node:
        case ast.Call(
            func=ast.Name(
                id="Content"
                | "line"
                | "plain"
                | "Lanes"
                | "Row"
                | "heading"
                | "whole"
                | "_row"
                | "_mine"
                | "_entry"
                | "_reason"
            )
        ):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Content"), attr="assemble" | "styled")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="lines"), attr="mine" | "waiting" | "past")):
            return True
        case _:
            return False


def _without_markup(given: list[ast.keyword]) -> bool:
    return any(each.arg == "markup" and ast.unparse(each.value) == "False" for each in given)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_shown_is_content_and_never_a_string(path: Path) -> None:
    assert list(mistakes(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(text)",
        "Static(f'{text}')",
        "Label('a [b]')",
        "Option(name, id=key)",
        "widget.update(f'{text}')",
        "Content.from_markup(text)",
        "self.app.notify(str(trouble))",
        "self.app.notify(text, markup=True)",
        "pane.border_title = walk.title",
        "button.tooltip = f'{text}'",
    ],
)
def test_each_way_of_getting_it_wrong_is_found(source: str) -> None:
    assert len(list(mistakes(source))) == 1
