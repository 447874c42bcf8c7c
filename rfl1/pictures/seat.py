"""One person at the app: finds a call, fills in fields, presses what stands beside an action."""

from collections.abc import Callable
from typing import Any

from textual.widget import Widget
from textual.widgets import Input, TextArea

from rfl1.app import Rfl1App
from rfl1.pictures.album import Album
from rfl1.pictures.hands import Hands
from screens.actions import Keys
from screens.escalations import EscalationsScreen
from screens.fields import Choice
from screens.form import Form
from screens.page import Page
from screens.queue import QueueScreen
from screens.rows import Rows
from screens.text import clean, one_line
from services.access import Act, Actor
from services.errors import Trouble
from services.walks.model import Walk

MOST_FIELDS = 20
"""After so many tabs the focus has been everywhere."""


class NoKey(Exception):
    """The screens have no key for it, and why."""


class Seat(Hands):
    def __init__(
        self,
        app: Rfl1App,
        actor: Actor,
        *,
        keys: Keys,
        came: dict[str, Any],
        album: Album,
        pass_time: Callable[[], None],
    ) -> None:
        """`came` is what the services of the app gave; time passes before a key that changes something."""
        super().__init__(app)
        self.actor = actor
        self.came = came
        self._keys = keys
        self._album = album
        self._pass_time = pass_time

    def picture(self) -> None:
        self._album.add(self.app)

    async def do(self, *actions: str) -> None:
        """The keys of these actions, by their ids."""
        await self.press(*(self._keys.press(action) for action in actions))

    async def ask(self, service: str, *actions: str) -> Any:
        """What `service` (`walks.answer`) gave or raised when the keys were pressed; NoKey where it was not asked.

        Pictures of what each key was pressed on, and of what came in the end.
        """
        self.came.clear()
        for action in actions:
            self.picture()
            self._pass_time()
            await self.do(action)
        self.picture()
        return self.told(service)

    async def change(self, service: str, *actions: str) -> Walk:
        """The same for a change of a call."""
        walk: Walk = await self.ask(service, *actions)
        return walk

    def told(self, service: str) -> Any:
        """The same for keys that were pressed since `came` was cleared."""
        if service not in self.came:
            raise NoKey(f"no key led to {service}")
        result = self.came.pop(service)
        if isinstance(result, Trouble):
            raise result
        return result

    # Fields

    async def focus(self, widget: Widget) -> None:
        for _ in range(MOST_FIELDS):
            if self.app.screen.focused is widget:
                return
            await self.press("tab")
        raise NoKey("the tab key does not lead there")

    async def fill(self, field: Input | TextArea, text: str) -> None:
        """In place of what stands there. NoKey where the field would not take the text as it is."""
        writing = isinstance(field, TextArea)
        if (clean(text) if writing else one_line(text)) != text:
            raise NoKey("no field takes such a text as it is")
        if (field.text if isinstance(field, TextArea) else field.value) == text:
            return
        await self.focus(field)
        await self.press(*(("f7", "delete") if writing else ("end", "ctrl+u")))
        if text:
            await self.paste(text)

    async def choose(self, choice: Choice, number: int) -> None:
        await self.focus(choice)
        while choice.chosen != number:
            await self.do("choice.after")

    async def highlight(self, rows: Rows, option_id: str) -> None:
        if option_id not in {option.id for option in rows.options if not option.disabled}:
            raise NoKey(f"{option_id} is not in the list")
        await self.focus(rows)
        await self.do("list.first")
        while rows.chosen != option_id:
            await self.do("list.cursor_down")

    async def leave_fields(self) -> None:
        """A letter is a command only where no field takes it."""
        for _ in range(MOST_FIELDS):
            if not isinstance(self.app.screen.focused, Input | TextArea):
                return
            await self.press("tab")
        raise NoKey("the tab key does not leave the field")

    # Calls

    async def reach(self, walk: Walk) -> None:
        """A screen that is about this call; from a form that was refused back to what it was for."""
        if isinstance(self.app.screen, Form):
            await self.do("form.cancel")
        screen = self.app.screen
        if isinstance(screen, Page) and screen.call_id == walk.id:
            return
        if not (await self._from_queue(walk) or await self._from_escalations(walk)):
            raise NoKey("the call is in no list")

    async def _from_queue(self, walk: Walk) -> bool:
        if not self.actor.may(Act.TAKE_CALLS):
            return False
        if not isinstance(self.app.screen, QueueScreen):
            await self.do("app.queue")
        await self.do("page.refresh")
        return await self._open({f"session {walk.id}", f"ticket {walk.ticket.id}"}, "queue.open")

    async def _from_escalations(self, walk: Walk) -> bool:
        if not self.actor.may(Act.WORK_ESCALATIONS):
            return False
        if not isinstance(self.app.screen, EscalationsScreen):
            await self.do("app.escalations")
        await self.do("page.refresh")
        return await self._open({str(walk.id)}, "escalations.open")

    async def _open(self, option_ids: set[str], action: str) -> bool:
        rows = self.app.screen.query_one("#calls", Rows)
        found = next((option.id for option in rows.options if option.id in option_ids), None)
        if found is None:
            return False
        await self.highlight(rows, found)
        self.picture()
        await self.do(action)
        self.picture()
        return True
