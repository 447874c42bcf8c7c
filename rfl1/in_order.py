"""Keys take effect in the order in which they were pressed, however fast they come."""

from textual import events, on
from textual.app import App

from rfl1.idle import Idle
from screens.messages import FieldIsThere
from screens.page import Page


class InOrder(App[None]):
    def __init__(self, css_path: list[str]) -> None:
        super().__init__(css_path=list(css_path))
        self.idle = Idle()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.idle.key()
        page = self.screen_stack[-1] if self.screen_stack else None
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if not typed or not isinstance(page, Page):
            await super().on_event(event)
        elif page.too_early:
            page.early.append(event)
        else:
            await self._catch_up(FieldIsThere())
            await self._in_turn(event)

    @on(FieldIsThere)
    async def _catch_up(self, _message: FieldIsThere) -> None:
        page = self.screen_stack[-1]
        while isinstance(page, Page) and page.early and not page.too_early:
            await self._in_turn(page.early.pop(0))

    async def _in_turn(self, event: events.Event) -> None:
        if isinstance(self.screen, Page) and not (isinstance(event, events.Key) and event.is_printable):
            await self.screen.typed()
        await super().on_event(event)
