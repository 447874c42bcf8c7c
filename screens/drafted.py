"""A text written from the records, put into the field where the person goes on with it; and whose it is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import bindings
from screens.form import Form
from screens.page import Page
from screens.text import line
from screens.writing import Writing
from services.flows.visible import blank
from services.walks.model import Walk

if TYPE_CHECKING:
    from services.drafting.model import Draft, DraftKind
    from services.drafting.service import Drafting


class DraftedForm(Form):
    """A form whose text can be drafted, where there is a call with something on record."""

    BINDINGS = bindings("draft")
    drafted: "Drafted | None" = None

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        return super().allows(action, parameters) and (action != "draft" or self.drafted is not None)

    def draft_line(self) -> Iterable[Widget]:
        """Whose text it is; stands under the field."""
        if self.drafted is not None:
            yield self.drafted

    def action_draft(self) -> None:
        if self.drafted is not None:
            self.drafted.toggle()


class Drafted(Static):
    """One line under the field. What was typed before comes back when the draft is taken out again."""

    def __init__(self, page: Page[None], drafting: "Drafting", walk: Walk, kind: "DraftKind", writing: Writing) -> None:
        super().__init__(id="drafted")
        self._page = page
        self._drafting = drafting
        self._walk = walk
        self._kind: DraftKind = kind
        self._writing = writing
        self._before: str | None = None
        self._put_in = ""
        self.display = False

    def toggle(self) -> None:
        if self._before is not None:
            self._fill(self._before)
            self._before, self.display = None, False
            return
        self._before = self._writing.text
        self._put(self._drafting.template(self._walk, self._kind))
        if self._drafting.by_model:
            self._say("⋯", "the template's draft; the model is writing one")
        self._page.load("draft", self._draft, self._put)  # with what engineers found, and a model's where there is one

    async def _draft(self) -> "Draft":
        return await self._drafting.draft(self._page.desk.actor, self._walk, self._kind)

    def _put(self, draft: "Draft") -> None:
        """Unless the person has changed the text, or taken it out, meanwhile."""
        first = not self.display
        if self._before is None or (not first and self._writing.text != self._put_in):
            if self._before is not None:
                self._say("✎", "your own text, begun from a draft")
            return
        self._fill(draft.markdown)
        self._put_in = self._writing.text
        if draft.by == "model":
            self._say("◆", f"a model's draft, checked against the records: read it before it goes out{self._kept}")
        else:
            self._say("◇", f"the template's draft{f': {draft.reason}' if draft.reason else ''}{self._kept}")

    @property
    def _kept(self) -> str:
        """That what was typed before is not lost."""
        return "" if blank(self._before or "") else f"; {self._page.desk.keys.of('draft.draft')} brings back your own"

    def _fill(self, text: str) -> None:
        self._writing.load_text(text.rstrip())
        self._writing.move_cursor(self._writing.document.end)

    def _say(self, sign: str, words: str) -> None:
        self.update(Content.assemble((sign, "bold $text-accent"), " ", line(words, "$text-muted")))
        self.display = True
