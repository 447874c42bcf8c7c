"""The terminal app: puts services and screens together, and knows the way from one screen to the next."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.screen import Screen
from textual.worker import Worker, WorkerState

import screens
from rfl1.behind import Behind
from rfl1.in_order import InOrder
from rfl1.leaving import Leaving
from screens.actions import Keys, bindings
from screens.drafts import Drafts
from screens.messages import AtTheDesk, Ended, GoOn, LookAtPsa, LookAtSent, NewCall, Reach, Read, WillBuild
from screens.notice import Unexpected
from screens.page import Desk, Page
from screens.queue import QueueScreen
from screens.themes import THEMES
from services.access import Act, Actor

if TYPE_CHECKING:
    from textual.command import Provider

    from rfl1.compose import Services
    from screens.engineering import Engineering
    from services.flows.authoring import Authoring
    from services.walks.glance import Opening


def _palette() -> "type[Provider]":
    from screens.palette import ActionsProvider

    return ActionsProvider


class Rfl1App(InOrder, Leaving, inherit_bindings=False):
    TITLE = "rfl1"
    BINDINGS = bindings("app")
    COMMANDS: ClassVar = {_palette}

    def __init__(self, services: "Services", actor: Actor, seen: "Opening | None" = None) -> None:
        """`seen` is what the app opens with; without it the first screen reads for itself."""
        self._takes_calls = actor.may(Act.TAKE_CALLS)
        styles = Path(screens.__file__).parent
        first = "queue" if self._takes_calls else "escalations"
        super().__init__([str(styles / "common.tcss"), str(styles / f"{first}.tcss")])
        self._services = services
        self._seen = seen
        self.drafts = Drafts()
        self._behind = Behind(self, services, actor, self.idle)
        keys = Keys(services.settings.remapped)
        live, engineering = lambda: services.live, self._engineering
        # One person's texts are not left in the way of another's. The name is short: people are told it in one line.
        sheets = services.settings.folders.data / "sheets" / actor.user_id.hex[:12]
        self._desk = Desk(actor, keys, self.drafts, services.clock, sheets, team=live, engineering=engineering)
        self.set_keymap(services.settings.remapped)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[services.settings["theme"]].name

    def _engineering(self) -> "Engineering":
        from rfl1.at_the_desk import engineering

        return engineering(self._services)

    @cached_property
    def _authoring(self) -> "Authoring":
        from rfl1.authoring import authoring

        return authoring(self._services)

    def get_default_screen(self) -> Screen[None]:
        """What the person is there for."""
        if self._takes_calls:
            return QueueScreen(self._desk, self._services, self._seen)
        return self._escalations()

    # From screen to screen. Each is made when it is first wanted.

    @on(NewCall)
    def _new_call(self, message: NewCall) -> None:
        from screens.intake import IntakeScreen

        services = self._services
        self._behind.expect_call()
        self._show(IntakeScreen(self._desk, services.intake, services.account_settings, message.about))

    @on(WillBuild)
    def _will_build(self) -> None:
        """What building takes is loaded while the caller talks; whoever only walks flows never loads it."""
        self.run_worker(self._services.before_building(), group="model", exit_on_error=False)

    @on(GoOn)
    def _go_on(self, message: GoOn) -> None:
        from screens.walk import WalkScreen

        services = self._services
        if message.walk.kind == "ai_build":
            self._will_build()
        settings, drafting = services.account_settings, services.drafting
        walks, away, records = services.walks, services.away, lambda: services.records
        self._lead(WalkScreen(self._desk, walks, settings, drafting, message.walk, away=away, records=records))
        if message.news and isinstance(self.screen, Page):
            self.screen.notice.say(message.news)

    @on(Read)
    def _read(self, message: Read) -> None:
        from screens.session import SessionScreen

        services = self._services
        page = SessionScreen(self._desk, services.walks, services.escalations, services.drafting, message.walk)
        (self._show if message.aside else self._lead)(page)

    @on(AtTheDesk)
    def _at_the_desk(self, message: AtTheDesk) -> None:
        from screens.case import CaseScreen

        self._show(CaseScreen(self._desk, self._engineering(), message.session_id))

    @on(LookAtSent)
    def _look_at_sent(self, message: LookAtSent) -> None:
        from screens.sent import SentScreen

        model = self._services.assistant
        sent = () if model is None else model.speaker.sent(message.walk.id)
        self._show(SentScreen(self._desk, sent))

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        from screens.ending import said

        walk = message.walk
        if not message.tried and walk.writebacks and walk.writebacks[-1].state == "waiting":
            self._reach(Reach(walk))
            return
        while isinstance(self.screen, Page) and self.screen.done_with(walk.id):
            self.pop_screen()
        if isinstance(self.screen, Page):
            self.screen.notice.say(said(walk, elsewhere=self.screen.call_id is not None))

    @on(Reach)
    def _reach(self, message: Reach) -> None:
        from screens.reaching import ReachingScreen

        walk, services = message.walk, self._services
        while isinstance(self.screen, Page) and self.screen.done_with(walk.id):
            self.pop_screen()
        self._show(ReachingScreen(self._desk, services.walks, services.outbox.journal, walk))

    def _escalations(self) -> Page[None]:
        from screens.escalations import EscalationsScreen

        services = self._services
        return EscalationsScreen(self._desk, services.walks, services.escalations, services.drafting)

    def _show(self, page: Page[None]) -> None:
        """On top. One that is there already comes back instead."""
        there = next((each for each in self.pages if (type(each), each.call_id) == (type(page), page.call_id)), None)
        if there is None:
            self.push_screen(page)
        else:
            self._back_to(there)

    def _lead(self, page: Page[None]) -> None:
        """In place of a screen that only led to this one."""
        if isinstance(self.screen, Page) and self.screen.PASSING:
            self.pop_screen()
        self._show(page)

    def _back_to(self, page: Screen[object]) -> None:
        while self.screen is not page and len(self.screen_stack) > 1:
            if isinstance(self.screen, Page):
                self.screen.flush()
            self.pop_screen()

    # Keys that are the same everywhere

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "new_call":
                return self._takes_calls
            case "queue":
                return self._takes_calls and len(self.screen_stack) > 1
            case "psa":
                return self._desk.actor.may(Act.ADMINISTER)
            case "proposals":
                return self._desk.actor.may(Act.REVIEW_FLOWS)
            case "escalations":
                return self._desk.actor.may(Act.WORK_ESCALATIONS)
        return True

    def action_queue(self) -> None:
        self._back_to(self.screen_stack[0])

    def action_new_call(self) -> None:
        self._new_call(NewCall())

    def action_escalations(self) -> None:
        self._show(self._escalations())

    def action_past(self) -> None:
        from screens.past import PastScreen

        self._show(PastScreen(self._desk, self._services.past, self._services.walks))

    def action_stats(self) -> None:
        from screens.stats import StatsScreen

        self._show(StatsScreen(self._desk, self._services.stats))

    def action_proposals(self) -> None:
        from rfl1.at_the_desk import reviewing
        from screens.proposals import ProposalsScreen

        self._show(ProposalsScreen(self._desk, reviewing(self._services)))

    def action_flows(self) -> None:
        from screens.flows import FlowsScreen

        self._show(FlowsScreen(self._desk, self._authoring))

    def action_psa(self) -> None:
        from rfl1.psa_setup import PsaSetup
        from screens.psa_setup import PsaSetupScreen

        self._show(PsaSetupScreen(self._desk, PsaSetup(self._services)))

    def action_help(self) -> None:
        from screens.available import available
        from screens.help import HelpScreen

        self._show(HelpScreen(self._desk, [each.action for each in available(self.screen)]))

    def action_copy_screen(self) -> None:
        from screens.copying import shown

        self.copy_to_clipboard(shown(self.screen))

    def copy_to_clipboard(self, text: str) -> None:
        from screens.copying import kept

        super().copy_to_clipboard(text)
        told = kept(text, self._services.settings.folders.data / "copied.txt")
        if isinstance(self.screen, Page):
            self.screen.notice.say(told)

    def action_help_quit(self) -> None:
        if isinstance(self.screen, Page):
            self.screen.notice.ask(f"{self._desk.keys.of('app.quit')} quits.")

    def on_mount(self) -> None:
        self.call_after_refresh(self._behind.begin, seen=self._seen is not None)

    @on(LookAtPsa)
    def _look_at_psa(self) -> None:
        self._behind.look_at_psa()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and isinstance(self.screen, Page):
            self.screen.tell(Unexpected(event.worker.error))
