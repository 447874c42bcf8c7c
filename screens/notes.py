"""What is written during a call: free notes with time and author, and the note on the step of the moment."""

from collections.abc import Callable
from uuid import UUID, uuid4

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.actions import bindings
from screens.autosave import Autosave
from screens.fields import Line
from screens.layout import Lane, Lanes, Pane
from screens.story import notes
from screens.text import clean
from screens.writing import Writing
from services.walks.model import Walk

_STEP_NOTE = "Note on this step"


class NotesPane(Pane):
    """The entries, and below them the one being written."""

    BINDINGS = bindings("notes")

    def __init__(self, keep: Callable[[UUID, str], None]) -> None:
        """`keep` starts storing an entry; the answer is `kept` or `failed`."""
        super().__init__(id="notes")
        self._entry = uuid4()
        self._finishing = False
        self._entries = Static(id="entries-text")
        self._others: list[Lane] = []
        self._scroll = VerticalScroll(self._entries, id="entries")
        self.writing = Writing(hint="Type; it is kept as you go.", id="entry")
        self._saving = Autosave(self, lambda: self.writing.text, lambda text: keep(self._entry, text))

    def compose(self) -> ComposeResult:
        self.border_title = Content("Free notes")
        yield self._scroll
        yield self.writing

    @property
    def unsaved(self) -> bool:
        return self._saving.unsaved

    def show(self, walk: Walk) -> None:
        """The other entries; the one being written stays in the field."""
        others = list(notes(walk, without=self._entry))
        if others != self._others:
            self._others = others
            self._entries.update(Lanes(others, label=7))
            self._scroll.scroll_end(animate=False)

    def flush(self) -> None:
        """Stores what is not stored yet, without waiting for it."""
        self._saving.flush()

    def kept(self, note_id: UUID, text: str) -> None:
        if note_id == self._entry:
            self._saving.kept(text)
            self._begin_if_finished()

    def failed(self) -> None:
        """What was typed stays where it is."""
        self._saving.failed()
        self._finishing = False

    def on_text_area_changed(self) -> None:
        self._saving.touch()

    def on_descendant_blur(self) -> None:
        self.flush()

    def action_finish(self) -> None:
        if self.writing.text.strip():
            self._finishing = True
            self.flush()
            self._begin_if_finished()

    def _begin_if_finished(self) -> None:
        if self._finishing and not self.unsaved:
            self._finishing = False
            self._entry = uuid4()
            self._saving.begin()
            self.writing.text = ""


class StepNote(Line):
    """The note on the step that is not taken yet; stays with its node."""

    def __init__(self, keep: Callable[[str, str], None], leave: Callable[[], None]) -> None:
        """`keep` starts storing the note on a node (its id, the text); the answer is `kept` or `failed`. `leave` gives
        the focus away."""
        super().__init__(id="step-note")
        self.display = False
        self._node_id = ""
        self._leave = leave
        self.saving = Autosave(self, lambda: self.value, lambda text: keep(self._node_id, text))

    def show(self, walk: Walk) -> None:
        node_id = "" if walk.pending is None else walk.pending.id
        if node_id != self._node_id:
            self._node_id = node_id
            stored = clean(walk.pending_note or "")
            self.saving.begin(stored)
            self.value = stored
            self.display = bool(stored)
            self._tell()

    def kept(self, text: str) -> None:
        self.saving.kept(text)
        self._tell()

    def _tell(self) -> None:
        """The label above it: whose note it is, and whether it is stored as it stands there."""
        kept = self.value.strip() and not self.saving.unsaved
        self.border_title = Content.assemble(_STEP_NOTE, ("  ✓ kept", "$text-success") if kept else "")

    def open(self) -> None:
        self.display = True
        self.screen.set_focus(self)

    async def action_submit(self) -> None:
        """At once, so that the next key is a command again."""
        self._leave()

    def on_input_changed(self) -> None:
        self.saving.touch()
        self._tell()

    def on_blur(self, event: events.Blur) -> None:
        self.saving.flush()
        self.display = bool(self.value)
