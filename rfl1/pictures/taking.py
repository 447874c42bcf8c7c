"""Taking a call by the keys of the queue and of the intake."""

import asyncio

from rfl1.pictures.seat import MOST_FIELDS, NoKey, Seat
from rfl1.pictures.sitting import Sitting
from rfl1.pictures.walking import escalation, show
from screens.fields import Line
from screens.intake import MATCH_SECONDS, IntakeScreen
from screens.messages import NewCall
from screens.rows import Rows
from screens.writing import Writing
from services.access import Actor
from services.intake.model import (
    AdHoc,
    BuildAnyway,
    Call,
    Decide,
    EscalateAtOnce,
    Outcome,
    OutOfScope,
    Suggest,
    TakeFlow,
    TakeProposal,
    Wish,
)


class IntakeByKeys:
    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting

    async def take(self, actor: Actor, call: Call, wish: Wish = Decide()) -> Outcome:  # noqa: B008  # frozen, empty
        seat = await self._sitting.seat(actor)
        try:
            return await _take(seat, call, wish)
        except NoKey as without:
            outcome = await self._sitting.services.intake.take(actor, call, wish)
            self._sitting.say(f"{without}; done without")
        if not isinstance(outcome, Suggest | OutOfScope):
            await show(seat, outcome.walk)
        return outcome


async def _take(seat: Seat, call: Call, wish: Wish) -> Outcome:
    screen = await _written(seat, call)
    match wish:
        case Decide():
            action = "intake.confirm"
        case BuildAnyway():
            action = "intake.build"
        case AdHoc():
            action = "intake.adhoc"
        case TakeFlow(slug=option_id):
            await seat.highlight(screen.query_one("#matches", Rows), option_id)
            action = "intake.start"
        case TakeProposal(proposal_id):
            await seat.highlight(screen.query_one("#matches", Rows), str(proposal_id))
            action = "intake.start"
        case EscalateAtOnce(category, reason, how):
            seat.picture()
            await seat.do("intake.escalate")
            await escalation(seat, category, reason, how)
            action = "form.confirm"
    outcome: Outcome = await seat.ask("intake.take", action)
    return outcome


async def _written(seat: Seat, call: Call) -> IntakeScreen:
    """The intake with this call in it, and what fits shown below."""
    screen = seat.app.screen
    if isinstance(screen, IntakeScreen) and _texts(screen.call) == _texts(call):
        return screen
    if call.psa_ticket is None:
        await seat.do("app.new_call")
    else:
        seat.app.post_message(NewCall(call))  # as the queue does where the ticket is in it
        await seat.settle()
    screen = seat.app.screen
    if not isinstance(screen, IntakeScreen):
        raise NoKey("no key leads to a new call")
    await seat.fill(screen.query_one("#problem", Writing), call.problem)
    await seat.fill(screen.query_one("#customer", Line), call.customer)
    await seat.fill(screen.query_one("#contact", Line), call.contact)
    rows = screen.query_one("#matches", Rows)
    for _ in range(MOST_FIELDS):
        if rows.options:
            break
        await asyncio.sleep(MATCH_SECONDS)
        await seat.settle()
    return screen


def _texts(call: Call) -> tuple[str, str, str]:
    return call.problem, call.customer, call.contact
