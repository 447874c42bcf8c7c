"""What the account's other terminals do, brought to the screen that is in front."""

from typing import TYPE_CHECKING

from textual.app import App

from screens.page import Page
from screens.text import one_line
from services.access import Actor
from services.errors import Trouble

if TYPE_CHECKING:
    from services.team.live import Live

TOASTS = 3
"""What there is more than that is counted."""


async def listen(app: App[None], live: "Live", actor: Actor) -> None:
    """For as long as the app runs."""
    async for _ in live.rings(actor):
        page = app.screen_stack[-1]
        if isinstance(page, Page):
            page.heard()
        try:
            news = await live.news(actor)
        except Trouble:  # the store is away; it rings again when it is back
            continue
        for each in news[:TOASTS]:
            app.notify(one_line(each.line), markup=False)
        if len(news) > TOASTS:
            app.notify(f"And {len(news) - TOASTS} more: {one_line(news[-1].line)}", markup=False)
        if news:
            app.bell()
