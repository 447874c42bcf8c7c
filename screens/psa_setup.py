"""Setting up the PSA: what to type, whether it works, step by step, and what the account does with its tickets."""

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static
from textual.widgets.option_list import Option

from screens.actions import bindings
from screens.fields import Choice, Line
from screens.page import Desk, Page
from screens.rows import Rows
from screens.text import clean, line
from services.psa.model import Board, Status, named
from services.psa.setting_up import PROVIDERS, Choices, Kept, Setup
from services.psa.steps import BOARD, ESCALATED, RESOLVED, Step

_SIGNS = {"ok": ("✓", "$text-success"), "warn": ("▸", "$text-warning"), "fail": ("✗", "$text-error")}
_NONE = "-"
"""The id of the line that leaves things as they are."""


class PsaSetupScreen(Page[None]):
    CSS_PATH = "psa_setup.tcss"
    BINDINGS = bindings("psa")
    AUTO_FOCUS = "Choice"

    def __init__(self, desk: Desk, setup: Setup) -> None:
        super().__init__(desk)
        self._setup = setup
        self._fields: dict[str, Line] = {}
        chosen = PROVIDERS.index(setup.provider) if setup.provider in PROVIDERS else 0
        self._provider = Choice(*PROVIDERS, chosen=chosen, id="provider")
        self._typing = Vertical(id="typed")
        self._steps = Static(id="steps")
        self._seen: list[Step] = []
        self._choosing = Vertical(id="choosing")
        self._resolved, self._board, self._escalated = (Rows(id=name) for name in ("resolved", "board", "escalated"))
        self._boards: Sequence[Board] = ()
        self._home: Board | None = None
        self._works = self._busy = False

    def content(self) -> Iterable[Widget]:
        with VerticalScroll(id="setup", can_focus=False):
            yield self._provider
            yield self._typing
            yield self._steps
            with self._choosing:
                for words, rows in (
                    ("Resolved tickets get the status", self._resolved),
                    ("Escalated tickets go to", self._board),
                    ("and get the status", self._escalated),
                ):
                    yield Label(Content(words))
                    yield rows

    async def on_mount(self) -> None:
        self.title_bar.show(Content("Set up the PSA"), self.badge)
        self._choosing.display = False
        await self._ask()

    async def on_choice_changed(self) -> None:
        await self._ask()

    async def _ask(self) -> None:
        """The fields of the PSA that is chosen; what was typed for another one stays where both have it."""
        typed = self._typed
        self._unproved()
        await self._typing.remove_children()
        self._fields = {}
        rows = []
        for each in self._setup.fields(PROVIDERS[self._provider.chosen]):
            hint = "set; type another one to replace it" if each.secret and each.known else ""
            value = clean(typed.get(each.name) or each.value)
            self._fields[each.name] = Line(value, password=each.secret, placeholder=hint)
            rows.append(Horizontal(Label(line(each.words)), self._fields[each.name], classes="field"))
        await self._typing.mount_all(rows)

    @property
    def _typed(self) -> dict[str, str]:
        return {name: field.value.strip() for name, field in self._fields.items()}

    def _unproved(self) -> None:
        self._works = self._choosing.display = False
        self._seen = []
        self._tell_steps()

    def on_input_changed(self) -> None:
        if self._works:
            self._unproved()

    # Trying it

    def action_confirm(self) -> None:
        if not self._busy:
            self._busy = True
            self.save("psa set-up", self._kept() if self._works else self._checked())

    async def _checked(self) -> None:
        self._unproved()
        self.notice.ask("Trying it; nothing is written")
        try:
            async for step in self._setup.check(self.desk.actor, self._asked()):
                self._seen.append(step)
                self._tell_steps()
            if any(step.state == "fail" and step.name != "statuses" for step in self._seen):
                self.notice.ask(f"Mend what failed, then {self.desk.keys.of('psa.confirm')} again.")
                return
            self._offer(await self._setup.choices(self.desk.actor, self._typed.get("psa.board", "")))
        finally:
            self._busy = False
        self._works = True
        self.notice.say(f"It works. Choose below what the account does; {self.desk.keys.of('psa.confirm')} keeps it.")

    def _asked(self) -> dict[str, str]:
        return {"psa.provider": PROVIDERS[self._provider.chosen], **self._typed}

    def _tell_steps(self) -> None:
        self._steps.update(Content("\n").join([_told(step) for step in self._seen]))

    # Choosing

    def _offer(self, choices: Choices) -> None:
        self._boards, self._home = choices.boards, choices.home
        before = choices.set_before
        _fill(self._resolved, choices.resolved, before[RESOLVED], "none: the status is left alone")
        target = named(choices.boards, before[BOARD])
        _fill(self._board, choices.boards, "" if target is None else target.id, "where they are")
        _fill(self._escalated, choices.escalated, before[ESCALATED], "none: the status is left alone")
        self._choosing.display = True
        self.call_after_refresh(self._choosing.scroll_visible, animate=False, top=True)
        self.set_focus(self._resolved, scroll_visible=False)

    def on_option_list_option_highlighted(self, event: Rows.OptionHighlighted) -> None:
        """The statuses are those of the board that escalated tickets go to."""
        if self._works and event.option_list is self._board:
            self.load("statuses", self._statuses, self._show_statuses)

    async def _statuses(self) -> Sequence[Status]:
        board = named(self._boards, _chosen(self._board)) or self._home
        return () if board is None else await self._setup.statuses(board)

    def _show_statuses(self, statuses: Sequence[Status]) -> None:
        _fill(self._escalated, statuses, _chosen(self._escalated), "none: the status is left alone")

    def on_option_list_option_selected(self) -> None:
        self.focus_next()

    # Keeping it

    async def _kept(self) -> None:
        account = {
            RESOLVED: _chosen(self._resolved), BOARD: _chosen(self._board), ESCALATED: _chosen(self._escalated)
        }  # fmt: skip
        self.notice.ask("Storing")
        try:
            kept = await self._setup.keep(self.desk.actor, self._asked(), account)
        finally:
            self._busy = False
        self.notice.ask(_where(kept))

    def on_unmount(self) -> None:
        self.app.run_worker(self._setup.close(), group="psa set-up end", exit_on_error=False)


def _where(kept: Kept) -> str:
    if kept.in_keyring:
        return f"Kept in {kept.file}, the secrets in the keyring. Start rfl1 again to work with it."
    variables = ", ".join(kept.variables)
    return f"Kept in {kept.file}. There is no keyring here: set {variables} in the environment, then start rfl1 again."


def _told(step: Step) -> Content:
    if step.name == "statuses" and step.state == "warn":
        return Content.assemble(_SIGNS["ok"], " statuses: choose them below.")
    mend = f"{step.mend}." if step.mend else ""
    return Content.assemble(_SIGNS[step.state], f" {step.name}: ", line(step.detail), ". ", line(mend, "$text-muted"))


def _fill(rows: Rows, listed: Sequence[Board] | Sequence[Status], chosen: str, none: str) -> None:
    rows.put([Option(line(none), id=_NONE), *(Option(line(each.name or each.id), id=each.id) for each in listed)])
    ids = [each.id for each in listed]
    rows.highlighted = ids.index(chosen) + 1 if chosen in ids else 0


def _chosen(rows: Rows) -> str:
    return "" if rows.chosen in {None, _NONE} else str(rows.chosen)
