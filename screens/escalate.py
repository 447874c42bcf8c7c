"""Passing a call on: why, in one category and one sentence, and how the caller is handed over."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label
from textual.widgets.option_list import Option

from screens.drafted import Drafted, DraftedForm
from screens.drafts import Closing
from screens.fields import Choice
from screens.layout import Steady
from screens.page import Desk
from screens.rows import Rows
from screens.text import line
from screens.words import HOW
from screens.words import untold as words_of
from screens.writing import Writing
from services.errors import Refused
from services.flows.visible import blank
from services.walks.handover import untold
from services.walks.model import HandOver, Walk

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.team.settings import AccountSettings, Choices

Escalating: TypeAlias = Callable[[str, str, HandOver | None], Awaitable[Walk]]
"""Category, reason, how."""


class EscalateScreen(DraftedForm):
    AUTO_FOCUS = "#text"
    HEADING = "Escalate"

    def __init__(
        self,
        desk: Desk,
        settings: "AccountSettings",
        draft: Closing,
        escalate: Escalating,
        *,
        walk: Walk | None = None,
        problem: str = "",
        caller: str = "",
        category: str | None = None,
        reason: str = "",
        drafting: "Drafting | None" = None,
    ) -> None:
        """`category` and `reason` are first drafts of them; `drafting` writes the package, where there is a walk, and
        where there is none yet, `problem` is what the caller says, and `caller` who that is."""
        super().__init__(desk, walk, problem)
        self._settings = settings
        self._draft = draft
        self._escalate = escalate
        self._caller = caller
        self._category = category
        self._reason = reason
        self._rows = Rows(id="categories")
        self._reasons: dict[str, Content] = {}
        self._writing = Writing(reason if draft.reason is None else draft.reason, id="text")
        if drafting is not None and walk is not None:
            self.drafted = Drafted(self, drafting, walk, "escalation_package", self._writing)
        self._choice = Choice(*(word for _, word, _ in HOW), chosen=[value for value, _, _ in HOW].index(draft.how))

        self._asks = Steady(id="asks")

    def fields(self) -> Iterable[Widget]:
        yield self._asks
        yield self._writing
        yield from self.draft_line()
        yield Label(Content("Why?"))
        yield self._rows
        yield Label(Content("How is the caller handed over?"))
        yield self._choice

    def on_mount(self) -> None:
        self._ask()
        self.load("choices", self._choices, self._show_categories)

    async def _choices(self) -> "Choices":
        return await self._settings.choices(self.desk.actor)

    def _show_categories(self, choices: "Choices") -> None:
        self._reasons = {key: line(words) for key, words in choices.escalation_reasons.items()}
        self._rows.put([Option(_reason(words, chosen=False), id=key) for key, words in self._reasons.items()])
        wanted = self._draft.category or self._category
        self._rows.highlighted = None
        if wanted is not None and wanted in choices.escalation_reasons:
            self._rows.highlighted = list(choices.escalation_reasons).index(wanted)

    def on_option_list_option_highlighted(self) -> None:
        self._draft.category = self._rows.chosen
        for key, words in self._reasons.items():
            self._rows.replace_option_prompt(key, _reason(words, chosen=key == self._rows.chosen))
        self._ask()
        self.notice.clear()  # that none was chosen

    def on_option_list_option_selected(self) -> None:
        self.action_take()

    def on_text_area_changed(self) -> None:
        text = self._writing.text
        self._draft.reason = None if text == self._reason else text
        self._ask()

    def _ask(self) -> None:
        """With what of it no word was said yet: a hint, since words can be missed."""
        reason, category = self._writing.text, self._rows.chosen
        missing = untold(self._about, reason=reason, category=category, problem=self._problem, caller=self._caller)
        hint = f"not told yet: {words_of(missing)}" if missing else ""
        self._asks.update(Content.assemble("What should the engineer know?  ", line(hint, "$text-warning")))

    def on_choice_changed(self) -> None:
        self._draft.how = self._how
        self.notice.say(HOW[self._choice.chosen][2])

    @property
    def _how(self) -> HandOver | None:
        return HOW[self._choice.chosen][0]

    async def send(self) -> Walk:
        """What is missing has the focus, so that the next key fills it in."""
        category, reason = self._rows.chosen, self._writing.text.rstrip()
        if blank(reason):
            self.set_focus(self._writing)
            raise Refused("the engineer has to know something", "One sentence is enough.")
        if category is None:
            self.set_focus(self._rows)
            raise Refused("no reason is chosen", f"↑ ↓ choose why, then {self.desk.keys.of('form.confirm')} again.")
        return await self._escalate(category, reason, self._how)

    def forget(self) -> None:
        self._draft.category = self._draft.reason = self._draft.how = None
        if self._about is not None:
            self.desk.drafts.ended(self._about.id)


def _reason(words: Content, *, chosen: bool) -> Content:
    return Content.assemble("● " if chosen else "○ ", words)
