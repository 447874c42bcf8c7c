"""What the account's other terminals do, brought to the screen that is in front."""

from typing import TYPE_CHECKING

from textual.app import App

from screens.page import Page
from screens.text import one_line
from services.access import Actor
from services.errors import Trouble

if TYPE_CHECKING:
    from services.team.live import Live

SHOWN_SECONDS = 8


async def listen(app: App[None], live: "Live", actor: Actor) -> None:
    """For as long as the app runs."""
    begun = False
    async for _ in live.rings(actor):
        page = app.screen_stack[-1]
        if isinstance(page, Page):
            page.heard()
        try:
            news = await live.news(actor)
        except Trouble:  # the store is away; it rings again when it is back
            continue
        if news and begun:
            app.bell()
        if told := [each.line for each in news if not (isinstance(page, Page) and page.tells(each.event))]:
            more = f"; and {len(told) - 1} more before that" if len(told) > 1 else ""
            app.notify(one_line(told[-1]) + more, markup=False, timeout=SHOWN_SECONDS)
        begun = True
