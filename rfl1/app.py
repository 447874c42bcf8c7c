"""The terminal app: puts services and screens together, and knows the way from one screen to the next."""

import asyncio
import contextlib
import gc
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.screen import Screen
from textual.worker import Worker, WorkerState

import screens
from rfl1.idle import Idle
from rfl1.outbox_watch import OutboxWatch
from rfl1.psa_watch import PsaWatch
from screens.actions import Keys, bindings
from screens.drafts import Drafts
from screens.messages import (
    AtTheDesk,
    Ended,
    FieldIsThere,
    GoOn,
    LookAtPsa,
    LookAtSent,
    NewCall,
    Reach,
    Read,
    WillBuild,
)
from screens.notice import Unexpected
from screens.page import SAVES, Desk, Page
from screens.queue import QueueScreen
from screens.text import one_line
from screens.themes import THEMES
from services.access import Act, Actor
from services.errors import Trouble

if TYPE_CHECKING:
    from textual.command import Provider

    from rfl1.compose import Services
    from screens.engineering import Engineering
    from services.walks.glance import Opening
    from services.walks.writebacks import Writeback

LAST_SECONDS = 4
"""How long storing and leaving may take once the system has told the app to end."""


def _palette() -> "type[Provider]":
    from screens.palette import ActionsProvider

    return ActionsProvider


