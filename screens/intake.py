"""A call comes in: what the caller says, and under it what fits, while it is typed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from screens.actions import bindings
from screens.autosave import Debounce
from screens.drafts import Closing
from screens.fields import Line
from screens.matches import Matches, heading, leftover, told_before, unanswered, verdict, wish
from screens.messages import GoOn, Read, WillBuild
from screens.page import Desk, Page
from screens.text import clean, line
from screens.writing import Writing
from services.errors import Trouble
from services.flows.visible import blank
from services.intake.model import (
    PROBLEM_LIMIT,
    AdHoc,
    AdHocStarted,
    AlreadyBegun,
    BuildAnyway,
    Built,
    Call,
    Decide,
    EscalateAtOnce,
    EscalatedAtOnce,
    InHand,
    Matched,
    Matching,
    Outcome,
    OutOfScope,
    Suggest,
    Suggestion,
    Wish,
)
from services.walks.model import HandOver, Walk

if TYPE_CHECKING:
    from services.intake.service import Intake
    from services.team.settings import AccountSettings

MATCH_SECONDS = 0.12


class AboutCaller(Line):
    """Who calls. Enter is the screen's: it starts the call."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "submit" and super().check_action(action, parameters)


class IntakeScreen(Page[None]):
    CSS_PATH = "intake.tcss"
    BINDINGS = bindings("intake")
    AUTO_FOCUS = "#problem"
    PASSING = TYPING = True

    def __init__(self, desk: Desk, intake: "Intake", settings: "AccountSettings", about: Call | None) -> None:
        """`about`: a ticket from the queue that the call is about."""
        super().__init__(desk)
        self._intake = intake
        self._settings = settings
        self._about = about
        call = about or desk.drafts.call
        self._problem = Writing(call.problem, hint="In the caller's own words", id="problem")
        self._customer = AboutCaller(clean(call.customer), id="customer")
        self._contact = AboutCaller(clean(call.contact), id="contact")
        self._fits = Matches()
        self._verdict = Static(id="verdict")
        self._begun = call
        self._session_id = desk.drafts.session_id if about is None else uuid4()
        self._matched = self._again = ""
        self._suggested = self._taking = self._out_of_scope = False
        self._at_once = Closing()
        self._pause = Debounce(self, MATCH_SECONDS, self.reload)

    def content(self) -> Iterable[Widget]:
        self._problem.border_title = Content("What does the caller say?")
        yield self._problem
        customer, contact = Label(Content("Customer")), Label(Content("Contact"))
        yield Horizontal(customer, self._customer, contact, self._contact, id="caller")
        yield self._fits
        yield self._verdict

    def on_mount(self) -> None:
        self.title_bar.show(Content("New call"), self.badge)
        if self._about is None and self._begun != Call(problem=""):
            self.notice.ask(f"Kept from before; {self.desk.keys.of('intake.empty')} empties it for another caller.")

    @property
    def call(self) -> Call:
        return replace(
            self._about or Call(problem=""),
            problem=self._problem.text,
            customer=self._customer.value,
            contact=self._contact.value,
        )

    # The matches follow the typing

    def on_text_area_changed(self) -> None:
        self._typed()
        self._suggested = self._out_of_scope = False
        self._pause.touch()

    def on_input_changed(self) -> None:
        self._typed()
        self._pause.touch()

    def _typed(self) -> None:
        if self._about is None:
            self.desk.drafts.call = self.call
        over = len(self._problem.text) - PROBLEM_LIMIT
        if over > 0:
            self.notice.ask(
                f"{over:,} characters too many: {PROBLEM_LIMIT:,} is the most. The rest fits into the notes."
            )
        elif self.call != self._begun:
            self.notice.clear()

    def reload(self) -> None:
        text = self._problem.text
        if blank(text) or len(text) > PROBLEM_LIMIT:
            self._fits.empty()
            self.refresh_bindings()
            self._matched = ""
            self._say("What fits appears here while you type.")
        elif not self._suggested:
            if not self._matched:
                self._say("Looking up what fits.")
            self.load("match", self._match, self._show)

    async def _match(self) -> tuple[str, Matching]:
        text = self._problem.text
        customer, contact = self._customer.value, self._contact.value
        try:
            return text, await self._intake.match(self.desk.actor, text, customer=customer, contact=contact)
        except Trouble:
            self._unanswered()
            raise

    def _show(self, found: tuple[str, Matching]) -> None:
        if blank(self._problem.text):  # emptied meanwhile
            return
        self._matched, matching = found
        if self._suggested:  # asked for before the answer of `enter` came, which stands
            return
        self._again = told_before(matching.again)
        self._fits.border_title = heading(matching)
        self._offer(matching.candidates)
        if matching.outcome == "build":
            self.app.post_message(WillBuild())
        self._say(verdict(matching, self.desk.keys))

    def _unanswered(self) -> None:
        """Nothing from before stays, which was found for other words."""
        self._fits.empty()
        self.refresh_bindings()
        self._say(unanswered(self.desk.keys))

    def _offer(self, suggestions: Iterable[Suggestion]) -> None:
        self._fits.offer(suggestions)
        self.refresh_bindings()

    def _say(self, text: str) -> None:
        self._verdict.update(line(f"{self._again}{text}", "$text-muted"))

    # What is done

    def allows(self, action: str, parameters: tuple[object, ...]) -> bool:
        focused = self.focused
        if action == "matches":
            in_fields = focused is not self._fits and (focused is not self._problem or self._problem.at_last_line)
            return bool(self._fits.offered) and in_fields
        if action == "match":
            return len(self._fits.offered) >= int(str(parameters[0]))
        if action == "build":  # also before the matches are there: who knows that none will fit waits for none
            return not blank(self._problem.text)
        return True

    def action_matches(self) -> None:
        self._fits.highlighted = 0
        self.set_focus(self._fits)

    def action_start(self) -> None:
        """The highlighted match where the list has the focus; otherwise what fits."""
        chosen = self._fits.wish if self.focused is self._fits else None
        self._take(chosen or Decide())

    def action_match(self, number: int) -> None:
        self._take(wish(self._fits.offered[number - 1]))

    def on_option_list_option_selected(self) -> None:
        self.action_start()

    def action_build(self) -> None:
        self._take(BuildAnyway())

    def action_empty(self) -> None:
        self._problem.text = self._customer.value = self._contact.value = ""
        self._another()
        self.set_focus(self._problem)

    def action_adhoc(self) -> None:
        self._take(AdHoc())

    def action_escalate(self) -> None:
        from screens.escalate import EscalateScreen

        if blank(self._problem.text):
            self.notice.ask("Write first what the caller says; one sentence is enough.")
            return

        async def escalate(category: str, reason: str, how: HandOver | None) -> Walk:
            outcome = await self._begin(EscalateAtOnce(category, reason, how))
            assert isinstance(outcome, EscalatedAtOnce)  # noqa: S101  # what was wished for
            self._done()
            return outcome.walk

        category = "out_of_scope" if self._out_of_scope else None
        form = EscalateScreen(
            self.desk,
            self._settings,
            self._at_once,
            escalate,
            problem=self._problem.text,
            caller=self._contact.value + self._customer.value,
            category=category,
        )
        self.app.push_screen(form)

    def _take(self, wish: Wish) -> None:
        """One at a time: pressing enter twice starts one call."""
        if not self._taking:
            self._taking = True
            self.notice.ask("Starting")
            self.save("intake", self._taken(wish))

    async def _begin(self, wish: Wish) -> Outcome:
        """The same again where the answer was lost; where something else had begun then, another call next time."""
        try:
            return await self._intake.take(self.desk.actor, replace(self.call, session_id=self._session_id), wish)
        except AlreadyBegun:
            self._another()
            raise
        except InHand as taken:
            self.app.post_message(Read(taken.walk, aside=True))
            raise

    def _another(self) -> None:
        self._session_id = uuid4()
        if self._about is None:
            self.desk.drafts.session_id = self._session_id

    async def _taken(self, wish: Wish) -> None:
        try:
            outcome = await self._begin(wish)
        finally:
            self._taking = False
        self.notice.clear()
        match outcome:
            case Matched(walk) | Built(walk) | AdHocStarted(walk) | EscalatedAtOnce(walk):
                self._done()
                self.app.post_message(GoOn(walk, walk.warning or ""))
            case Suggest(suggestions):
                self._suggest(suggestions)
            case OutOfScope(_, near):
                self._suggest(near)
                self._out_of_scope = True
                self.notice.ask(leftover(self.desk.keys))

    def _suggest(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Nothing is started by itself: the technician chooses. What was listed for the same words stays listed."""
        self._suggested = True
        seen = self._fits.offered if self._matched == self._problem.text else ()
        self._offer((*suggestions, *seen))
        self._say("")
        start, build = self.desk.keys.of("intake.start"), self.desk.keys.of("intake.build")
        self.notice.ask(f"Choose one: its digit, or ↑ ↓ and {start}; {build} if none fits.")
        if suggestions:
            self.action_matches()

    def _done(self) -> None:
        if self._about is None:
            self.desk.drafts.next_call()
