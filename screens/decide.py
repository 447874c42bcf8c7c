"""How a suggested fix is to be run."""

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Label

from screens.desk_form import Change, DeskForm
from screens.engineering import Engineering
from screens.fields import Choice
from screens.page import Desk
from screens.text import line
from services.errors import Refused
from services.fixes.model import Case, Decision, Fix
from services.walks.model import Walk

DECISIONS: tuple[tuple[Decision, str, str], ...] = (
    ("one_off", "run once", "You run the script as it is, by hand, this once."),
    ("draft_template", "run and keep", "The same, and a draft of it goes into the library, its parameters found."),
    (
        "build_template",
        "build",
        "It is made a template first: its parameters are found, you fill them in.",
    ),
    ("dismissed", "dismiss", "Another one has to be found."),
)


class DecideScreen(DeskForm):
    AUTO_FOCUS = "#decision"
    HEADING = "Decide"
    TYPING = False

    def __init__(  # noqa: PLR0917
        self,
        desk: Desk,
        engineering: Engineering,
        case: Case,
        change: Change,
        fix: Fix | None,
        build: Callable[[Fix], None],
    ) -> None:
        """`build` begins a script of the library with that of the fix."""
        super().__init__(desk, engineering, case, change)
        self._build = build
        self._fix = fix
        self._choice = Choice(*(word for _, word, _ in DECISIONS), id="decision")

    def fields(self) -> Iterable[Widget]:
        yield Label(line("" if self._fix is None else self._fix.title))
        yield self._choice

    def on_mount(self) -> None:
        self.on_choice_changed()

    def on_choice_changed(self) -> None:
        self.notice.ask(DECISIONS[self._choice.chosen][2])

    async def _send(self) -> None:
        await super()._send()
        if self._fix is not None and DECISIONS[self._choice.chosen][0] == "build_template":
            self._build(self._fix)

    async def send(self) -> Walk:
        decide, decision, fix = self.engineering.fixes.decide, DECISIONS[self._choice.chosen][0], self._fix
        if fix is None:
            raise Refused("there is no suggested fix", "Suggest one first.")
        return (await self.change(lambda case: decide(self.desk.actor, case.walk, fix.id, decision))).walk
