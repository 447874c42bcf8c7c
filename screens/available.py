"""What can be done on a screen now, also by keys that a text field with the focus would take: for help and palette."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.actions import parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from screens.actions import ACTIONS, Action, known


@dataclass(frozen=True, slots=True)
class Available:
    action: Action
    node: DOMNode
    """Whose action it is."""


def available(screen: Screen[object]) -> list[Available]:
    """In the order of the list of actions, each once."""
    chain = [screen, screen.app] if screen.focused is None else screen.focused.ancestors_with_self
    found: dict[str, Available] = {}
    for node in chain:
        for action in _declared(type(node)):
            _, name, parameters = parse(action.action)
            if action.id not in found and node.check_action(name, parameters):
                found[action.id] = Available(action, node)
    return [found[action.id] for action in ACTIONS if action.id in found]


def _declared(kind: type[DOMNode]) -> Iterable[Action]:
    for each in kind.__mro__:
        for binding in each.__dict__.get("BINDINGS", ()):
            action = known(binding.id) if isinstance(binding, Binding) else None
            if action is not None:
                yield action
