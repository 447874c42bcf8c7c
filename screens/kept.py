"""What is typed during a call, on its way into the store: free notes, and the note on the step of the moment."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from screens.live import LiveWalk
from screens.notes import NotesPane, StepNote
from screens.page import Page
from services.errors import Conflict, Trouble
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.away.service import Away
    from services.walks.service import Walks


class KeptAsTyped:
    def __init__(
        self,
        page: Page[None],
        walks: "Walks | Away",
        call: LiveWalk,
        *,
        leave: Callable[[], None],
        show: Callable[[Walk], None],
    ) -> None:
        """`leave` gives the focus away; `show` brings what stands around the fields in line with the call."""
        self._page = page
        self._walks = walks
        self._call = call
        self._show = show
        self.notes = NotesPane(self._keep_note)
        self.step_note = StepNote(self._keep_step_note, leave)

    @property
    def unsaved(self) -> bool:
        return self.notes.unsaved or self.step_note.saving.unsaved

    def flush(self) -> None:
        self.notes.flush()
        self.step_note.saving.flush()

    def _keep_note(self, note_id: UUID, text: str) -> None:
        self._page.save("notes", self._save_note(note_id, text))

    async def _save_note(self, note_id: UUID, text: str) -> None:
        async def save(walk: Walk) -> Walk:
            return await self._walks.save_note(self._page.desk.actor, walk, note_id, text)

        try:
            try:
                walk = await self._call.change(save)
            except Conflict:  # an entry of one's own takes nothing from what the other did
                walk = await self._call.change(save)
        except Trouble:
            self.notes.failed()
            raise
        self.notes.kept(note_id, text)
        if self._page.is_attached:
            self.notes.show(walk)
            self._show(walk)

    def _keep_step_note(self, node_id: str, text: str) -> None:
        self._page.save("step note", self._note_step(node_id, text))

    async def step_noted(self, node_id: str) -> None:
        """The note on the step that is being answered is stored before the answer."""
        if self.step_note.saving.unsaved:
            await self._note_step(node_id, self.step_note.value)

    async def _note_step(self, node_id: str, text: str) -> None:
        async def note(walk: Walk) -> Walk:
            here = walk.pending is not None and walk.pending.id == node_id
            return await self._walks.note_step(self._page.desk.actor, walk, text) if here else walk

        try:
            await self._call.change(note)
        except Trouble:
            self.step_note.saving.failed()
            raise
        self.step_note.kept(text)
