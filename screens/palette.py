"""The palette: everything that can be done on the screen, by name, from the list that its keys are made of."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from screens.available import Available, available

_LESS = 0.01
"""What is said of an action counts below its name."""


def _told(query: str, sentence: str) -> bool:
    """A word of it begins so."""
    return any(word.startswith(query.strip().lower()) for word in re.findall(r"\w+", sentence.lower()))


class ActionsProvider(Provider):
    async def discover(self) -> Hits:
        for each in self._commands():
            yield DiscoveryHit(each.action.words, self._run(each), help=each.action.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for each in self._commands():
            named, told = matcher.match(each.action.words), _LESS if _told(query, each.action.help) else 0
            if named > 0 or told > 0:
                words = matcher.highlight(each.action.words)
                yield Hit(max(named, told), words, self._run(each), help=each.action.help)

    def _commands(self) -> list[Available]:
        """What this screen is for comes first, what can be done everywhere further down. Each once, however many keys
        it has; without what only moves about: its keys are known by heart."""
        unwanted = {"app.command_palette", "app.help_quit"}
        found: dict[tuple[str, str], Available] = {}
        for each in sorted(available(self.screen), key=lambda each: each.action.place in {"app", "page"}):
            if each.action.id not in unwanted and each.action.place != "list":
                found.setdefault((each.action.words, each.action.help), each)
        return list(found.values())

    def _run(self, each: Available) -> Callable[[], Any]:
        return partial(self.app.run_action, each.action.action, each.node)
