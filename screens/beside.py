"""How calls fared at the node on the screen, in one line in its frame; and where many callers are at it just now."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from screens.autosave import Debounce
from screens.live import LiveWalk
from screens.node import NodePane
from screens.page import Page
from services.errors import Trouble

if TYPE_CHECKING:
    from services.stats.records import Beside, Record, Records
    from services.walks.model import Frame

QUIET_SECONDS = 0.5
"""A node that is passed by is not asked about: nothing comes between a key and the next node."""
AGAIN_SECONDS = 60

_IN_MINUTES = 120
"""Seconds from which a time is told in minutes."""

_Node: TypeAlias = "tuple[tuple[Frame, ...], str]"


class BesideNode:
    def __init__(
        self, page: Page[None], records: "Callable[[], Records] | None", call: LiveWalk, node: NodePane
    ) -> None:
        """Without `records` nothing is told."""
        self._page = page
        self._records = records
        self._call = call
        self._pane = node
        self._known: dict[_Node, Beside] = {}
        self._said = Content()
        self._pause = Debounce(page, QUIET_SECONDS, self._ask)

    def begin(self) -> None:
        if self._records is not None:
            self._page.set_interval(AGAIN_SECONDS, self._ask)

    def follow(self) -> None:
        """Another node may be on the screen: what is known of it is told, and asked for again."""
        if self._records is not None:
            self._show()
            self._pause.touch()

    @property
    def _node(self) -> "_Node | None":
        walk = self._call.walk
        return None if walk.pending is None or walk.free_notes else (walk.frames, walk.pending.id)

    def _ask(self) -> None:
        if self._node is not None and self._page.in_front and not self._call.walk.kept_here:
            self._page.load("beside", self._read, lambda _: self._show())

    async def _read(self) -> None:
        node, walk = self._node, self._call.walk
        if self._records is None or node is None:
            return
        try:
            found = await self._records().beside(self._page.desk.actor, walk)
        except Trouble:  # nobody asked; told to whoever wants to do something
            return
        if found is not None:
            self._known[node] = found

    def _show(self) -> None:
        known = None if self._node is None else self._known.get(self._node)
        said = Content() if known is None else told(known)
        if not said.is_same(self._said):  # the whole frame would be drawn for the same words
            self._said = self._pane.border_subtitle = said


def told(beside: "Beside") -> Content:
    parts = [Content(each) for each in fared(beside.record)]
    if beside.crowded:
        asked = f"▲ {beside.callers} callers here in 30 min: a wider outage?"
        parts.insert(0, Content.styled(asked, "bold $text-warning"))
    return Content(" · ").join(parts)


def fared(record: "Record") -> list[str]:
    """In parts; none where no call came there."""
    if not record.reached:
        return []
    said = [f"resolved {record.resolved} of {record.reached} times"]
    said += [f"{record.passed_on_here} passed on here"] if record.passed_on_here else []
    said += [f"{record.lost_here} lost here"] if record.lost_here else []
    return [*said, f"about {spent(record.seconds)}"] if record.seconds else said


def spent(seconds: int) -> str:
    """A time as it is said."""
    return f"{seconds} s" if seconds < _IN_MINUTES else f"{round(seconds / 60)} min"