class Rfl1App(App[None], inherit_bindings=False):
    TITLE = "rfl1"
    BINDINGS = bindings("app")
    COMMANDS: ClassVar = {_palette}

    def __init__(self, services: "Services", actor: Actor, seen: "Opening | None" = None) -> None:
        """`seen` is what the app opens with; without it the first screen reads for itself."""
        self._takes_calls = actor.may(Act.TAKE_CALLS)
        styles = Path(screens.__file__).parent
        super().__init__(
            css_path=[styles / "common.tcss", styles / f"{'queue' if self._takes_calls else 'escalations'}.tcss"]
        )
        self._services = services
        self._seen = seen
        self._ahead = Idle()
        keys = Keys(services.settings.remapped)
        live, engineering = lambda: services.live, self._engineering
        self._desk = Desk(actor, keys, Drafts(), services.clock, team=live, engineering=engineering)
        self.set_keymap(services.settings.remapped)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[services.settings["theme"]].name
        self._psa: PsaWatch | None = None

    def _engineering(self) -> "Engineering":
        from rfl1.at_the_desk import engineering

        return engineering(self._services)

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
        self._lead(WalkScreen(self._desk, services.walks, settings, drafting, message.walk, away=services.away))
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
            self.screen.notice.say(said(walk))

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
        there = next((each for each in self._pages if (type(each), each.call_id) == (type(page), page.call_id)), None)
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

    @property
    def _pages(self) -> list[Page[object]]:
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    # Keys in their order, however fast they come

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self._ahead.key()
        page = self.screen_stack[-1] if self.screen_stack else None
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if not typed or not isinstance(page, Page):
            await super().on_event(event)
        elif page.too_early:
            page.early.append(event)
        else:
            await self._catch_up(FieldIsThere())
            await self._in_turn(event)

    @on(FieldIsThere)
    async def _catch_up(self, _message: FieldIsThere) -> None:
        page = self.screen_stack[-1]
        while isinstance(page, Page) and page.early and not page.too_early:
            await self._in_turn(page.early.pop(0))

    async def _in_turn(self, event: events.Event) -> None:
        if isinstance(self.screen, Page) and not (isinstance(event, events.Key) and event.is_printable):
            await self.screen.typed()
        await super().on_event(event)

    # Keys that are the same everywhere

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "new_call":
                return self._takes_calls
            case "queue":
                return self._takes_calls and len(self.screen_stack) > 1
            case "psa":
                return self._desk.actor.may(Act.ADMINISTER)
            case "escalations":
                return self._desk.actor.may(Act.WORK_ESCALATIONS)
        return True

    def action_queue(self) -> None:
        self._back_to(self.screen_stack[0])

    def action_new_call(self) -> None:
        self._new_call(NewCall())

    def action_escalations(self) -> None:
        self._show(self._escalations())

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

    # The end

    async def action_quit(self) -> None:
        self.run_worker(self._quit(), group="quit", exclusive=True, exit_on_error=False)

    async def _quit(self) -> None:
        await self._stored()
        lost = next((page.unsaved for page in self._pages if page.unsaved), None) or self._desk.drafts.unsent()
        if lost is None or await self._let_go(lost):
            for page in self._pages:
                page.left()
            await self._stored()
            self.exit()

    async def _let_go(self, lost: str) -> bool:
        """Whether the person agrees; who quits while being asked does."""
        from screens.confirm import ConfirmScreen

        return isinstance(self.screen, ConfirmScreen) or await self.push_screen_wait(ConfirmScreen(lost))

    async def _stored(self) -> None:
        """What was being typed, and every change under way, is in the store or has failed."""
        for page in self._pages:
            page.flush()
        saves = [worker for worker in self.workers if worker.group.startswith(SAVES) and not worker.is_finished]
        if saves:
            await self.workers.wait_for_complete(saves)

    def on_mount(self) -> None:
        self.call_after_refresh(self._drawn)
        if not self.is_headless:
            with contextlib.suppress(NotImplementedError):  # Windows has neither
                for ending in (signal.SIGTERM, signal.SIGHUP):
                    asyncio.get_running_loop().add_signal_handler(ending, self._told_to_end, ending)

    def _drawn(self) -> None:
        """The first frame is on the terminal."""
        self.run_worker(self._outbox().run(), group="outbox", exit_on_error=False)
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if self._takes_calls and (self._seen is not None or self._services.settings.psa_lists):
            self.run_worker(self._settle_in(), group="settle in", exit_on_error=False)
        self.run_worker(self._listen(), group="listen", exit_on_error=False)

    async def _listen(self) -> None:
        from screens.hearing import listen

        await asyncio.to_thread(self._services.load)
        await listen(self, self._services.live, self._desk.actor)

    def _outbox(self) -> OutboxWatch:
        def tell(tried: "Writeback") -> None:
            if tried.state == "failed":
                told = f"A {tried.kind} will not reach the PSA by itself: {tried.why}"
                self.notify(one_line(told), severity="error", markup=False)
            if tried.state != "waiting":
                self._read_queue()

        return OutboxWatch(self._services, self._desk.actor, tell)

    async def _settle_in(self) -> None:
        """Loads, behind what is seen already, what the first key will need, and looks again in earnest."""
        await asyncio.to_thread(self._services.load)
        gc.freeze()
        await self._store_what_was_kept()
        self._read_queue()
        self.run_worker(self._load_ahead(), group="ahead", exit_on_error=False)
        for trouble in self._services.troubles:
            self.notify(one_line(str(trouble)), severity="warning", markup=False)
        if self._services.settings.psa_lists:
            self._psa = PsaWatch(self._services, self._desk.actor, self._read_queue)
            self.run_worker(self._watch(self._psa), group="psa", exit_on_error=False)

    async def _load_ahead(self) -> None:
        await self._ahead.load()
        with contextlib.suppress(Trouble):  # the store is gone: whoever takes a call then is told
            await self._services.intake.settle(self._desk.actor)

    async def _watch(self, psa: PsaWatch) -> None:
        try:
            await psa.run()
        except Trouble as trouble:  # it is not wholly set up
            if isinstance(first := self.screen_stack[0], Page):
                first.tell(trouble)

    def _read_queue(self) -> None:
        first = self.screen_stack[0]
        if isinstance(first, Page) and first.in_front:  # any other reads when it comes back
            first.reload()

    @on(LookAtPsa)
    def _look_at_psa(self) -> None:
        if self._psa is not None:
            self._psa.look_now()

    async def _store_what_was_kept(self) -> None:
        """What an earlier run of the app could not store any more."""
        if (away := self._services.away) is not None:
            from screens.away import leftovers

            if told := await leftovers(away, self._desk.actor):
                self.notify(told, markup=False)

    def _told_to_end(self, ending: signal.Signals) -> None:
        """By the system, or because the terminal is gone, which can hold up the ordinary end for ever."""
        at_last = threading.Timer(LAST_SECONDS, os._exit, (128 + ending,))
        at_last.daemon = True
        at_last.start()

        async def end() -> None:
            await self._stored()
            self.exit(return_code=128 + ending)

        self.run_worker(end(), group="quit", exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and isinstance(self.screen, Page):
            self.screen.tell(Unexpected(event.worker.error))
