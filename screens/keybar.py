"""The foot of every screen: the keys of this moment, from the bindings that are really active."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from screens.actions import ACTIONS, Action, known, shown

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Entry:
    """One key as it stands at the foot."""

    key: str
    action: Action
    enabled: bool

    @property
    def width(self) -> int:
        return len(shown(self.key)) + 1 + len(self.action.words)


class KeyBar(Widget):
    """One line for the screen's keys, one for those that are the same everywhere; more only where it is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen or not self.is_attached:
            return
        entries = tuple(_entries(screen))
        if entries != self._entries:
            before, self._entries = len(self._lines(self.size.width)), entries
            self.refresh(layout=len(self._lines(self.size.width)) != before)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._lines(width)))

    def render(self) -> Content:
        return Content("\n").join([_laid(line) for line in self._lines(self.size.width)])

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if event.y >= len(lines):
            return
        left = 0
        for entry in lines[event.y]:
            if left <= event.x < left + entry.width:
                self.app.simulate_key(entry.key)
                return
            left += entry.width + len(_GAP)

    def _lines(self, width: int) -> list[list[Entry]]:
        here = [entry for entry in self._entries if entry.action.place != "app"]
        everywhere = [entry for entry in self._entries if entry.action.place == "app"]
        return [*_packed(here, width), *_packed(everywhere, width)]


def _entries(screen: Screen[object]) -> Iterable[Entry]:
    found: dict[str, Entry] = {}
    for key, active in screen.active_bindings.items():
        action = known(active.binding.id)
        if action is not None and action.foot:
            found.setdefault(action.id, Entry(key, action, active.enabled))
    return (found[action.id] for action in ACTIONS if action.id in found)


def _packed(entries: Iterable[Entry], width: int) -> list[list[Entry]]:
    lines: list[list[Entry]] = []
    left = 0
    for entry in entries:
        if lines and left + entry.width <= width:
            lines[-1].append(entry)
        else:
            lines.append([entry])
            left = 0
        left += entry.width + len(_GAP)
    return lines


def _laid(entries: Iterable[Entry]) -> Content:
    return Content(_GAP).join(
        [
            Content.assemble(
                (shown(entry.key), "bold $text-accent" if entry.enabled else "$text-disabled"),
                " ",
                (entry.action.words, "" if entry.enabled else "$text-disabled"),
            )
            for entry in entries
        ]
    )
