"""The palette: everything that can be done on the screen, by name, from the list that its keys are made of."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from screens.available import Available, available


class ActionsProvider(Provider):
    async def discover(self) -> Hits:
        for each in self._commands():
            yield DiscoveryHit(each.action.words, self._run(each), help=each.action.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for each in self._commands():
            score = matcher.match(each.action.words)
            if score > 0:
                yield Hit(score, matcher.highlight(each.action.words), self._run(each), help=each.action.help)

    def _commands(self) -> list[Available]:
        """Each once, however many keys it has; without what only moves about: its keys are known by heart."""
        unwanted = {"app.command_palette", "app.help_quit"}
        found: dict[tuple[str, str], Available] = {}
        for each in available(self.screen):
            if each.action.id not in unwanted and each.action.place != "list":
                found.setdefault((each.action.words, each.action.help), each)
        return list(found.values())

    def _run(self, each: Available) -> Callable[[], Any]:
        return partial(self.app.run_action, each.action.action, each.node)
